"""Moving a deal from stage to stage. The work wins: a move always saves.

With evidence the stage is *shown*; without, it is only *said*, whoever says it and through whatever channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal, Verdict
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.ledger.showing import may_show
from baton.map.current import current_map
from baton.map.elements import Stage
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.exceptions import WITHOUT_EVIDENCE, said_exception
from baton.work.looking import deal_seen_by
from baton.work.models import Handoff, Question
from baton.work.questions import said_question
from baton.work.seats import lead_of

CALLER = "work.handoffs"
NOTHING_PICKED = Verdict.allow()
ENDED = {"lost", "done"}


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. `shown` says whether evidence proves the stage; `not_shown_because` why what was picked doesn't.

    `to_hand_over` is the id of the handoff that still has to be offered, because the stage is another desk's.
    `handoff` is the one that was made at once, `opened` the linked deal that the stage opens.
    """

    deal: Deal
    shown: bool
    not_shown_because: str = ""
    to_hand_over: str = ""
    handoff: Handoff | None = None
    opened: Deal | None = None


def move(
    deal: Deal,
    to_stage: str,
    *,
    by: Member,
    at: datetime,
    evidence: UUID | None = None,
    because: str = "",
    expected: int | None = None,
    channel: str = "screen",
) -> Moved:
    """Move a deal. Refuses only an unknown stage, a missing permission and a conflicting edit.

    `evidence` is an interaction that the member says shows it; what can't show it is not counted, and the
    answer says why. `because` excuses a stage without evidence: it becomes an exception on the deal.
    """
    operating_map = current_map()
    stage = _stage(to_stage, operating_map)
    seen = deal_seen_by(by, deal.pk)
    with writing():
        proof, verdict = _proof(seen, stage, evidence, by)
        entries = [*_entries(seen, stage, operating_map, at), *proof, *_answer_asked(seen, stage, proof, by, at)]
        linked = _linked(seen, stage, operating_map)
        if because.strip() and not proof and stage.id not in seen.evidence:
            entries += _excuse(seen, stage, because, by)
        versions = {} if expected is None else {deal.pk: expected}
        batch = record([*entries, *linked], by=Author(by, channel), at=at, expected=versions)
        moved = batch.row("deal", deal.pk)
        opened = batch.row("deal", linked[0].record_id) if linked else None
        wanted, handoff = pass_on(moved, stage, operating_map, by, at, channel)
    if handoff:
        moved = deal_seen_by(by, deal.pk)
    return Moved(moved, moved.shown, verdict.because, wanted, handoff, opened)


def _stage(key: str, operating_map: OperatingMap) -> Stage:
    stage = operating_map.stage_by_id(key)
    if stage is None:
        raise Refusal(_("The map has no stage “%(stage)s”.") % {"stage": key})
    return stage


def _entries(deal: Deal, stage: Stage, operating_map: OperatingMap, at: datetime) -> list[Entry]:
    entries = said("deal", deal.pk, stage=stage.id)
    status = status_at(stage, operating_map)
    if status != deal.status:
        entries += said("deal", deal.pk, status=status)
        entries += _step_again(deal, at) if status == "open" or deal.status in ENDED else []
    return entries


def moving(deal: Deal, stage: Stage, operating_map: OperatingMap, at: datetime) -> list[Entry]:
    """Return the entries of a move, for verbs that record it with something else: the linked deal's are among them."""
    return [*_entries(deal, stage, operating_map, at), *_linked(deal, stage, operating_map)]


def status_at(stage: Stage, operating_map: OperatingMap) -> str:
    """Return whether a deal at this stage is open, won or lost: a stage after the one that wins is won as well."""
    if stage.closes:
        return stage.closes
    won = any(earlier.closes == "won" for earlier in operating_map.stages_until(stage.id))
    return "won" if won else "open"


def _step_again(deal: Deal, at: datetime) -> list[Entry]:
    """A deal that is opened again keeps the next step that it had."""
    kept = deal.value("next_step")
    if not kept:
        return []
    again = {name: value for name, value in kept.items() if name != "after"}
    return [Entry("deal", deal.pk, "next_step", again, happened_at=at + timedelta(microseconds=1))]


# Evidence


def _proof(deal: Deal, stage: Stage, evidence: UUID | None, by: Member) -> tuple[list[Entry], Verdict]:
    if evidence is None:
        return [], NOTHING_PICKED
    picked = Interaction.objects.visible_to(by).filter(pk=evidence, readable=True).first()
    if picked is None:
        return [], Verdict.refuse(_("You can’t read that message, so it shows nothing."))
    if picked.deal_id != deal.pk:
        return [], Verdict.refuse(_("That message isn’t filed on this deal. File it here first."))
    return _shows(picked, stage)


def _shows(picked: Interaction, stage: Stage) -> tuple[list[Entry], Verdict]:
    refused = NOTHING_PICKED
    for pattern in stage.entered_by.each:
        verdict = may_show(picked, pattern.kind)
        if verdict.answer == "allow":
            value = {"kind": pattern.kind, "detail": pattern.detail}
            return [Entry("interaction", picked.pk, "shows", value)], verdict
        refused = verdict
    return [], refused


def evidence_for(deal: Deal, to_stage: str, *, by: Member, limit: int = 20) -> list[Interaction]:
    """Return the interactions on the deal that could show this stage, newest first, for the member to pick from."""
    stage = _stage(to_stage, current_map())
    rows = Interaction.objects.visible_to(by).filter(deal=deal.pk, readable=True, automatic="")
    return [row for row in rows.order_by("-happened_at", "-id")[:200] if _shows(row, stage)[0]][:limit]


def show(deal: Deal, stage: str, *, evidence: UUID, by: Member, at: datetime, channel: str = "screen") -> Deal:
    """Say what shows a stage that was only said. Refuses what can't show it."""
    seen = deal_seen_by(by, deal.pk)
    known = _stage(stage, current_map())
    proof, verdict = _proof(seen, known, evidence, by)
    if not proof:
        raise Refusal(verdict.because)
    entries = [*proof, *_answer_asked(seen, known, proof, by, at)]
    record(entries, by=Author(by, channel), at=at)
    return deal_seen_by(by, deal.pk)


def ask_for_evidence(deal: Deal, *, by: Member, at: datetime, channel: str = "screen") -> Question | None:
    """Ask the deal's owner what shows its stage: once, when somebody is about to rely on it.

    None where it is shown, was asked before, or the one who asks is the one who would answer.
    """
    operating_map = current_map()
    stage = operating_map.stage_by_id(deal.stage)
    owner = Member.objects.filter(pk=deal.owner_id, is_active=True).first() or lead_of(deal.desk, operating_map)
    if stage is None or deal.shown or owner is None or owner == by:
        return None
    with writing():
        return ask_once(deal, stage, owner, by, at, channel)


def ask_once(deal: Deal, stage: Stage, owner: Member, by: Member, at: datetime, channel: str) -> Question | None:
    """Ask a member what shows a stage of a deal, unless somebody asked before."""
    entries = asking(deal, stage, owner, by)
    if not entries:
        return None
    return record(entries, by=Author(by, channel), at=at).row("question", entries[0].record_id)


def asking(deal: Deal, stage: Stage, owner: Member, by: Member) -> list[Entry]:
    """Return the entries of that question, for verbs that ask it with something else; none where it was asked."""
    key = _asked_id(deal, stage)
    if Question.objects.unscoped(CALLER).filter(pk=key).exists():
        return []
    text = _("What shows that %(deal)s is “%(stage)s”? %(needs)s would.") % {
        "deal": deal.title,
        "stage": stage.name,
        "needs": stage.entered_by.label.capitalize(),
    }
    return said_question(deal.pk, text, of=owner, by=by, about_field=f"stage:{stage.id}"[:60], key=key)


def _asked_id(deal: Deal, stage: Stage) -> UUID:
    return derived("evidence asked", deal.pk, stage.id)


def _answer_asked(deal: Deal, stage: Stage, proof: list[Entry], by: Member, at: datetime) -> list[Entry]:
    """Evidence answers the question that asked for it."""
    asked = Question.objects.unscoped(CALLER).filter(pk=_asked_id(deal, stage), answered_at__isnull=True)
    if not proof or not asked.exists():
        return []
    answer = {"text": _("The evidence was found."), "by": str(by.pk), "at": stamp(at)}
    return [Entry("question", _asked_id(deal, stage), "answer", answer)]


def _excuse(deal: Deal, stage: Stage, because: str, by: Member) -> list[Entry]:
    what = _("“%(stage)s” without evidence") % {"stage": stage.name}
    return said_exception(deal.pk, what, category=WITHOUT_EVIDENCE, by=by, reason=because, about=f"stage:{stage.id}")


# Linked deals, and the border between desks


def _linked(deal: Deal, stage: Stage, operating_map: OperatingMap) -> list[Entry]:
    """A renewal or an expansion opens a deal of its own, once, at the desk that the stage names."""
    key = derived("opened by stage", deal.pk, stage.id)
    if not stage.opens or Deal.objects.unscoped(CALLER).filter(pk=key).exists():
        return []
    first, *_rest = operating_map.stages_of(stage.opens) or [operating_map.first_stage]
    lead = lead_of(stage.opens, operating_map)
    values: dict[str, Any] = {
        "title": f"{deal.title}: {stage.name.lower()}"[:300],
        "stage": first.id,
        "desk": stage.opens,
        "owner": str(lead.pk) if lead else None,
        "contact": str(deal.contact_id) if deal.contact_id else None,
        "company": str(deal.company_id) if deal.company_id else None,
        "service": deal.service,
        "opened_from": str(deal.pk),
    }
    return said("deal", key, **{name: value for name, value in values.items() if value})


def pass_on(
    deal: Deal, stage: Stage, operating_map: OperatingMap, by: Member, at: datetime, channel: str
) -> tuple[str, Handoff | None]:
    """A stage of another desk passes nothing on: the handoff does. Whoever sits at both desks hands over at once.

    Return the id of the handoff that still has to be offered, and the one that was made.
    """
    from baton.work import handoffs

    wanted = handoffs.between(deal.desk, stage.desk, operating_map) if stage.desk != deal.desk else None
    if wanted is None or deal.offered_to or deal.status == "lost":
        return "", None
    if not handoffs.is_to_self(by, wanted, operating_map):
        return wanted.id, None
    return "", handoffs.offer(deal, to=wanted.id, by=by, at=at + timedelta(microseconds=1), channel=channel)


# How a deal ends, and begins again


def lose(
    deal: Deal, *, because: str, by: Member, at: datetime, expected: int | None = None, channel: str = "screen"
) -> Deal:
    """End a deal that won’t be won, with the reason; what was offered to another desk is withdrawn."""
    return _end(deal, lost_because(because), by, at, expected, channel)


def lost_because(because: str) -> dict[str, Any]:
    """Return what is said of a deal that is lost, for verbs that record it with something else."""
    if not because.strip():
        raise Refusal(_("Say why it was lost. The map is changed by what such reasons add up to."))
    return {"status": "lost", "lost_reason": because.strip()}


def finish(deal: Deal, *, by: Member, at: datetime, expected: int | None = None, channel: str = "screen") -> Deal:
    """End a deal whose work is done and paid."""
    return _end(deal, {"status": "done"}, by, at, expected, channel)


def _end(deal: Deal, values: dict[str, Any], by: Member, at: datetime, expected: int | None, channel: str) -> Deal:
    seen = deal_seen_by(by, deal.pk)
    with writing():
        entries = said("deal", deal.pk, **values) + taken_back(seen)
        versions = {} if expected is None else {deal.pk: expected}
        return record(entries, by=Author(by, channel), at=at, expected=versions).row("deal", deal.pk)


def taken_back(deal: Deal) -> list[Entry]:
    """Return the entries that take back what was offered to another desk, where a deal ends."""
    waiting = Handoff.objects.unscoped(CALLER).filter(deal=deal.pk).waiting().values_list("pk", flat=True)
    back = said("deal", deal.pk, offered_to="") if deal.offered_to else []
    return back + [entry for key in waiting for entry in said("handoff", key, state="withdrawn")]


def reopen(deal: Deal, *, by: Member, at: datetime, expected: int | None = None, channel: str = "screen") -> Deal:
    """Take a deal up again that was lost or finished; it stands where it stood, with the next step it had."""
    seen = deal_seen_by(by, deal.pk)
    operating_map = current_map()
    status = status_at(_stage(seen.stage, operating_map), operating_map)
    status = "open" if status == "lost" else status
    if seen.status == status:
        raise Refusal(_("This deal hasn’t ended."))
    entries = said("deal", deal.pk, status=status, lost_reason="") + _step_again(seen, at)
    versions = {} if expected is None else {deal.pk: expected}
    return record(entries, by=Author(by, channel), at=at, expected=versions).row("deal", deal.pk)
