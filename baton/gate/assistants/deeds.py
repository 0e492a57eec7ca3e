"""What an assistant prepared is suggested, done or put aside: only its person does it, on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import suggestions
from baton.decide.requests import keeping
from baton.gate.assistants.models import AssistantCall
from baton.gate.assistants.preparing import FACTS, HANDOFF, NEXT_STEP, REPLY, REQUEST
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Fact
from baton.ledger.recording import record
from baton.members.models import Member
from baton.work import handoffs
from baton.work.looking import deal_seen_by

State = AssistantCall.State
CHANNEL = "assistant"
"""What a person let: said by them through an assistant. It stays words from outside, and shows no stage."""


def suggest(call: AssistantCall, author: Author, reader: str, at: datetime) -> list[str]:
    """Record what was proposed as suggestions, and return their ids."""
    made = record(_entries(call, reader, "suggested"), by=author, at=at)
    return [str(fact.pk) for fact in made.facts]


def let(call: AssistantCall, *, by: Member, at: datetime) -> AssistantCall:
    """Do what waits, in the person's own name. Raises `Refusal` where it isn't theirs, is settled, or can't be done."""
    with writing():
        kept = _theirs(call, by)
        kept.result = _DO[kept.deed["do"]](kept, by, at)
        return _settle(kept, State.DONE, at)


def put_aside(call: AssistantCall, *, by: Member, at: datetime) -> AssistantCall:
    """Say that it isn't so. What was suggested on a deal is dismissed there."""
    with writing():
        kept = _theirs(call, by)
        for fact in open_of([kept], by):
            suggestions.dismiss(fact, by=by, at=at)
        return _settle(kept, State.DISMISSED, at)


def _theirs(call: AssistantCall, by: Member) -> AssistantCall:
    """Read it again, locked, as its person's."""
    rows = AssistantCall.objects.select_for_update().of(by).filter(pk=call.pk)
    kept = rows.filter(state__in=[State.WAITING, State.SUGGESTED]).first()
    if kept is None:
        raise Refusal(_("There is nothing like that waiting for you."))
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    return kept


def _settle(call: AssistantCall, state: str, at: datetime) -> AssistantCall:
    call.state, call.settled_at = state, at
    call.save(update_fields=["state", "settled_at", "result"])
    return call


def _entries(call: AssistantCall, reader: str, status: str) -> list[Entry]:
    deed, deal = call.deed, UUID(call.deed["deal"])
    told = deed["facts"] if deed["do"] == FACTS else [{"field": "next_step", "value": deed["value"]}]
    return [_entry(deal, one, reader, status, call) for one in told]


def _entry(deal: UUID, told: dict[str, Any], reader: str, status: str, call: AssistantCall) -> Entry:
    return Entry(
        "deal",
        deal,
        told["field"],
        told["value"],
        status=status,
        interaction_id=UUID(told["message"]) if told.get("message") else None,
        words=told.get("words", ""),
        span=tuple(told["span"]) if told.get("span") else None,
        reader=reader,
        because=told.get("because", ""),
        key=f"assistant:{call.pk}:{told['field']}:{status}",
    )


def _record(call: AssistantCall, by: Member, at: datetime) -> dict[str, Any]:
    """It is confirmed by the person who let it; that its words came from a program is never forgotten."""
    deal_seen_by(by, UUID(call.deed["deal"]))
    if call.state == State.SUGGESTED:
        return _confirm(call, by, at)
    made = record(_entries(call, f"program:{call.name}"[:40], "confirmed"), by=Author(by, CHANNEL), at=at)
    return {"facts": [str(fact.pk) for fact in made.facts]}


def _confirm(call: AssistantCall, by: Member, at: datetime) -> dict[str, Any]:
    """Confirm what stands as suggestions; what was answered on the deal stays as it was answered."""
    for fact in open_of([call], by):
        suggestions.confirm(fact, by=by, at=at)
    return call.result


def open_of(calls: Iterable[AssistantCall], member: Member) -> list[Fact]:
    """Return the suggestions of these calls that nobody has answered, as far as the member sees them."""
    ids = [UUID(pk) for call in calls for pk in call.result.get("facts", [])]
    return list(Fact.objects.visible_to(member).suggested().filter(pk__in=ids)) if ids else []


def _offer(call: AssistantCall, by: Member, at: datetime) -> dict[str, Any]:
    deal = deal_seen_by(by, UUID(call.deed["deal"]))
    offered = handoffs.offer(deal, by=by, at=at, to=call.deed["to"], note=call.deed.get("note", ""))
    return {"handoff": str(offered.pk)}


def _ask(call: AssistantCall, by: Member, at: datetime) -> dict[str, Any]:
    made = keeping.ask(by=by, at=at, words=call.deed["words"], key=f"assistant:{call.pk}")
    return {"request": str(made.pk)}


def _take(call: AssistantCall, by: Member, at: datetime) -> dict[str, Any]:
    """A drafted answer is taken by its person to the form where they send it."""
    return {"message": call.deed["message"]}


_DO: dict[str, Callable[[AssistantCall, Member, datetime], dict[str, Any]]] = {
    FACTS: _record, NEXT_STEP: _record, HANDOFF: _offer, REQUEST: _ask, REPLY: _take,
}  # fmt: skip
