"""What is decided in a review becomes facts, next steps, promises and owners on the deal, with the review as source.

Each decision is one interaction on the deal (channel `review`, its thread the review), which says in its parts which
facts were decided on; what follows from it is recorded with it, in one `record()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.review.models import Review
from baton.decide.review.reviews import present_at, refuse_stranger, talked_about
from baton.kernel.money import Money
from baton.kernel.verdict import Refusal
from baton.kernel.words import day, due, money
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry, NewInteraction, said
from baton.ledger.models import Deal
from baton.ledger.recording import Batch, record
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.looking import deal_seen_by
from baton.work.moves import asking, lost_because, moving, pass_on, taken_back
from baton.work.next_steps import step
from baton.work.notes import written
from baton.work.promises import said_promise
from baton.work.questions import said_question
from baton.work.seats import lead_of
from baton.work.uses import facts_read, using

CHANNEL = "review"


@dataclass(frozen=True, slots=True)
class Deed:
    """One decision about a deal: in words, as the minutes tell it, and what is recorded of it."""

    text: str
    entries: list[Entry] = field(default_factory=list)


# What can be decided


def next_step(deal: Deal, what: str, *, owed_by: Member, at: datetime, by_when: datetime | None = None) -> Deed:
    """Say what is done next, by whom and by when."""
    entry = Entry("deal", deal.pk, "next_step", step(what, by_when, owed_by))
    told = {"what": what.strip(), "who": owed_by.short_name, "when": due(by_when, at) if by_when else _("today")}
    return Deed(_("Next: %(what)s (%(who)s, %(when)s)") % told, [entry])


def figures(deal: Deal, *, amount: Money | None = None, close_date: date | None = None) -> Deed:
    """Correct the amount, the close date, or both. Raises `Refusal` where neither is new."""
    entries, told = [], []
    if amount and amount != deal.worth:
        entries += said("deal", deal.pk, amount={"minor": amount.minor, "currency": amount.currency})
        told.append(_("worth %(amount)s") % {"amount": money(amount.minor, amount.currency)})
    if close_date and close_date != deal.close_date:
        entries += said("deal", deal.pk, close_date=close_date.isoformat())
        told.append(_("closes %(day)s") % {"day": day(close_date)})
    if not entries:
        raise Refusal(_("Both are as they were. Change one of them, or say that there is nothing to decide."))
    for entry in entries:
        kept = deal.values.get(entry.field) or {}
        entry.replaces = UUID(kept["f"]) if kept.get("f") else None
    return Deed(_first_up(", ".join(told)), entries)


def give_to(deal: Deal, owner: Member) -> Deed:
    """Give the deal to another owner."""
    if owner.pk == deal.owner_id:
        raise Refusal(_("%(name)s has it already.") % {"name": owner.short_name})
    return Deed(_("Goes to %(name)s") % {"name": owner.name}, said("deal", deal.pk, owner=str(owner.pk)))


def promise(deal: Deal, what: str, *, by: Member, promised_by: Member, at: datetime, by_when: datetime | None) -> Deed:
    """Promise the customer something, by somebody, by a time."""
    entries = said_promise(deal, what, by=by, promised_by=promised_by, due_at=by_when)
    told = {"what": what.strip(), "who": promised_by.short_name, "when": due(by_when, at) if by_when else _("today")}
    return Deed(_("Promised: %(what)s (%(who)s, %(when)s)") % told, entries)


def ask(deal: Deal, text: str, *, of: Member, by: Member) -> Deed:
    """Ask somebody something about the deal; it becomes their duty."""
    told = {"name": of.short_name, "text": text.strip()}
    return Deed(_("%(name)s is asked: %(text)s") % told, said_question(deal.pk, text, of=of, by=by))


def ask_for_evidence(deal: Deal, *, by: Member) -> Deed:
    """Ask the deal’s owner what shows its stage. Raises `Refusal` where it is shown, or nobody would answer."""
    operating_map = current_map()
    stage = operating_map.stage_by_id(deal.stage)
    owner = Member.objects.filter(pk=deal.owner_id, is_active=True).first() or lead_of(deal.desk, operating_map)
    if stage is None or owner is None or deal.shown:
        raise Refusal(_("There is nothing to ask for: the stage is shown, or nobody has the deal."))
    told = {"name": owner.short_name, "stage": stage.name}
    return Deed(_("%(name)s shows what proves %(stage)s") % told, asking(deal, stage, owner, by))


def stage(deal: Deal, to: str, *, at: datetime) -> Deed:
    """Move the deal to another stage: said, until something shows it. Back, most often.

    What the stage opens (a renewal: a linked deal) is opened as by any other move.
    """
    operating_map = current_map()
    known = operating_map.stage_by_id(to)
    if known is None or known.id == deal.stage:
        raise Refusal(_("Pick the stage where it really stands."))
    entries = moving(deal, known, operating_map, at)
    back = operating_map.is_before(known.id, deal.stage) if deal.stage in operating_map.stages else False
    sentence = _("Back to %(stage)s") if back else _("Moved to %(stage)s")
    return Deed(sentence % {"stage": known.name}, entries)


def lose(deal: Deal, because: str) -> Deed:
    """End the deal, with the reason."""
    entries = said("deal", deal.pk, **lost_because(because)) + taken_back(deal)
    return Deed(_("Lost: %(why)s") % {"why": because.strip()}, entries)


# Writing it


def decide(
    review: Review, deal: Deal, deed: Deed, *, by: Member, at: datetime, decided_by: Member | None = None
) -> Batch:
    """Write a decision on its deal. `decided_by` is who decided, `by` whose keyboard it is. Raises `Refusal`."""
    seen = deal_in(review, deal.pk, by)
    new = as_interaction(review, seen, deed.text, by=by, at=at, decided_by=decided_by)
    for entry in deed.entries:
        entry.interaction_id = new.id
    promised = [entry for entry in deed.entries if (entry.kind, entry.field) == ("promise", "made_in")]
    for entry in promised:
        entry.value = str(new.id)
    with writing():
        batch = record(deed.entries, interactions=[new], by=Author(by, CHANNEL), at=at)
        talked_about(review, seen.pk, at=at, decided=1)
    return batch


def opened_by(batch: Batch, deal: Deal) -> Deal | None:
    """Return the linked deal that a decision opened beside the one that it was about, None where it opened none."""
    others = {fact.record_id for fact in batch.current if fact.record_kind == "deal"} - {deal.pk}
    return batch.row("deal", others.pop()) if others else None


def hand_on(deal: UUID, *, by: Member, at: datetime) -> str:
    """After its stage was decided: return the id of the handoff that is due by that, empty where none is.

    Whoever sits at both desks hands over at once, as with any other move.
    """
    moved, operating_map = deal_seen_by(by, deal), current_map()
    stage = operating_map.stage_by_id(moved.stage)
    return pass_on(moved, stage, operating_map, by, at, CHANNEL)[0] if stage else ""


def nothing_to_decide(review: Review, deal: Deal, *, by: Member, at: datetime) -> None:
    """Note that the deal was talked about and nothing was decided. Looking is not using."""
    talked_about(review, deal_in(review, deal.pk, by).pk, at=at)


def deal_in(review: Review, deal: UUID, by: Member) -> Deal:
    """Return a deal for a decision about it. Raises `Refusal` for who may not, and when the review is over."""
    refuse_stranger(review, by)
    if review.ended_at:
        raise Refusal(_("This review has ended. What is decided now belongs to the next one, or on the deal itself."))
    return deal_seen_by(by, deal)


def as_interaction(
    review: Review, deal: Deal, text: str, *, by: Member, at: datetime, decided_by: Member | None = None
) -> NewInteraction:
    """Return the decision as it stands on the deal, in the review's thread, with the facts that it rests on."""
    new = written(deal, "note", text, by=by, at=at, channel=CHANNEL)
    new.thread = review.pk
    new.parts = parts_of(review, deal, decided_by or by)
    return new


def parts_of(review: Review, deal: Deal, decided_by: Member) -> dict[str, Any]:
    """Return what a decision keeps of itself: for which decision of the map, who took it, and on which facts."""
    decision = current_map().decisions.get(review.decision)
    called, reads = (decision.name, decision.reads) if decision else (review.decision, ())
    used = using(CHANNEL, called, facts_read(deal, reads), decided_by)
    return used | {"decision": review.decision, "decided_by": str(decided_by.pk)}


def who_decided(review: Review, wanted: str, by: Member) -> Member:
    """Return who of those present decided, who writes where none is named."""
    return next((one for one in present_at(review) if str(one.pk) == wanted), by)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
