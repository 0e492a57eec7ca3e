"""What assistants proposed and did in one's name: what waits is let or put aside here, and only here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from baton.gate.assistants import deeds
from baton.gate.assistants.models import AssistantCall
from baton.gate.assistants.preparing import FACTS, HANDOFF, NEXT_STEP, REPLY, REQUEST
from baton.gate.assistants.tools import tools
from baton.kernel.clock import now, unstamp
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.members.models import Member
from baton.web import words
from baton.web.members.origin import origin
from baton.work.wording import value_text

MOST = 100
State = AssistantCall.State
TONES = {
    State.READ: "", State.SUGGESTED: "pencil", State.WAITING: "faded", State.DONE: "hand", State.DISMISSED: "faded",
    State.REFUSED: "late",
}  # fmt: skip


@dataclass(slots=True)
class Row:
    """One call as the page shows it. `lines` say in full what would be done; `label` is on the button that does it."""

    pk: UUID
    title: str
    said: str
    who: str
    state: str
    tone: str
    heard: str
    deal: Deal | None
    label: str = ""
    lines: list[str] = field(default_factory=list)
    text: str = ""
    message: str = ""


@require_safe
def assistants(request: HttpRequest) -> HttpResponse:
    """Show what waits, and what was read, suggested and refused before."""
    member, at = _member(request), now()
    found = AssistantCall.objects.of(member).order_by("-at")
    before = list(found.exclude(state=State.WAITING)[:MOST])
    asked = _suggested(before, member)
    waiting = [*found.waiting()[:MOST], *asked]
    before = [one for one in before if one not in asked]
    ids = {one.deal_id for one in (*waiting, *before) if one.deal_id}
    deals = Deal.objects.visible_to(member).in_bulk(ids)
    context = {
        "waiting": [_row(one, deals, at) for one in waiting],
        "before": [_row(one, deals, at) for one in before],
        "answer": _answer(len(waiting)),
        "address": f"{origin(request)}/mcp",
    }
    return render(request, "baton/gate/assistants.html", context)


def _suggested(calls: list[AssistantCall], member: Member) -> list[AssistantCall]:
    """What stands as suggestions that nobody has answered yet, here or on their deals."""
    made = [one for one in calls if one.state == State.SUGGESTED]
    still = {str(fact.pk) for fact in deeds.open_of(made, member)}
    return [one for one in made if still & set(one.result.get("facts", []))]


def _answer(count: int) -> str:
    if count:
        said = ngettext("%(count)d thing waits for you.", "%(count)d things wait for you.", count)
        return said % {"count": count}
    return _("Nothing waits for you. What assistants prepare counts once a person lets it.")


def _row(one: AssistantCall, deals: dict[UUID, Deal], at: datetime) -> Row:
    tool = tools().get(one.tool)
    row = Row(
        one.pk,
        str(tool.title) if tool else one.tool,
        one.said,
        _("%(name)s, %(when)s") % {"name": one.name, "when": words.when(one.at, at)},
        str(State(one.state).label),
        TONES[State(one.state)],
        one.heard,
        deals.get(one.deal_id) if one.deal_id else None,
    )
    if one.state in {State.WAITING, State.SUGGESTED} and one.deed:
        _say_what(row, one.deed, at)
    return row


def _say_what(row: Row, deed: dict[str, Any], at: datetime) -> None:
    """Nobody lets what they haven't read: the whole of it stands there, and the button says what it does."""
    kind = deed["do"]
    row.label = {
        FACTS: _("Record it"),
        NEXT_STEP: _("Set it"),
        HANDOFF: _("Offer it"),
        REQUEST: _("Ask it"),
        REPLY: _("I took it"),
    }[kind]
    if kind == FACTS:
        row.lines = [_fact_line(fact) for fact in deed["facts"]]
    elif kind == NEXT_STEP:
        due = deed["value"].get("at")
        row.lines = [deed["value"]["what"] + (f", {words.due(unstamp(due), at)}" if due else "")]
    elif kind == HANDOFF:
        row.lines = [_("Missing: %(name)s. %(breaks)s") % one for one in deed["missing"]]
        row.lines += [deed["note"]] if deed.get("note") else []
    elif kind == REPLY:
        row.text, row.message = deed["text"], deed["message"]


def _fact_line(fact: dict[str, Any]) -> str:
    known = current_map().field_by_id(fact["field"])
    value = value_text(fact["value"], known.type, current_map().currency) if known else str(fact["value"])
    told = [f"{fact['name']}: {value}", fact.get("because", ""), f"“{fact['words']}”" if fact.get("words") else ""]
    return ". ".join(filter(None, told))


@require_POST
def assistant_deed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Do what waits, in one's own name."""
    done = deeds.let(_one(request, pk), by=_member(request), at=now())
    messages.info(request, _("Done: %(said)s.") % {"said": done.said}, "hand")
    return redirect("request", pk=done.result["request"]) if done.result.get("request") else redirect("assistants")


@require_POST
def assistant_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that it isn't so."""
    deeds.put_aside(_one(request, pk), by=_member(request), at=now())
    return redirect("assistants")


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _one(request: HttpRequest, pk: UUID) -> AssistantCall:
    one = AssistantCall.objects.of(_member(request)).filter(pk=pk).first()
    if one is None:
        raise Http404
    return one
