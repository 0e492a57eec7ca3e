"""Rows as they are read through the API: companies, contacts and deals, each value with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from baton.decide.names import Names, names_for
from baton.gate.api.operations import Call
from baton.gate.api.paging import key, moment
from baton.kernel.clock import stamp
from baton.ledger.kinds import kind_named
from baton.ledger.models import Company, Contact, Deal
from baton.ledger.trust import trust_of
from baton.map.current import current_map
from baton.map.elements import Field, RecordKind

UNSEEN = {"distinct", "withdrawn", "merged_into"}


def deals(rows: list[Deal], call: Call, asked: set[str] | None) -> list[dict[str, Any]]:
    """Draw deals; the names beside them cost three queries, however many there are."""
    named = asked is None or bool(asked & {"company_name", "contact_name", "owner_name"})
    names = names_for(call.member, rows) if named else Names({})
    fields = _fields("deal") if asked is None or "facts" in asked or "values" in asked else {}
    return [_asked(asked, _deal(row, names, call, asked, fields)) for row in rows]


def _asked(asked: set[str] | None, made: dict[str, Any]) -> dict[str, Any]:
    return made if asked is None else {name: made[name] for name in made if name in asked}


def _deal(
    row: Deal, names: Names, call: Call, asked: set[str] | None, fields: dict[str, Field | None]
) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "version": row.version,
        "title": row.title,
        "status": row.status,
        "stage": row.stage,
        "shown": row.shown,
        "stage_since": moment(row.stage_since),
        "desk": row.desk,
        "offered_to": row.offered_to,
        "owner": key(row.owner_id),
        "owner_name": names.of(row.owner_id),
        "company": key(row.company_id),
        "company_name": names.of(row.company_id),
        "contact": key(row.contact_id),
        "contact_name": names.of(row.contact_id),
        "amount": None if row.amount is None else {"minor": row.amount, "currency": row.currency},
        "close_date": row.close_date.isoformat() if row.close_date else None,
        "service": row.service,
        "source": row.source,
        "category": row.category,
        "lost_reason": row.lost_reason,
        "next_step": _step(row),
        "opened_at": moment(row.opened_at),
        "decided_at": moment(row.decided_at),
        **_times(row),
        **_kept("deal", row, call, asked, fields),
    }


def _step(row: Deal) -> dict[str, Any] | None:
    if not row.next_step:
        return None
    return {"what": row.next_step, "at": moment(row.next_step_at), "by": key(row.next_step_by_id)}


def _times(row: Any) -> dict[str, Any]:
    return {
        "recorded_at": stamp(row.recorded_at),
        "touched_at": stamp(row.touched_at),
        "last_heard_at": moment(row.last_heard_at),
    }


def contacts(
    rows: Iterable[Contact], companies: dict[Any, str], call: Call, asked: set[str] | None
) -> list[dict[str, Any]]:
    """Draw contacts; `companies` are the names of theirs that the member sees."""
    fields = _fields("contact")
    return [
        _asked(
            asked,
            {
                **_customer(row),
                "job": row.job,
                "company": key(row.company_id),
                "company_name": companies.get(row.company_id, ""),
                **_kept("contact", row, call, asked, fields),
            },
        )
        for row in rows
    ]


def companies(rows: Iterable[Company], call: Call, asked: set[str] | None) -> list[dict[str, Any]]:
    """Draw companies."""
    fields = _fields("company")
    return [
        _asked(
            asked,
            {**_customer(row), "domains": _list(row, "domains"), **_kept("company", row, call, asked, fields)},
        )
        for row in rows
    ]


def _customer(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "version": row.version,
        "name": row.name,
        "emails": _list(row, "emails"),
        "phones": _list(row, "phones"),
        "owner": key(row.owner_id),
        **_times(row),
    }


def _list(row: Any, name: str) -> list[str]:
    return (row.values.get(name) or {}).get("v") or []


def _fields(kind: RecordKind) -> dict[str, Field | None]:
    """Every field that is shown of a kind, with what the map says of it: its own, and those of every business."""
    drawn = current_map()
    known: dict[str, Field | None] = {one.id: one for one in drawn.fields_on(kind)}
    everybody = {name: drawn.field(name) for name in kind_named(kind).landings if name not in UNSEEN}
    return everybody | known


def _kept(kind: str, row: Any, call: Call, asked: set[str] | None, fields: dict[str, Field | None]) -> dict[str, Any]:
    """Return `values`, plain, of the map's own fields, and `facts`: every field with where its value comes from."""
    landings, found = kind_named(kind).landings, {}
    if asked is None or "values" in asked:
        kept = {name: row.values[name].get("v") for name in fields if name not in landings and name in row.values}
        found["values"] = {name: value for name, value in kept.items() if value is not None}
    if asked is None or "facts" in asked:
        found["facts"] = {n: _fact(row.values[n], one, call) for n, one in fields.items() if n in row.values}
    return found


def _fact(kept: dict[str, Any], field: Field | None, call: Call) -> dict[str, Any]:
    trust = trust_of(kept, field, call.at)
    return {
        "value": kept.get("v"),
        "state": trust.state,
        "disputed": trust.disputed,
        "source": trust.source,
        "said_by": kept.get("by"),
        "channel": kept.get("ch", ""),
        "happened_at": kept.get("h"),
        "recorded_at": kept.get("r"),
        "fresh_for": trust.fresh_for,
        "fact": kept.get("f"),
        "interaction": kept.get("i"),
    }


def names_of_companies(call: Call, rows: Iterable[Contact]) -> dict[UUID | None, str]:
    """Return the names of the companies of contacts, as far as the member sees them."""
    found = Company.objects.visible_to(call.member).filter(pk__in={row.company_id for row in rows if row.company_id})
    return dict(found.values_list("pk", "name"))
