"""`record()`: the only way in.

In one transaction it leaves out what is known already, asks the permission and the map, appends facts with
their provenance, folds them into the current rows, keeps spans and indexes, derives what happened in the words
of the map, and lets the rooms above react. What it returns has been committed once the caller's outermost
transaction has.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from baton.kernel.ids import uuid7s
from baton.kernel.rows import insert_rows, made, update_rows
from baton.kernel.verdict import Conflict
from baton.kernel.writer import writing
from baton.ledger import happenings, indexes, linking, proofs, spans
from baton.ledger.chain import digest
from baton.ledger.entries import Author, Entry, NewInteraction, runs, said
from baton.ledger.folding import fold
from baton.ledger.kinds import kind_named
from baton.ledger.models import Event, Fact, File, Holder, Interaction, InteractionText, Record
from baton.ledger.validity import refuse_invalid
from baton.map.current import version_to_write_under

CALLER = "ledger.recording"


@dataclass(slots=True)
class Batch:
    """What one `record()` wrote, for the reducers and the caller.

    `rows` is (kind, id) → the row after folding; `known` are the keys and fingerprints that were there already;
    `withdrawn` are events that stopped being so because what showed them was filed elsewhere. `merges` are the records
    that were merged or came apart, with what stood for them before; `joined` the fields of records that show what
    merged ones knew; `moved` kind → ids of rows that now point at another contact or company. `told` are the records
    that facts of this batch are about.
    """

    by: Author
    at: datetime
    map_version: int
    rows: dict[tuple[str, UUID], Record] = field(default_factory=dict)
    new: set[tuple[str, UUID]] = field(default_factory=set)
    told: set[tuple[str, UUID]] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    current: list[Fact] = field(default_factory=list)
    interactions: list[Interaction] = field(default_factory=list)
    texts: dict[UUID, NewInteraction] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    withdrawn: list[Event] = field(default_factory=list)
    merges: dict[tuple[str, UUID], UUID | None] = field(default_factory=dict)
    joined: dict[tuple[str, UUID], set[str]] = field(default_factory=dict)
    moved: dict[str, set[UUID]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    read: Mapping[tuple[str, UUID], Record] = field(default_factory=dict)

    def row(self, kind: str, record_id: UUID) -> Any:
        """Return the row after folding."""
        return self.rows[kind, record_id]

    def changes(self) -> Iterator[tuple[tuple[str, UUID], list[Fact]]]:
        """Yield each run of facts of one record that became current: the record's kind and id, and the facts."""
        for key, facts in groupby(self.current, _ABOUT):
            yield key, list(facts)


_ABOUT = attrgetter("record_kind", "record_id")


Reducer = Callable[[Batch], None]
_reducers: list[tuple[int, str, Reducer]] = []


def register_reducer(order: int, reducer: Reducer) -> None:
    """Let a higher room react inside the same transaction, in the order of the numbers."""
    name = f"{reducer.__module__}.{reducer.__qualname__}"
    _reducers[:] = sorted([r for r in _reducers if r[1] != name] + [(order, name, reducer)], key=lambda r: r[:2])


def record(
    entries: Iterable[Entry] = (),
    *,
    by: Author,
    at: datetime,
    interactions: Iterable[NewInteraction] = (),
    expected: Mapping[UUID, int] | None = None,
    read: Mapping[tuple[str, UUID], Record] | None = None,
) -> Batch:
    """Record facts and interactions, all or nothing.

    `read` are rows that the caller has read within the same transaction; they are folded into as they are where the
    transaction is the only one that writes, and read again, locked, where others write beside it.

    `expected` is record id → the version the author looked at; a newer one raises `Conflict` and writes
    nothing. Raises `Refusal` for what the author may not do or the map can't hold. Idempotent by `Entry.key`
    and `NewInteraction.fingerprint`.
    """
    entries, interactions = list(entries), list(interactions)
    with writing(), version_to_write_under() as version:
        batch = Batch(by=by, at=at, map_version=version)
        batch.read = {} if connection.features.has_select_for_update else read or {}
        entries = _leave_out_known(batch, entries)
        interactions = _leave_out_recorded(batch, interactions)
        if entries or interactions:
            _write(batch, entries, interactions, expected or {})
    return batch


def record_on(row: Record, kind: str, *, by: Author, at: datetime, expected: int | None = None, **values: Any) -> Batch:
    """Record one confirmed fact for each named field of one record."""
    versions = {} if expected is None else {row.pk: expected}
    return record(said(kind, row.pk, **values), by=by, at=at, expected=versions)


def _write(batch: Batch, entries: list[Entry], new: list[NewInteraction], expected: Mapping[UUID, int]) -> None:
    entries = _add_interactions(batch, new) + entries
    _load_rows(batch, entries, expected)
    _load_filing_targets(batch, entries)
    linking.prepare(batch, entries)
    _keep_time_moving(batch)
    refuse_invalid(entries, batch)
    _append(batch, entries)
    linking.join(batch)
    _derive_events(batch)
    proofs.keep(batch)
    _save_rows(batch)
    linking.relink(batch)
    spans.keep(batch)
    indexes.keep(batch)
    for _order, _name, reducer in _reducers:
        reducer(batch)


def _leave_out_known(batch: Batch, entries: list[Entry]) -> list[Entry]:
    keys = {entry.key for entry in entries if entry.key}
    if keys:
        batch.known |= set(Fact.objects.unscoped(CALLER).filter(key__among=keys).values_list("key", flat=True))
    return [entry for entry in entries if entry.key not in batch.known]


def _leave_out_recorded(batch: Batch, interactions: list[NewInteraction]) -> list[NewInteraction]:
    prints = {new.fingerprint for new in interactions if new.fingerprint}
    if prints:
        rows = Interaction.objects.unscoped(CALLER).filter(fingerprint__among=prints)
        batch.known |= set(rows.values_list("fingerprint", flat=True))
    fresh: list[NewInteraction] = []
    for new in interactions:
        if new.fingerprint not in batch.known:
            fresh.append(new)
            batch.known |= {new.fingerprint} if new.fingerprint else set()
    return fresh


def _add_interactions(batch: Batch, new: list[NewInteraction]) -> list[Entry]:
    """Insert the interactions' words, files and holders; return the facts that file them.

    The rows themselves follow in `_save_rows`, after filing; foreign keys are checked at commit.
    """
    for one in new:
        interaction = _interaction(one, batch.at)
        batch.interactions.append(interaction)
        batch.rows["interaction", interaction.pk] = interaction
        batch.new.add(("interaction", interaction.pk))
        batch.texts[interaction.pk] = one
    insert_rows([InteractionText(interaction_id=n.id, own=n.text, quoted=n.quoted, signature=n.signature) for n in new])
    insert_rows([Holder(interaction_id=n.id, member_id=m) for n in new for m in n.holders])
    insert_rows([_file(n, described) for n in new for described in n.files])
    return [Entry("interaction", n.id, "filed", n.filed, because=n.filed.get("because", "")) for n in new if n.filed]


def _interaction(new: NewInteraction, at: datetime) -> Interaction:
    return Interaction(
        id=new.id,
        recorded_at=at,
        touched_at=at,
        kind=new.kind,
        direction=new.direction,
        channel=new.channel,
        happened_at=new.happened_at,
        subject=new.subject[:500],
        from_name=new.from_name[:300],
        from_address=new.from_address[:320],
        author=new.author,
        fingerprint=new.fingerprint,
        thread=new.thread or new.id,
        live=new.live,
        automatic=new.automatic,
        trust=new.trust,
        minutes=new.minutes,
        files_count=min(len(new.files), 32767),
        parts=new.parts,
        unfiled_because="" if new.filed else new.unfiled_because[:400],
    )


def _file(new: NewInteraction, described: tuple[str, str, int, str, bool, str]) -> File:
    name, content_type, size, sha256, inline, content_id = described
    return File(
        interaction_id=new.id,
        deal_id=(new.filed or {}).get("deal"),
        added_by=new.author,
        name=name[:255],
        content_type=content_type[:120],
        size=size,
        sha256=sha256,
        inline=inline,
        content_id=content_id[:255],
    )


def _load_rows(batch: Batch, entries: list[Entry], expected: Mapping[UUID, int]) -> None:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for (kind, record_id), _theirs in runs(entries):
        wanted[kind].add(record_id)
    for kind, ids in sorted(wanted.items()):
        load(batch, kind, ids)
        for record_id in ids - {loaded for name, loaded in batch.rows if name == kind}:
            batch.rows[kind, record_id] = _new_row(kind, record_id, batch.at)
            batch.new.add((kind, record_id))
    _refuse_conflicts(batch, expected)


def _load_filing_targets(batch: Batch, entries: list[Entry]) -> None:
    """Filing changes what a deal has to show, so its time moves on as if a fact had been recorded on it."""
    filed = [entry.value for entry in entries if entry.kind == "interaction" and entry.field == "filed" and entry.value]
    shown = [batch.row("interaction", e.record_id) for e in entries if e.kind == "interaction" and e.field == "shows"]
    load(batch, "deal", {UUID(value["deal"]) for value in filed if value.get("deal")})
    load(batch, "deal", {row.deal_id for row in shown if row.deal_id})


def load(batch: Batch, kind: str, ids: Iterable[UUID]) -> None:
    """Bring the rows of these ids into the batch, locked for writing; ids that don't exist are left out."""
    wanted = {record_id for record_id in ids if (kind, record_id) not in batch.rows}
    batch.rows.update({(kind, one): batch.read[kind, one] for one in sorted(wanted) if (kind, one) in batch.read})
    missing = {record_id for record_id in wanted if (kind, record_id) not in batch.rows}
    if not missing:
        return
    rows = kind_named(kind).model.objects.unscoped(CALLER).filter(pk__among=missing).order_by("pk")  # type: ignore[attr-defined]
    for row in rows.select_for_update() if connection.features.has_select_for_update else rows:
        batch.rows[kind, row.pk] = row


def _new_row(kind: str, record_id: UUID, at: datetime) -> Record:
    known = kind_named(kind)
    told: dict[str, Any] = {"id": record_id, "recorded_at": at, "touched_at": at}
    plain, changing = _empty(kind)
    return made(known.model, plain | {name: type(value)(value) for name, value in changing} | told)


@lru_cache(maxsize=50)
def _empty(kind: str) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """Return what a new row of a kind holds before anything is told of it, by attribute.

    Apart stand the lists and dictionaries: each row gets its own.
    """
    known = kind_named(kind)
    row = known.model(**known.defaults)
    held = {name: value for name, value in row.__dict__.items() if name != "_state"}
    changing = [(name, value) for name, value in held.items() if isinstance(value, dict | list)]
    assert not any(value for _name, value in changing), "a default that holds something would be shared"
    return held, changing


def _refuse_conflicts(batch: Batch, expected: Mapping[UUID, int]) -> None:
    for (_kind, record_id), row in batch.rows.items():
        if record_id in expected and row.version != expected[record_id]:
            raise Conflict(
                _("Somebody changed this meanwhile. Look at the new values, then save again; yours are kept here."),
                row.version,
            )


def _keep_time_moving(batch: Batch) -> None:
    """Recorded time never stands still or runs back on one record, whatever the machine's clock does."""
    latest = max((row.touched_at for row in batch.rows.values() if row.version), default=None)
    if latest is not None and latest >= batch.at:
        batch.at = latest + timedelta(microseconds=1)
        for kind, record_id in batch.new:
            if kind != "interaction":
                batch.rows[kind, record_id].recorded_at = batch.at


def _append(batch: Batch, entries: list[Entry]) -> None:
    drawn = zip(uuid7s(len(entries)), _salts(len(entries)), strict=True)
    for key, theirs in runs(entries):
        row = batch.rows[key]
        for entry in theirs:
            fact = _fact(batch, entry, row, *next(drawn))
            batch.facts.append(fact)
            if fold(row.values, fact):
                batch.current.append(fact)
                land(row, fact)
            row.version, row.head = fact.seq, fact.digest
        row.touched_at = batch.at
        batch.told.add(key)
    insert_rows(batch.facts)


SALT = 16
"""Bytes."""


def _salts(count: int) -> Iterator[bytes]:
    random = os.urandom(SALT * count)
    return (random[start : start + SALT] for start in range(0, SALT * count, SALT))


def _fact(batch: Batch, entry: Entry, row: Record, pk: UUID, salt: bytes) -> Fact:
    start, end = entry.span or (None, None)
    told = {
        "id": pk,
        "record_kind": entry.kind,
        "record_id": entry.record_id,
        "seq": row.version + 1,
        "field": entry.field,
        "value": entry.value,
        "status": entry.status,
        "said_by_id": batch.by.member.pk if batch.by.member else None,
        "channel": batch.by.channel,
        "interaction_id": entry.interaction_id,
        "words": entry.words,
        "span_start": start,
        "span_end": end,
        "reader": entry.reader or batch.by.program,
        "confidence": entry.confidence,
        "because": entry.because[:400],
        "happened_at": entry.happened_at or batch.at,
        "recorded_at": batch.at,
        "key": entry.key,
        "settles_id": entry.settles,
        "replaces_id": entry.replaces,
        "map_version": batch.map_version,
        "salt": salt,
        "digest": b"",
    }
    fact = made(Fact, told)
    fact.digest = digest(bytes(row.head), fact.salt, fact)
    return fact


def land(row: Record, fact: Fact) -> None:
    """Put a folded value into the columns of its row. Pure on the row; shared with the rebuild."""
    landing = kind_named(fact.record_kind).landings.get(fact.field)
    if landing is None:
        return
    before = getattr(row, "status", "")
    for column, value in landing(fact.value).items():
        setattr(row, column, value)
    if fact.field == "stage":
        row.stage_since = fact.happened_at  # type: ignore[attr-defined]
    if fact.record_kind == "deal":
        _date(row, before, fact)
    if fact.field == "filed":
        row.filed_at = fact.recorded_at if fact.value else None  # type: ignore[attr-defined]
    if fact.field == "set_aside":
        row.set_aside_at = fact.recorded_at if fact.value else None  # type: ignore[attr-defined]


def _date(deal: Any, before: str, fact: Fact) -> None:
    """A deal is opened by the first thing told of it, and decided when it is won or lost; not when its work is done."""
    if deal.opened_at is None:
        deal.opened_at = fact.happened_at
    if fact.field != "status":
        return
    if deal.status not in {"won", "done", "lost"}:
        deal.decided_at, deal.decided_owner_id, deal.decided_desk = None, None, ""
    elif not (deal.status == "done" and before == "won" and deal.decided_at):
        deal.decided_at, deal.decided_owner_id, deal.decided_desk = fact.happened_at, deal.owner_id, deal.desk


def _save_rows(batch: Batch) -> None:
    by_kind: dict[str, list[Record]] = defaultdict(list)
    for (kind, _record_id), row in batch.rows.items():
        by_kind[kind].append(row)
    for kind in sorted(by_kind, key=_references_first):
        insert_rows([row for row in by_kind[kind] if (kind, row.pk) in batch.new])
        update_rows([row for row in by_kind[kind] if (kind, row.pk) not in batch.new], _changing_columns(kind))


def _changing_columns(kind: str) -> list[str]:
    fields = kind_named(kind).model._meta.concrete_fields
    return [f.name for f in fields if not f.primary_key and f.name not in _FIXED.get(kind, ("recorded_at",))]


_ORDER = {"company": 0, "contact": 1, "deal": 2, "interaction": 3}
_FIXED = {
    "interaction": {
        "recorded_at", "kind", "direction", "channel", "happened_at", "subject", "from_name", "from_address", "author",
        "fingerprint", "thread", "live", "automatic", "trust", "minutes", "files_count", "parts",
    }
}  # fmt: skip


def _references_first(kind: str) -> int:
    return _ORDER.get(kind, 9)


def _derive_events(batch: Batch) -> None:
    refiled = [
        f.record_id for f in batch.current if f.field == "filed" and (f.record_kind, f.record_id) not in batch.new
    ]
    if refiled:
        proofs.withdraw_filing(batch, refiled)
    current = set(map(id, batch.current))
    for key, facts in groupby(batch.facts, _ABOUT):
        row = batch.rows[key]
        for fact in facts:
            if tells(fact, id(fact) in current):
                batch.events += events_of_fact(row, fact)
    insert_rows(batch.events)


def tells(fact: Fact, is_current: bool) -> bool:
    """Whether a fact means that something happened. What arrives late happened all the same, unless it only files."""
    return is_current or (fact.status == "confirmed" and fact.record_kind != "interaction")


def events_of_fact(row: Record, fact: Fact) -> list[Event]:
    """Return the events that follow from one folded fact, filing included. Shared with the rebuild."""
    about = row if isinstance(row, Interaction) else None
    known_at = fact.recorded_at
    meant = kind_named(fact.record_kind).happenings(row, fact)
    made = happenings.as_events(meant, fact=fact, interaction=about, known_at=known_at)
    if about and fact.field == "filed" and fact.value:
        made += happenings.as_events(happenings.of_interaction(about), fact=None, interaction=about, known_at=known_at)
    return made
