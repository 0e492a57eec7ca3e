"""Deals through the API: listed by the registry of the screens, read with their facts, opened and changed.

A program says where a deal stands and shows nothing; a desk is changed by a handoff, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide.deals import deals_after
from baton.decide.registry import registry
from baton.decide.views import View
from baton.gate.access.acting import CHANNEL
from baton.gate.access.scopes import WRITE
from baton.gate.api import drawing, writing
from baton.gate.api.operations import Call, Made, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, limit_of, opened, page, wanted
from baton.gate.api.problems import Problem
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import text
from baton.kernel.clock import unstamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing as one_writer
from baton.ledger.entries import said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member
from baton.work import moves, next_steps

SAYS = {
    "has": "contains these words",
    "begins": "begins with this",
    "is": "is this",
    "empty": "has none (send it empty)",
    "filled": "has one (send it empty)",
    "from": "is this or more",
    "to": "is this or less",
    "any": "is any of these",
    "none": "is none of these",
}


def list_parameters() -> Iterator[Parameter]:
    """Every name that deals may be filtered by, as the screens do: from the registry."""
    yield from PAGE
    yield FIELDS
    names = sorted(registry())
    orders = {"type": "string", "enum": [*names, *(f"-{name}" for name in names)], "default": "-stage_since"}
    yield Parameter("sort", orders, "The order; with a minus the largest or latest first.", example="-amount")
    yield Parameter("q", text(200), "Words of the title.")
    for one in registry().values():
        for operator in one.operators:
            about = f"{one.label} {SAYS[operator]}."
            yield Parameter(f"{one.name}.{operator}", text(200), about, many=operator in {"any", "none"})


@operation("GET", "/deals", gives="DealPage", group="Deals", parameters=list_parameters)
def list_deals(call: Call) -> dict[str, Any]:
    """List the deals that you see: those under way unless `status.any` asks for others."""
    asked = wanted(call, members())
    pairs = [(name, value) for name, values in call.query.items() for value in values if _is_of_view(name)]
    rows, bookmark = deals_after(
        call.member, View.from_pairs(pairs), at=call.at, after=opened(call), size=limit_of(call)
    )
    light = asked or (members() - {"facts"})
    return page(drawing.deals(rows, call, light), bookmark)


def _is_of_view(name: str) -> bool:
    return "." in name or name in {"sort", "q"}


def members() -> set[str]:
    """What is known of a deal."""
    return set(shapes_in_force().schemas["Deal"]["properties"])


@operation("GET", "/deals/{id}", gives="Deal", group="Deals", parameters=lambda: [FIELDS])
def get_deal(call: Call, id: UUID) -> dict[str, Any]:
    """Read one deal with its facts: each value with who said so, when, and how far it can be relied on."""
    return _drawn(writing.seen("deal", id, call), call, wanted(call, members()))


def _drawn(row: Deal, call: Call, asked: set[str] | None = None) -> dict[str, Any]:
    return drawing.deals([row], call, asked)[0]


@operation("POST", "/deals", gives="Deal", takes="DealNew", group="Deals", scope=WRITE, makes=True)
def create_deal(call: Call) -> Made:
    """Open a deal where enquiries begin; with `key` only once."""
    if current_map().conflict_check:
        raise Refusal(_("The map wants a conflict check first. Open the deal from the enquiry in Inbox."))
    own = writing.own_key(call, "deal", call.body)
    with one_writer():
        there = writing.made_before(call, "deal", own)
        if there is not None:
            return Made(_drawn(there, call), f"/deals/{there.pk}", new=False)
        row = _opened(call, own)
        _move(row, call)
    return Made(_drawn(writing.seen("deal", row.pk, call), call), f"/deals/{row.pk}")


def _opened(call: Call, own: str | None) -> Deal:
    first, pk = current_map().first_stage, uuid7()
    entries = writing.entries_of("deal", pk, call.body, call)
    entries[0].key = own
    where: dict[str, Any] = {"stage": first.id, "desk": first.desk}
    where |= {} if call.body.get("owner") else {"owner": str(call.member.pk)}
    return record([*entries, *said("deal", pk, **where)], by=call.acting.author, at=call.at).row("deal", pk)


@operation("PATCH", "/deals/{id}", gives="Deal", takes="DealChanges", group="Deals", scope=WRITE, conflicts=True)
def change_deal(call: Call, id: UUID) -> dict[str, Any]:
    """Change what you name and nothing else; all of it or nothing."""
    version = call.body.get("version")
    with writing.telling_what_changed("deal", id, version, call), one_writer():
        row = writing.seen("deal", id, call)
        entries = writing.entries_of("deal", id, call.body, call, row)
        writing.refuse_older(row, version)
        if entries:
            record(entries, by=call.acting.author, at=call.at, expected={id: row.version})
        _move(row, call)
        _end(row, call)
    return _drawn(writing.seen("deal", id, call), call)


def _move(row: Deal, call: Call) -> None:
    told, by = call.body, call.member
    if told.get("stage") and told["stage"] != row.stage:
        moves.move(row, told["stage"], by=by, at=call.at, channel=CHANNEL)
    step = told.get("next_step")
    if step:
        due = unstamp(step["at"]) if step.get("at") else None
        next_steps.set_next(row, step["what"], by=by, at=call.at, due=due, owed_by=_who(step, call), channel=CHANNEL)


def _who(step: dict[str, Any], call: Call) -> Member:
    if not step.get("by"):
        return call.member
    found = Member.objects.filter(pk=step["by"], is_active=True).first()
    if found is None:
        raise Problem(422, _("Nobody who works here and writes has that id."))
    return found


def _end(row: Deal, call: Call) -> None:
    """End a deal, or take it up again, as the verbs of the screens do."""
    told, status = call.body, call.body.get("status")
    if told.get("lost_reason") and status != "lost":
        raise Refusal(_("A reason for losing it goes with the status lost."))
    if status is None or (status == row.status and status != "lost"):
        return
    if status == "lost":
        moves.lose(row, because=told.get("lost_reason", ""), by=call.member, at=call.at, channel=CHANNEL)
    elif status == "done":
        moves.finish(row, by=call.member, at=call.at, channel=CHANNEL)
    else:
        moves.reopen(row, by=call.member, at=call.at, channel=CHANNEL)
