"""Handoffs through the API: offered with their packet as it stands, accepted, returned, taken back by the verbs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from baton.gate.access.acting import CHANNEL
from baton.gate.access.scopes import WRITE
from baton.gate.api import writing
from baton.gate.api.operations import Call, Made, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, key, moment, only, walked, wanted
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import ID, one_of, text
from baton.work import handoffs
from baton.work.models import Handoff

FILTERS = (
    Parameter("state", one_of(*Handoff.State.values), "How it stands."),
    Parameter("deal", ID, "Of one deal."),
    Parameter("to_desk", text(60), "To one desk."),
    Parameter("from_desk", text(60), "From one desk."),
)
ITEM = ("item", "name", "has", "value", "raw", "fact")


def _members() -> set[str]:
    return set(shapes_in_force().schemas["Handoff"]["properties"])


@operation("GET", "/handoffs", gives="HandoffPage", group="Handoffs", parameters=lambda: [*PAGE, FIELDS, *FILTERS])
def list_handoffs(call: Call) -> dict[str, Any]:
    """List handoffs, the latest offered first; their packets only if asked for."""
    asked = wanted(call, _members()) or _members() - {"packet"}
    rows = Handoff.objects.visible_to(call.member).filter(offered_at__isnull=False)
    rows = rows.filter(**{name: call.one(name) for name in ("state", "to_desk", "from_desk") if call.one(name)})
    rows = rows.filter(deal=call.id("deal")) if call.one("deal") else rows
    return walked(call, rows.defer("values", "head"), "-offered_at", lambda found: [_one(row, asked) for row in found])


@operation("GET", "/handoffs/{id}", gives="Handoff", group="Handoffs", parameters=lambda: [FIELDS])
def get_handoff(call: Call, id: UUID) -> dict[str, Any]:
    """Read one handoff with its packet."""
    asked = wanted(call, _members())
    return _one(writing.seen("handoff", id, call), asked)


def _one(row: Handoff, asked: set[str] | None = None) -> dict[str, Any]:
    made = {
        "id": str(row.pk),
        "version": row.version,
        "deal": str(row.deal_id),
        "handoff": row.handoff,
        "from_desk": row.from_desk,
        "to_desk": row.to_desk,
        "state": row.state,
        "note": row.note,
        "to_self": row.to_self,
        "offered_by": key(row.offered_by_id),
        "offered_at": moment(row.offered_at),
        "decided_by": key(row.decided_by_id),
        "decided_at": moment(row.decided_at),
        "missing": row.missing,
        "owed": row.owed,
        "because": row.because,
        "packet": [{name: item.get(name) for name in ITEM} for item in row.packet],
    }
    return only(asked, made)


@operation(
    "POST", "/handoffs", gives="Handoff", takes="HandoffNew", group="Handoffs", scope=WRITE, makes=True, conflicts=True
)
def create_handoff(call: Call) -> Made:
    """Offer a deal to the next desk, with its packet as it stands."""
    told, pk = call.body, UUID(call.body["deal"])
    version = told.get("version")
    with writing.telling_what_changed("deal", pk, version, call):
        deal = writing.seen("deal", pk, call)
        writing.refuse_older(deal, version)
        made = handoffs.offer(
            deal,
            by=call.member,
            at=call.at,
            to=told.get("to"),
            note=told.get("note", ""),
            expected=version,
            channel=CHANNEL,
        )
    return Made(_one(writing.seen("handoff", made.pk, call)), f"/handoffs/{made.pk}")


@operation("POST", "/handoffs/{id}/acceptance", gives="Handoff", takes="HandoffAnswer", group="Handoffs", scope=WRITE)
def accept_handoff(call: Call, id: UUID) -> dict[str, Any]:
    """Accept a handoff: the deal now lies with the receiving desk."""
    handoffs.accept(writing.seen("handoff", id, call), by=call.member, at=call.at, channel=CHANNEL)
    return _one(writing.seen("handoff", id, call))


@operation("POST", "/handoffs/{id}/return", gives="Handoff", takes="HandoffReturn", group="Handoffs", scope=WRITE)
def return_handoff(call: Call, id: UUID) -> dict[str, Any]:
    """Return a handoff, saying what was missing."""
    told = call.body
    handoffs.send_back(
        writing.seen("handoff", id, call),
        missing=told.get("missing", []),
        because=told.get("because", ""),
        by=call.member,
        at=call.at,
        channel=CHANNEL,
    )
    return _one(writing.seen("handoff", id, call))


@operation("POST", "/handoffs/{id}/withdrawal", gives="Handoff", takes="HandoffAnswer", group="Handoffs", scope=WRITE)
def withdraw_handoff(call: Call, id: UUID) -> dict[str, Any]:
    """Take an offer back before it is answered."""
    handoffs.withdraw(writing.seen("handoff", id, call), by=call.member, at=call.at, channel=CHANNEL)
    return _one(writing.seen("handoff", id, call))
