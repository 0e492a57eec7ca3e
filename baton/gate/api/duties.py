"""Duties through the API: what is owed, by whom, until when, and why. What closes one is work, not a request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from baton.gate.api import writing
from baton.gate.api.operations import Call, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, key, moment, only, walked, wanted
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import ID, YES, one_of, text
from baton.kernel.clock import stamp
from baton.work.models import Duty
from baton.work.today import tell

FILTERS = (
    Parameter("state", one_of(*Duty.State.values) | {"default": "open"}, "How it stands."),
    Parameter("mine", YES, "true: what you owe, and what came up to you."),
    Parameter("deal", ID, "On one deal."),
    Parameter("owed_by", ID, "What one member owes."),
    Parameter("desk", text(60), "What lies at one desk."),
)


def _members() -> set[str]:
    return set(shapes_in_force().schemas["Duty"]["properties"])


@operation("GET", "/duties", gives="DutyPage", group="Duties", parameters=lambda: [*PAGE, FIELDS, *FILTERS])
def list_duties(call: Call) -> dict[str, Any]:
    """List what is owed, the soonest due first."""
    asked = wanted(call, _members())
    mine = call.one("mine") == "true"
    rows = Duty.objects.of_member(call.member) if mine else Duty.objects.visible_to(call.member)
    rows = rows.filter(state=call.one("state", "open"))
    rows = rows.filter(**{name: call.id(name) for name in ("deal", "owed_by") if call.one(name)})
    rows = rows.filter(desk=call.one("desk")) if call.one("desk") else rows
    return walked(call, rows.defer("values", "head"), "due_at", lambda found: _drawn(found, call, asked))


@operation("GET", "/duties/{id}", gives="Duty", group="Duties", parameters=lambda: [FIELDS])
def get_duty(call: Call, id: UUID) -> dict[str, Any]:
    """Read one duty."""
    asked = wanted(call, _members())
    return _drawn([writing.seen("duty", id, call)], call, asked)[0]


def _drawn(rows: list[Duty], call: Call, asked: set[str] | None) -> list[dict[str, Any]]:
    worded = asked is None or bool(asked & {"what", "because"})
    words = {one.id: (one.what, one.because) for one in tell(rows, call.member, call.at)} if worded else {}
    return [only(asked, _one(row, *words.get(row.pk, ("", "")))) for row in rows]


def _one(row: Duty, what: str, because: str) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "behavior": row.behavior,
        "state": row.state,
        "what": what,
        "because": because,
        "record_kind": row.subject_kind,
        "record": str(row.subject_id),
        "deal": key(row.deal_id),
        "contact": key(row.contact_id),
        "desk": row.desk,
        "owed_by": key(row.owed_by_id),
        "escalated_to": key(row.escalated_to_id),
        "opened_at": stamp(row.opened_at),
        "due_at": stamp(row.due_at),
        "closed_at": moment(row.closed_at),
        "later_until": moment(row.later_until),
    }
