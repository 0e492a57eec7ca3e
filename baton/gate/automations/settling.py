"""What people do about runs: say that a fact is right, leave a run, undo what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.models import Outgoing
from baton.gate.automations.ahead import BELL, CALLER
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.refusing import settled
from baton.kernel.claims import ring
from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member
from baton.work import handoffs
from baton.work.handoffs import confirmation
from baton.work.looking import deal_seen_by
from baton.work.models import Handoff, Question

VOUCHED = {"sender", "twins", "unshown", "source", "whom", "stale"}
"""Gaps for which a person may stand in on one run, where they can't be closed by saying the value anew."""


def confirm(run: AutomationRun, *, by: Member, at: datetime) -> AutomationRun:
    """Say that the fact which fell short is right: it is confirmed anew, and the run goes on, once."""
    with writing():
        row = _refused(run, by)
        said = _said_anew(row, by)
        if not said and row.gap not in VOUCHED:
            raise Refusal(_("Nobody has said it yet, so there is nothing to confirm: fill it in on the deal."))
        if said:
            record(said, by=Author(by), at=at)
        _vouch(row, by, at)
    return row


def _vouch(row: AutomationRun, by: Member, at: datetime) -> None:
    """The member stands in for what saying a value doesn't settle: who wrote, who is who, what a stage shows."""
    row = _locked(row)
    row.vouched = [*row.vouched, row.field] if row.gap in VOUCHED else row.vouched
    row.state, row.due_at = AutomationRun.State.WAITING, at
    row.save(update_fields=["vouched", "state", "due_at"])
    settled(row, at)
    ring(BELL)


def _said_anew(row: AutomationRun, by: Member) -> list[Entry]:
    """Return the entries that confirm the value as it stands, or the newest suggestion where nothing stands yet."""
    field = current_map().field(row.field)
    if field is None or field.on != "deal" or row.field in {"stage", "contact", "company", "owner", "desk"}:
        return []
    deal = deal_seen_by(by, row.deal_id)
    kept = deal.values.get(row.field, {})
    waiting = list(Fact.objects.of_seen(by, {"deal": [deal.pk]}).filter(pk__in=kept.get("s", [])).order_by("pk"))
    if kept.get("v") in (None, "", [], {}):
        return [confirmation(waiting[-1])] if waiting else []
    dismissed = [Entry("deal", deal.pk, row.field, one.value, status="dismissed", settles=one.pk) for one in waiting]
    return [*dismissed, Entry("deal", deal.pk, row.field, kept["v"])]


def leave(run: AutomationRun, *, by: Member, at: datetime) -> AutomationRun:
    """Have nothing done on this one: a person does it, or it needs no doing."""
    with writing():
        row = _refused(run, by)
        row.state, row.settled_at, row.due_at = AutomationRun.State.LEFT, at, None
        row.because = _("%(name)s left it.") % {"name": by.name}
        row.save(update_fields=["state", "settled_at", "due_at", "because"])
        settled(row, at)
    return row


def _refused(run: AutomationRun, by: Member) -> AutomationRun:
    deal_seen_by(by, run.deal_id)
    row = _locked(run)
    if row.state != AutomationRun.State.REFUSED:
        raise Refusal(_("This is settled already."))
    return row


def _locked(run: AutomationRun) -> AutomationRun:
    """Read a run as it stands, and hold it: of two people who settle it at the same moment, the second is told so.

    Its deal is held first, as whatever is recorded on that does: two who wait for each other would both be turned away.
    """
    Deal.objects.unscoped(CALLER).select_for_update().get(pk=run.deal_id)
    return AutomationRun.objects.unscoped(CALLER).select_for_update().get(pk=run.pk)


def sent(one: Mapping[str, Any]) -> str:
    """Return what became of a message that a run put on its way, in a word; nothing for another deed."""
    row = Outgoing.objects.unscoped(CALLER).filter(pk=one.get("outgoing")).first() if one.get("outgoing") else None
    return str(row.get_state_display()) if row else ""


# Undoing


def undo(run: AutomationRun, *, by: Member, at: datetime) -> list[str]:
    """Undo what a run did, as far as it can be; return a sentence for each thing that can't."""
    with writing():
        row = _locked(run)
        if row.state != AutomationRun.State.ACTED:
            raise Refusal(_("There is nothing to undo here any more."))
        deal = deal_seen_by(by, run.deal_id)
        left = [said for one in reversed(row.did) if (said := _UNDO[one["deed"]](one, deal, by, at))]
        if len(left) == len(row.did):
            raise Refusal(" ".join(left))
        row.state, row.undone_by, row.settled_at = AutomationRun.State.UNDONE, by, at
        row.because = " ".join(left)[:400]
        row.save(update_fields=["state", "undone_by", "settled_at", "because"])
    return left


def _owner_back(one: Mapping[str, Any], deal: Deal, by: Member, at: datetime) -> str:
    if one.get("same"):
        return ""
    if str(deal.owner_id) != one["to"]:
        return _("The deal went to somebody else since.")
    record([Entry("deal", deal.pk, "owner", one["before"])], by=Author(by), at=at)
    return ""


def _step_back(one: Mapping[str, Any], deal: Deal, by: Member, at: datetime) -> str:
    if deal.values.get("next_step", {}).get("f") != one["fact"]:
        return _("The next step was changed since.")
    record([Entry("deal", deal.pk, "next_step", one["before"])], by=Author(by), at=at)
    return ""


def _question_back(one: Mapping[str, Any], deal: Deal, by: Member, at: datetime) -> str:
    row = Question.objects.visible_to(by).filter(pk=one["question"], deal=deal.pk).first()
    if row is None or row.answered_at:
        return _("The question was answered already.")
    told = {"text": _("Taken back."), "by": str(by.pk), "at": stamp(at)}
    record([Entry("question", row.pk, "answer", told)], by=Author(by), at=at)
    return ""


def _offer_back(one: Mapping[str, Any], deal: Deal, by: Member, at: datetime) -> str:
    row = Handoff.objects.visible_to(by).filter(pk=one["handoff"]).first()
    if row is None or row.state != Handoff.State.OFFERED:
        return _("The handoff was answered already.")
    handoffs.withdraw(row, by=by, at=at)
    return ""


def _message_back(one: Mapping[str, Any], deal: Deal, by: Member, at: datetime) -> str:
    row = Outgoing.objects.unscoped(CALLER).filter(pk=one["outgoing"]).first()
    try:
        if row is not None:
            outbox.take_back(row)
            return ""
    except Refusal:
        pass
    return _("The message has been sent, and can’t be taken back.")


def _too_late(one: Mapping[str, Any], deal: Deal, by: Member, at: datetime) -> str:
    if one["deed"] == "call":
        return _("The webhook was called, which can’t be taken back.")
    return _("Somebody was told, which can’t be taken back.")


_UNDO: Mapping[str, Callable[[Mapping[str, Any], Deal, Member, datetime], str]] = {
    "assign": _owner_back,
    "next_step": _step_back,
    "duty": _question_back,
    "confirm": _question_back,
    "handoff": _offer_back,
    "send": _message_back,
    "call": _too_late,
    "tell": _too_late,
}
