"""Notices when a value changes after a packet was accepted. The receiving desk works on what it accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.kernel.clock import stamp
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import Batch, record
from baton.map.current import map_version_numbered
from baton.map.elements import BUILT_IN_FIELDS, Field
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.models import ExceptionCase, Handoff, Promise
from baton.work.packets import KEPT_AS
from baton.work.seats import desks_of
from baton.work.wording import value_text

CALLER = "work.duties"
COLLECTED = {"promise": ("promises", {"what", "due_at", "state"}), "exception": ("exceptions", {"what"})}


def follow(batch: Batch) -> None:
    """Record on an accepted handoff what changed of its packet, unless its own desk changed it. A reducer."""
    operating_map = map_version_numbered(batch.map_version)
    carried = _carried(operating_map)
    changes = [(fact, item) for fact in batch.current for item in _items(fact) if item in carried]
    if not changes:
        return
    handoffs = _accepted(batch, [fact for fact, _item in changes])
    entries = [
        entry
        for handoff in handoffs
        if not _is_by_receiver(batch.by.member, handoff, operating_map)
        for entry in _entries(handoff, changes, batch)
    ]
    if entries:
        record(entries, by=Author.baton(), at=batch.at)


def _carried(operating_map: OperatingMap) -> set[str]:
    return {item for handoff in operating_map.handoffs.values() for item in handoff.carries}


def _items(fact: Fact) -> Iterator[str]:
    """Yield the packet items that a fact can be the value of."""
    if fact.record_kind in COLLECTED:
        item, fields = COLLECTED[fact.record_kind]
        if fact.field in fields:
            yield item
    elif fact.record_kind == "deal":
        yield fact.field
    elif fact.record_kind in {"contact", "company"}:
        yield from _of_customer(fact.record_kind, fact.field)


@lru_cache(maxsize=500)
def _of_customer(kind: str, field: str) -> tuple[str, ...]:
    names = [name for name, kept in KEPT_AS.items() if kept == field] or [field]
    return field, *(f"{kind}.{name}" for name in names if f"{kind}.{name}" in BUILT_IN_FIELDS)


def _accepted(batch: Batch, facts: list[Fact]) -> list[Handoff]:
    """Return, for each deal that these facts concern, the last handoff accepted by the desk where it lies now."""
    deals = _deals(batch, facts)
    rows = Handoff.objects.unscoped(CALLER).filter(deal__in=deals, state="accepted", to_self=False)
    latest = {row.deal_id: row for row in rows.order_by("decided_at")}
    at_desk = dict(Deal.objects.unscoped(CALLER).filter(pk__in=latest).values_list("pk", "desk"))
    just_now = {record_id for kind, record_id in batch.rows if kind == "handoff"}
    return [row for row in latest.values() if at_desk[row.deal_id] == row.to_desk and row.pk not in just_now]


def _deals(batch: Batch, facts: list[Fact]) -> set[UUID]:
    ids: dict[str, set[UUID]] = {kind: {f.record_id for f in facts if f.record_kind == kind} for kind in _KINDS}
    for kind in COLLECTED:
        ids["deal"] |= {batch.row(kind, record_id).deal_id for record_id in ids[kind]}
    if ids["contact"] or ids["company"]:
        near = Q(contact__in=ids["contact"]) | Q(company__in=ids["company"])
        ids["deal"] |= set(Deal.objects.unscoped(CALLER).filter(near).values_list("pk", flat=True))
    return ids["deal"]


_KINDS = ("deal", "contact", "company", *COLLECTED)


def _is_by_receiver(member: Member | None, handoff: Handoff, operating_map: OperatingMap) -> bool:
    if member is None:
        return False
    if member.pk == handoff.decided_by_id:
        return True
    return handoff.to_desk in desks_of(member, operating_map)


def _entries(handoff: Handoff, changes: Iterable[tuple[Fact, str]], batch: Batch) -> Iterator[Entry]:
    operating_map = map_version_numbered(batch.map_version)
    items = {item["item"]: item for item in handoff.packet}
    last = {item: fact for fact, item in changes if item in items and _concerns(fact, handoff, batch)}
    for item, fact in last.items():
        now = fact.value if fact.record_kind not in COLLECTED else _what(batch, fact)
        if fact.record_kind in COLLECTED or now != items[item]["raw"]:
            change = _change(items[item], now, operating_map.field(item), batch)
            yield Entry("handoff", handoff.pk, "changed", change)


def _concerns(fact: Fact, handoff: Handoff, batch: Batch) -> bool:
    if fact.record_kind == "deal":
        return fact.record_id == handoff.deal_id
    if fact.record_kind in COLLECTED:
        return batch.row(fact.record_kind, fact.record_id).deal_id == handoff.deal_id
    column = f"{fact.record_kind}_id"
    return Deal.objects.unscoped(CALLER).filter(pk=handoff.deal_id, **{column: fact.record_id}).exists()


def _what(batch: Batch, fact: Fact) -> str:
    row = batch.row(fact.record_kind, fact.record_id)
    assert isinstance(row, Promise | ExceptionCase)
    return row.what


def _change(item: dict[str, Any], now: Any, field: Field | None, batch: Batch) -> dict[str, Any]:
    return {
        "item": item["item"],
        "was": item["value"],
        "now": value_text(now, field.type if field else "text"),
        "by": str(batch.by.member.pk) if batch.by.member else None,
        "at": stamp(batch.at),
    }
