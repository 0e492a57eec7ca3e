"""Keeps the look-ups beside the rows: addresses, the map's own fields, and the search index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from baton.kernel.clock import unstamp
from baton.kernel.ids import derived
from baton.kernel.phones import e164
from baton.kernel.rows import insert_rows, made, upsert_rows
from baton.ledger import search
from baton.ledger.kinds import kind_named
from baton.ledger.models import Address, Fact, FieldIndex, File
from baton.ledger.text import folded
from baton.map.current import current_version, map_version_numbered

if TYPE_CHECKING:
    from baton.ledger.recording import Batch

ADDRESSES = {"emails": "email", "phones": "phone", "domains": "domain"}


_OWNER = {"contact": "contact_id", "company": "company_id"}
_NOBODY = dict.fromkeys(_OWNER.values())


def keep(batch: Batch) -> None:
    """Bring every look-up in line with the facts that became current in this batch."""
    _keep_addresses(_latest(f for f in batch.current if f.field in ADDRESSES and f.record_kind in _OWNER), batch.new)
    keep_fields(_latest(fact for fact in batch.current if is_map_field(fact)))
    for kind, record_id in {*batch.joined, *batch.merges}:
        _keep_joined(kind, batch.row(kind, record_id))
    _keep_files(batch)
    search.keep(batch)


def _latest(facts: Iterable[Fact]) -> list[Fact]:
    """Return, of several facts of one field of one record, the last one."""
    return list({(fact.record_id, fact.field): fact for fact in facts}.values())


def is_map_field(fact: Fact) -> bool:
    """Whether the fact's field is one of the map's own, kept in `values` and not in a column."""
    return (
        fact.record_kind in {"deal", "contact", "company"} and fact.field not in kind_named(fact.record_kind).landings
    )


def _keep_joined(kind: str, row: Any) -> None:
    """A merged record leads nowhere; what stands for it is found by the addresses of both, and by what was joined."""
    for field, sort in ADDRESSES.items():
        _set_addresses(sort, {f"{kind}_id": row.pk}, addresses_of(row, field))
    told = joined_rows(kind, row)
    kept = FieldIndex.objects.filter(record_kind=kind, record_id=row.pk)
    kept.exclude(field__in=[one.field for one in told]).delete()
    _write_fields(told)


def addresses_of(row: Any, field: str) -> set[str]:
    """Return the addresses of one sort by which a contact or company is found."""
    listed = [] if row.merged_into_id else row.values.get(field, {}).get("v") or []
    return _as_looked_up(field, listed, current_version())


def joined_rows(kind: str, row: Any) -> list[FieldIndex]:
    """Return the typed index rows of what a row shows."""
    landings = kind_named(kind).landings
    shown = {field: kept["v"] for field, kept in row.values.items() if "v" in kept and field not in landings}
    return [field_row(kind, row.pk, field, value) for field, value in shown.items()]


def _set_addresses(kind: str, owner: dict[str, UUID], values: set[str]) -> None:
    Address.objects.filter(kind=kind, **owner).exclude(value__in=values).delete()
    Address.objects.bulk_create([Address(kind=kind, value=v, **owner) for v in sorted(values)], ignore_conflicts=True)


def _keep_files(batch: Batch) -> None:
    """Files that were fetched after their message was recorded stand beside it like those that came with it."""
    told = [fact for fact in batch.facts if fact.record_kind == "interaction" and fact.field == "fetched"]
    rows = [_file(batch, fact, place, one) for fact in told for place, one in enumerate(fact.value or [])]
    if rows:
        File.objects.bulk_create(rows, ignore_conflicts=True)


def _file(batch: Batch, fact: Fact, place: int, told: dict[str, Any]) -> File:
    interaction = batch.row("interaction", fact.record_id)
    return File(
        id=derived("file", fact.pk, place),
        interaction_id=fact.record_id,
        deal_id=interaction.deal_id,
        name=told["name"][:255],
        content_type=told["content_type"][:120],
        size=told["size"],
        sha256=told["sha256"],
    )


def addresses_in(fact: Fact | None) -> set[str]:
    """Return the addresses that a fact gives, as they are looked up: phone numbers in E.164.

    A number without a prefix is read as one of the country that the map named when it was recorded.
    """
    return _as_looked_up(fact.field, fact.value or [], fact.map_version) if fact else set()


def _as_looked_up(field: str, listed: list[str], map_version: int) -> set[str]:
    if ADDRESSES[field] != "phone" or not listed:
        return {value[:320] for value in listed}
    country = map_version_numbered(map_version).country if map_version else ""
    return {(e164(value, country) or value)[:320] for value in listed}


def _keep_addresses(facts: list[Fact], new: set[tuple[str, UUID]]) -> None:
    """Replace the addresses of these current facts, all at once; a record that is new has none to be replaced."""
    for kind in ADDRESSES.values():
        known = [f for f in facts if ADDRESSES[f.field] == kind and (f.record_kind, f.record_id) not in new]
        for owner in ("contact", "company"):
            _forget_addresses(kind, owner, [fact for fact in known if fact.record_kind == owner])
    rows = [
        made(
            Address, _NOBODY | {"kind": ADDRESSES[fact.field], "value": value, _OWNER[fact.record_kind]: fact.record_id}
        )
        for fact in facts
        for value in sorted(addresses_in(fact))
    ]
    insert_rows(rows, ignore_conflicts=True)


def _forget_addresses(kind: str, owner: str, facts: list[Fact]) -> None:
    """Take away what these records no longer have; what they keep stays the row that it is."""
    if not facts:
        return
    kept = {(fact.record_id, value) for fact in facts for value in addresses_in(fact)}
    there = Address.objects.filter(kind=kind, **{f"{owner}__in": [fact.record_id for fact in facts]})
    gone = [pk for pk, record_id, value in there.values_list("pk", owner, "value") if (record_id, value) not in kept]
    if gone:
        Address.objects.filter(pk__in=gone).delete()


def keep_fields(facts: list[Fact]) -> None:
    """Replace the typed index rows of these current facts."""
    _write_fields([field_row(fact.record_kind, fact.record_id, fact.field, fact.value) for fact in facts])


def _write_fields(rows: list[FieldIndex]) -> None:
    upsert_rows(rows, key=["record_id", "field"], names=["text", "number", "moment"])


def field_row(record_kind: str, record_id: UUID, field: str, value: Any) -> FieldIndex:
    """Return the typed index row of one value: money in minor units, dates as midnight UTC, all as folded text."""
    row = FieldIndex(record_kind=record_kind, record_id=record_id, field=field, text=folded(plain(value))[:200])
    if isinstance(value, bool):
        row.number = int(value)
    elif isinstance(value, int):
        row.number = value
    elif isinstance(value, dict) and "minor" in value:
        row.number = int(value["minor"])
    elif isinstance(value, str):
        row.moment = _moment(value)
    return row


def plain(value: Any) -> str:
    """Return a value as the words a person would look for."""
    if isinstance(value, dict):
        return " ".join(plain(part) for part in value.values())
    if isinstance(value, list):
        return " ".join(plain(part) for part in value)
    return "" if value is None else str(value)


def _moment(value: str) -> Any:
    if len(value) < 10 or not value[:4].isdigit() or value[4] != "-":
        return None
    try:
        return unstamp(value if "T" in value else f"{value[:10]}T00:00:00Z")
    except ValueError:
        return None
