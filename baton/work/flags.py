"""Flags: somebody says that a value is wrong, in one click. Who answers for it owes an answer, by a clock.

A flag is a question about one fact. A new value of its field answers it; the answer comes back to who flagged it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import Batch, record
from baton.map.current import current_map, map_version_numbered
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.looking import deal_shown_to
from baton.work.models import Question
from baton.work.questions import said_question
from baton.work.seats import lead_of
from baton.work.wording import value_text

CALLER = "work.duties"
TOLD_FOR = timedelta(days=7)
NOT_VALUES = {"quiet", "stale", "promise", "asked", "side_channel", "numbers"}


def flag(deal: Deal, field: str, *, by: Member, at: datetime, words: str = "", channel: str = "screen") -> Question:
    """Say that the current value of a field is wrong; `words` say what is so (“this closed yesterday”).

    Whoever sees the deal may, read-only members too. The same member’s open flag on the same value is returned as it
    is. Raises `Refusal` where there is no value, and for who answers for it themselves.
    """
    seen = deal_shown_to(by, deal.pk)
    kept = seen.values.get(field) or {}
    if not kept.get("f") or field in NOT_VALUES:
        raise Refusal(_("Nobody has said it yet, so there is nothing to be wrong. Ask for it instead."))
    fact = Fact.objects.of_seen(by, {"deal": [seen.pk]}).get(pk=kept["f"])
    with writing():
        there = open_flags(seen, by).filter(flagged=fact.pk, asked_by=by).first()
        if there:
            return there
        return _ask(seen, fact, by, words, at, channel)


def _ask(deal: Deal, fact: Fact, by: Member, words: str, at: datetime, channel: str) -> Question:
    answering = answers_for(deal, fact, besides=by)
    if answering is None:
        raise Refusal(_("You answer for this value yourself: correct it."))
    text = _sentence(deal, fact, by, words)
    entries = said_question(deal.pk, text, of=answering, by=by, about_field=fact.field)
    entries.insert(0, Entry("question", entries[0].record_id, "flagged", str(fact.pk)))
    return record(entries, by=Author(by, channel), at=at).row("question", entries[0].record_id)


def answers_for(deal: Deal, fact: Fact, *, besides: Member) -> Member | None:
    """Return who answers for a value: who said it, the deal’s owner, who leads its desk, at last the map’s owner.

    `besides` is who asks; None where it is they themselves.
    """
    operating_map = current_map()
    if fact.said_by_id == besides.pk:
        return None
    chain = [fact.said_by_id, deal.owner_id]
    active = {one.pk: one for one in Member.objects.filter(pk__in=[pk for pk in chain if pk], is_active=True)}
    named = [active[pk] for pk in chain if pk in active]
    others = [lead_of(deal.desk, operating_map), Member.objects.filter(email__iexact=operating_map.owner).first()]
    return next((one for one in [*named, *others] if one and one.is_active and one.may_write and one != besides), None)


def _sentence(deal: Deal, fact: Fact, by: Member, words: str) -> str:
    name, value = _named(deal, fact, current_map())
    told = {"field": name, "value": value, "words": words.strip()[:400]}
    if words.strip():
        return _("%(field)s, %(value)s, is wrong: %(words)s") % told
    return _("%(field)s, %(value)s, is wrong. What is it?") % told


def _named(deal: Deal, fact: Fact, operating_map: OperatingMap) -> tuple[str, str]:
    known = operating_map.field(fact.field)
    name = str(known.name) if known else fact.field.replace("_", " ").capitalize()
    if fact.field == "stage":
        stage = operating_map.stage_by_id(str(fact.value))
        return name, stage.name if stage else str(fact.value)
    if known and known.type in {"member", "contact", "company"} and isinstance(fact.value, str):
        return name, _("as it stands")
    return name, value_text(fact.value, known.type if known else "text", deal.currency)


def open_flags(deal: Deal, member: Member) -> QuerySet[Question]:
    """Return the flags on a deal that nobody has answered, as far as the member sees the deal."""
    rows = Question.objects.visible_to(member).filter(deal=deal.pk, flagged__isnull=False, answered_at__isnull=True)
    return rows.order_by("id")


def follow(batch: Batch) -> None:
    """Answer the flags on a value that was said anew. A reducer."""
    _refuse_other_questions(batch)
    said = {
        (fact.record_id, fact.field): fact
        for fact in batch.current
        if fact.record_kind == "deal" and fact.field not in NOT_VALUES
    }
    if not said:
        return
    deals = {deal for deal, _field in said}
    rows = Question.objects.unscoped(CALLER).filter(deal__in=deals, flagged__isnull=False, answered_at__isnull=True)
    open_ones = [(row, said[row.deal_id, row.about_field]) for row in rows if (row.deal_id, row.about_field) in said]
    entries = [_answered(row, fact, batch) for row, fact in open_ones if fact.pk != row.flagged]
    if entries:
        record(entries, by=batch.by, at=batch.at)


def _refuse_other_questions(batch: Batch) -> None:
    """A read-only member may call a value wrong, and ask nothing else."""
    if batch.by.member is None or batch.by.member.may_write:
        return
    asked = {fact.record_id for fact in batch.current if fact.record_kind == "question"}
    if any(batch.row("question", pk).flagged is None for pk in asked):
        raise Refusal(_("Your role is read only, so nothing was changed."))


def _answered(row: Question, fact: Fact, batch: Batch) -> Entry:
    _name, value = _named(batch.row("deal", row.deal_id), fact, map_version_numbered(batch.map_version))
    by = str(batch.by.member.pk) if batch.by.member else None
    told = {"text": _("It is %(value)s now.") % {"value": value}, "by": by, "at": stamp(batch.at)}
    return Entry("question", row.pk, "answer", told)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that came back: to which question, what it says, whose it is, on which deal."""

    question: str
    answer: str
    by: str
    deal_id: UUID
    deal: str
    at: datetime


def told_lately(member: Member, at: datetime, limit: int = 5) -> list[Told]:
    """Return what this member asked or flagged and was answered in the last week, newest first."""
    rows = Question.objects.visible_to(member).filter(asked_by=member, answered_at__gte=at - TOLD_FOR)
    found = list(rows.exclude(answered_by=member).order_by("-answered_at")[:limit])
    names = dict(Member.objects.filter(pk__in={row.answered_by_id for row in found}).values_list("pk", "name"))
    titles = dict(
        Deal.objects.visible_to(member).filter(pk__in={row.deal_id for row in found}).values_list("pk", "title")
    )
    return [
        Told(
            row.text,
            row.answer,
            names.get(row.answered_by_id, ""),
            row.deal_id,
            titles.get(row.deal_id, ""),
            row.answered_at,
        )
        for row in found
    ]
