"""What follows from merges inside `record()`: joined values, moved links, moved events. See `merging.py`.

`prepare` runs before the facts are folded, `join` after it, `relink` once the rows are saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from baton.kernel.rows import update_rows
from baton.kernel.verdict import Refusal
from baton.ledger.joining import bare, joined, joined_fields
from baton.ledger.kinds import RecordKind, kind_named, kinds
from baton.ledger.models import Company, Contact, Event
from baton.ledger.proofs import relisten

if TYPE_CHECKING:
    from baton.ledger.entries import Entry
    from baton.ledger.recording import Batch

CALLER = "ledger.merging"
MERGEABLE: dict[str, Any] = {"contact": Contact, "company": Company}
LINKING = frozenset({"contact", "company", "filed"})
"""Fields whose values name a contact or a company that the row then points at."""
Key = tuple[str, UUID]


@lru_cache(maxsize=50)
def links_of(model: Any) -> dict[str, str]:
    """Return the columns of a model that point at a contact or a company: column → kind."""
    named = {model_: kind for kind, model_ in MERGEABLE.items()}
    return {
        field.attname: named[field.related_model]
        for field in model._meta.concrete_fields
        if field.related_model in named and field.name != "merged_into"
    }


def linking_kinds() -> Iterator[RecordKind]:
    """Yield the kinds whose rows point at contacts or companies because a fact says so; duties follow events."""
    return (kind for kind in kinds() if kind.name != "duty" and links_of(kind.model))


def prepare(batch: Batch, entries: Iterable[Entry]) -> None:
    """Lay joined values aside, so that facts fold into the record's own; note who stood for whom before."""
    from baton.ledger.recording import load

    for entry in entries:
        if entry.field == "merged_into" and entry.status == "confirmed" and entry.kind in MERGEABLE:
            row = batch.row(entry.kind, entry.record_id)
            batch.merges[entry.kind, row.pk] = row.merged_into_id
            target = UUID(entry.value) if entry.value else row.merged_into_id
            load(batch, entry.kind, [target] if target else [])
            _refuse_bad(batch, entry.kind, row, entry.value)
    for key in [key for key, row in batch.rows.items() if key[0] in MERGEABLE and row.values]:
        _lay_aside(batch, key)


def _refuse_bad(batch: Batch, kind: str, row: Any, target: str | None) -> None:
    if target is None:
        return
    into = batch.rows.get((kind, UUID(target)))
    if into is None or into.merged_into_id or row.merged_into_id or into.pk == row.pk:
        raise Refusal(_("Somebody merged one of them meanwhile. Look again at what is there now."))


def _lay_aside(batch: Batch, key: Key) -> None:
    row = batch.rows[key]
    fields = joined_fields(row.values)
    if fields:
        batch.joined[key] = batch.joined.get(key, set()) | fields
        row.values = bare(row.values)


def join(batch: Batch) -> None:
    """Join what merged records knew to what stands for them, and point changed rows at who stands for whom."""
    for key in _changed_by_merging(batch):
        _join_upwards(batch, key)
    _follow(batch)


def _changed_by_merging(batch: Batch) -> list[Key]:
    changed = set(batch.joined)
    for key, before in batch.merges.items():
        changed |= {(key[0], one) for one in (before, batch.rows[key].merged_into_id) if one}  # type: ignore[attr-defined]
    for key in batch.told - batch.new:
        if key[0] in MERGEABLE and batch.rows[key].merged_into_id:  # type: ignore[attr-defined]
            changed.add(key)
    return sorted(changed)


def _join_upwards(batch: Batch, key: Key) -> None:
    """Join a record, then the one that it was merged into itself, up to the end of the chain."""
    from baton.ledger.recording import load

    kind, record_id = key
    while True:
        load(batch, kind, [record_id])
        row: Any = batch.rows[kind, record_id]
        _lay_aside(batch, (kind, record_id))
        before = batch.joined.get((kind, record_id), set())
        row.values = joined(bare(row.values), _others(batch, kind, record_id))
        batch.joined[kind, record_id] = before | joined_fields(row.values)
        reland(kind_named(kind), row, batch.joined[kind, record_id])
        if row.merged_into_id is None:
            return
        record_id = row.merged_into_id


def _others(batch: Batch, kind: str, record_id: UUID) -> list[tuple[str, str, Any]]:
    rows = {row.pk: row for row in MERGEABLE[kind].objects.unscoped(CALLER).filter(merged_into=record_id)}
    rows |= {pk: row for (name, pk), row in batch.rows.items() if name == kind}
    return others_of(row for row in rows.values() if row.merged_into_id == record_id)


def others_of(rows: Iterable[Any]) -> list[tuple[str, str, Any]]:
    """Return merged rows as `joined` takes them, the earliest merge first."""
    told = [(str(row.pk), row.values["merged_into"]["r"], row.values) for row in rows]
    return sorted(told, key=lambda one: (one[1], one[0]))


def reland(kind: RecordKind, row: Any, fields: Iterable[str]) -> None:
    """Put the shown values of these fields into their columns again."""
    for field in fields:
        landing = kind.landings.get(field)
        for column, value in (landing(row.values.get(field, {}).get("v")) if landing else {}).items():
            setattr(row, column, value)


def _follow(batch: Batch) -> None:
    linked = (key for key, facts in batch.changes() if any(fact.field in LINKING for fact in facts))
    touched = {*linked, *batch.joined}
    rows = [batch.rows[key] for key in touched if links_of(kind_named(key[0]).model)]
    for kind in MERGEABLE:
        pointing = [(row, name) for row in rows for name, to in links_of(type(row)).items() if to == kind]
        ends = _ends(kind, {getattr(row, name) for row, name in pointing if getattr(row, name)})
        for row, name in pointing:
            setattr(row, name, ends.get(getattr(row, name), getattr(row, name)))


def _ends(kind: str, ids: set[UUID]) -> dict[UUID, UUID]:
    from baton.ledger.merging import stands_for

    return stands_for(kind, ids) if ids else {}


def relink(batch: Batch) -> None:
    """Move what points at records that were merged, or came apart, in this batch; and what happened with them."""
    for (kind, record_id), before in batch.merges.items():
        now: Any = batch.rows[kind, record_id]
        if now.merged_into_id and not before:
            _move_all(batch, kind, record_id, _end(kind, record_id))
        elif before and not now.merged_into_id:
            _move_own(batch, kind, _end(kind, before), record_id)
        else:
            continue
        _relisten(batch, kind, {record_id, before or now.merged_into_id, _end(kind, before or record_id)})


def _end(kind: str, record_id: UUID) -> UUID:
    return _ends(kind, {record_id}).get(record_id, record_id)


def _move_all(batch: Batch, kind: str, gone: UUID, end: UUID) -> None:
    for linking, column in _columns(kind):
        rows = linking.model.objects.unscoped(CALLER).filter(**{column: gone})  # type: ignore[attr-defined]
        _point(batch, linking, column, list(rows.values_list("pk", flat=True)), end)
    column = f"{kind}_id"
    _move_events(batch, column, Event.objects.unscoped(CALLER).filter(**{column: gone}), end)


def _move_own(batch: Batch, kind: str, end: UUID, freed: UUID) -> None:
    """What points at the end of the chain because a fact names the freed record, or one merged into it, goes back."""
    group = {freed, *merged_below(kind, [freed])}
    for linking, column in _columns(kind):
        ids = [row.pk for row in _naming(linking, column, end, group) if named(linking, row, column) in group]
        _point(batch, linking, column, ids, freed)
    column = f"{kind}_id"
    own = [event.pk for event in _events_of(column, end, group)]
    _move_events(batch, column, Event.objects.unscoped(CALLER).filter(pk__in=own), freed)


def _columns(kind: str) -> list[tuple[RecordKind, str]]:
    return [(k, column) for k in linking_kinds() for column, to in links_of(k.model).items() if to == kind]


def merged_below(kind: str, ids: Iterable[UUID]) -> set[UUID]:
    """Return the records that were merged into these, directly or along a chain."""
    found: set[UUID] = set()
    asked = set(ids)
    while asked:
        rows = MERGEABLE[kind].objects.unscoped(CALLER).filter(merged_into__in=asked)
        asked = set(rows.values_list("pk", flat=True)) - found
        found |= asked
    return found


def _naming(linking: RecordKind, column: str, end: UUID, group: set[UUID]) -> Iterable[Any]:
    """Rows that point at the end and whose values name one of the group; the text is looked through in the database."""
    rows = linking.model.objects.unscoped(CALLER).filter(**{column: end})  # type: ignore[attr-defined]
    mentioned = Q(pk__in=[])
    for one in group:
        mentioned |= Q(as_text__contains=str(one))
    return rows.annotate(as_text=Cast("values", TextField())).filter(mentioned)


def named(linking: RecordKind, row: Any, column: str) -> UUID | None:
    """Return the contact or company that a row's facts name for this column."""
    for field in LINKING & row.values.keys():
        landing = linking.landings.get(field)
        landed = landing(row.values[field].get("v")) if landing else {}
        if column in landed:
            return landed[column]
    return None


def _point(batch: Batch, linking: RecordKind, column: str, ids: list[Any], to: UUID) -> None:
    if not ids:
        return
    linking.model.objects.unscoped(CALLER).filter(pk__in=ids).update(**{column: to})  # type: ignore[attr-defined]
    batch.moved.setdefault(linking.name, set()).update(ids)
    for one in ids:
        if (linking.name, one) in batch.rows:
            setattr(batch.rows[linking.name, one], column, to)


def _events_of(column: str, end: UUID, group: set[UUID]) -> Iterator[Event]:
    """Yield the events now told of the end that the ledger tells of one of the group."""
    from baton.ledger.checking import facts_of, rebuild

    events = list(Event.objects.unscoped(CALLER).filter(**{column: end}))
    about: dict[str, set[UUID]] = {}
    for kind, record_id in _sources(events):
        about.setdefault(kind, set()).add(record_id)
    told: dict[UUID, Any] = {}
    for name, ids in about.items():
        kind, facts = kind_named(name), facts_of(name, ids)
        for row in kind.model.objects.unscoped(CALLER).filter(pk__in=ids):  # type: ignore[attr-defined]
            told |= {event.pk: getattr(event, column) for event in rebuild(kind, row, facts[row.pk])[1]}
    return (event for event in events if told.get(event.pk) in group)


def _sources(events: list[Event]) -> Iterator[Key]:
    """Yield the record whose facts, or whose filing, each event follows from."""
    from baton.ledger.models import Fact

    facts = [event.fact_id for event in events if event.fact_id]
    yield from Fact.objects.unscoped(CALLER).filter(pk__in=facts).values_list("record_kind", "record_id").distinct()
    yield from (("interaction", event.interaction_id) for event in events if not event.fact_id and event.interaction_id)


def _move_events(batch: Batch, column: str, found: Any, to: UUID) -> None:
    events = list(found)
    batch.withdrawn += [copy(event) for event in events]
    for event in events:
        setattr(event, column, to)
    update_rows(events, [column.removesuffix("_id")])
    batch.events += events


def _relisten(batch: Batch, kind: str, ids: set[UUID]) -> None:
    rows = [batch.rows[kind, one] for one in ids if (kind, one) in batch.rows]
    for row in rows:
        relisten(row, f"{kind}_id")
    update_rows(rows, ["last_heard_at"])
