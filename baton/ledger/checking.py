"""Rebuilds what follows from the ledger, and says where the stored rows differ.

Facts, interactions and published maps are read; rows, events, spans, seats and look-ups are worked out anew with the
same pure functions that `record()` uses, and compared. Works through the records in slices, so that a million take
time but not memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from baton.ledger import indexes
from baton.ledger.chain import digest
from baton.ledger.folding import fold
from baton.ledger.kinds import RecordKind, kinds
from baton.ledger.models import Address, DealSeat, Event, Fact, FieldIndex, Interaction, Record
from baton.ledger.recording import events_of_fact, land, tells
from baton.ledger.replaying import Replay
from baton.ledger.unmerged import Merges

CALLER = "ledger.checking"
SLICE = 400
FROM_EVENTS = {"evidence", "shown", "last_heard_at"}
"""Columns that follow from events; compared when those are known. So does when a deal was last touched."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a stored row isn't what the ledger says."""

    kind: str
    record_id: str
    what: str
    expected: str
    found: str


@dataclass(slots=True)
class Report:
    """What was looked at, and what differed."""

    records: int = 0
    facts: int = 0
    differences: list[Difference] = field(default_factory=list)
    tell: Callable[[str, int, int], None] = lambda what, done, total: None
    """Hears what is being looked at, how many of it are done, and of how many."""

    def slices(self, what: str, ids: Iterable[Any]) -> Iterator[list[Any]]:
        """Yield the ids as `slices()` does, and tell how far it is."""
        listed, done = list(ids), 0
        for part in slices(listed):
            self.tell(what, done, len(listed))
            yield part
            done += len(part)
        self.tell(what, done, len(listed))

    def differs(self, kind: str, record_id: Any, what: str, expected: Any, found: Any) -> None:
        """Note a difference."""
        self.differences.append(Difference(kind, str(record_id), what, str(expected)[:200], str(found)[:200]))

    def compare(self, kind: str, record_id: Any, what: str, expected: Any, found: Any) -> None:
        """Note a difference where there is one."""
        if expected != found:
            self.differs(kind, record_id, what, expected, found)


def check_ledger(report: Report) -> Replay:
    """Compare every record, event and look-up; return what the comparison of spans and duties goes on with."""
    replay, merges = Replay(), Merges.load()
    for kind in _interactions_first():
        listed = kind.model.objects.unscoped(CALLER).order_by("pk").values_list("pk", flat=True)  # type: ignore[attr-defined]
        for ids in report.slices(f"records: {kind.name}", listed):
            _check_slice(kind, ids, report, replay, merges)
    _check_strays(report)
    return replay


def _interactions_first() -> list[RecordKind]:
    return sorted((kind for kind in kinds() if kind.name != "duty"), key=lambda kind: kind.name != "interaction")


def slices(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the ids in slices of one query's size. The ids are listed before rows are read."""
    listed = list(ids)
    for start in range(0, len(listed), SLICE):
        yield listed[start : start + SLICE]


def _check_slice(kind: RecordKind, ids: list[UUID], report: Report, replay: Replay, merges: Merges) -> None:
    rows = kind.model.objects.unscoped(CALLER).in_bulk(ids)  # type: ignore[attr-defined]
    facts = facts_of(kind.name, ids)
    events: list[Event] = []
    joined: dict[UUID, Any] = {}
    for record_id, stored in rows.items():
        rebuilt, made = rebuild(kind, stored, facts[record_id])
        merges.follow(kind, rebuilt, made)
        joined |= {record_id: rebuilt} if merges.touches(kind.name, record_id) else {}
        _check_chain(kind, stored, facts[record_id], report)
        _check_row(kind, rebuilt, stored, report)
        events += made
        replay.note(kind.name, rebuilt, facts[record_id])
    report.records += len(rows)
    report.facts += sum(len(found) for found in facts.values())
    _check_events(kind, ids, events, report)
    _check_look_ups(kind, ids, facts, joined, report)


def facts_of(kind: str, ids: Iterable[UUID]) -> dict[UUID, list[Fact]]:
    """Return record id → its facts in order."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in (
        Fact.objects.unscoped(CALLER).filter(record_kind=kind, record_id__in=list(ids)).order_by("record_id", "seq")
    ):
        found[fact.record_id].append(fact)
    return found


def rebuild(kind: RecordKind, stored: Record, facts: list[Fact]) -> tuple[Any, list[Event]]:
    """Fold a record's facts as they were recorded; return the row they give and the events they mean."""
    row = _blank(kind, stored, facts)
    filing: list[Event] = []
    other: list[Event] = []
    for _at, together in groupby(facts, key=lambda fact: fact.recorded_at):
        telling = [fact for fact in list(together) if tells(fact, _fold_into(row, fact))]
        for fact in telling:
            made = events_of_fact(row, fact)
            if isinstance(row, Interaction) and fact.field == "filed":
                filing = made
                _restate(other, row, fact)
            else:
                other += made
    return row, other + filing


def _blank(kind: RecordKind, stored: Record, facts: list[Fact]) -> Any:
    """Start from nothing; of an interaction, from what it was, which is itself part of the ledger."""
    if isinstance(stored, Interaction):
        core = {name: getattr(stored, name) for name in CORE}
        return Interaction(id=stored.pk, touched_at=stored.recorded_at, **core)
    began = facts[0].recorded_at if facts else stored.recorded_at
    return kind.model(id=stored.pk, recorded_at=began, touched_at=began, **kind.defaults)


CORE = (
    "recorded_at", "kind", "direction", "channel", "happened_at", "subject", "from_name", "from_address", "author_id",
    "fingerprint", "thread", "live", "automatic", "trust", "minutes", "files_count", "parts", "unfiled_because",
)  # fmt: skip


def _fold_into(row: Any, fact: Fact) -> bool:
    is_current = fold(row.values, fact)
    if is_current:
        land(row, fact)
    row.version, row.head, row.touched_at = fact.seq, bytes(fact.digest), fact.recorded_at
    return is_current


def _restate(events: list[Event], row: Interaction, fact: Fact) -> None:
    """What members found in an interaction follows it to where it was filed later."""
    for event in events:
        event.deal_id, event.contact_id, event.company_id = row.deal_id, row.contact_id, row.company_id
        event.known_at = fact.recorded_at


def _check_chain(kind: RecordKind, stored: Record, facts: list[Fact], report: Report) -> None:
    previous = b""
    for number, fact in enumerate(facts, start=1):
        if fact.seq != number or bytes(fact.digest) != digest(previous, bytes(fact.salt), fact):
            report.differs(kind.name, stored.pk, f"chain of facts at {number}", "sealed", "broken")
            return
        previous = bytes(fact.digest)


def _check_row(kind: RecordKind, rebuilt: Any, stored: Record, report: Report) -> None:
    for column in stored._meta.concrete_fields:
        if column.name not in FROM_EVENTS and (kind.name, column.name) != ("deal", "touched_at"):
            expected, found = plain(getattr(rebuilt, column.attname)), plain(getattr(stored, column.attname))
            report.compare(kind.name, stored.pk, column.name, expected, found)


def plain(value: Any) -> Any:
    """Return a value so that equal ones compare equal, however a database hands them out."""
    return bytes(value) if isinstance(value, memoryview | bytes | bytearray) else value


def _check_events(kind: RecordKind, ids: list[UUID], expected: list[Event], report: Report) -> None:
    rows = Event.objects.unscoped(CALLER).filter(fact__record_kind=kind.name, fact__record_id__in=ids)
    stored = {event.pk: event for event in rows}
    if kind.name == "interaction":
        filing = Event.objects.unscoped(CALLER).filter(interaction__in=ids, fact__isnull=True)
        stored |= {event.pk: event for event in filing}
    compare_rows("event", {event.pk: event for event in expected}, stored, report)


def compare_rows(kind: str, expected: dict[Any, Any], stored: dict[Any, Any], report: Report) -> None:
    """Compare two sets of rows by id, column by column."""
    for record_id in expected.keys() - stored.keys():
        report.differs(kind, record_id, "row", expected[record_id], "missing")
    for record_id in stored.keys() - expected.keys():
        report.differs(kind, record_id, "row", "none", stored[record_id])
    for record_id in expected.keys() & stored.keys():
        for column in stored[record_id]._meta.concrete_fields:
            wanted, found = getattr(expected[record_id], column.attname), getattr(stored[record_id], column.attname)
            report.compare(kind, record_id, column.name, plain(wanted), plain(found))


Joined = dict[UUID, Any]
"""Record id → its rebuilt row, for those that were merged or that show what merged ones knew."""


def _check_look_ups(
    kind: RecordKind, ids: list[UUID], facts: dict[UUID, list[Fact]], joined: Joined, report: Report
) -> None:
    if kind.name in {"contact", "company"}:
        _check_addresses(kind, ids, facts, joined, report)
    if kind.name in {"deal", "contact", "company"}:
        _check_fields(kind, ids, facts, joined, report)
    if kind.name == "deal":
        _check_seats(ids, facts, report)


def _current(facts: list[Fact]) -> dict[str, Fact]:
    values: dict[str, Any] = {}
    return {fact.field: fact for fact in facts if fold(values, fact)}


def _check_addresses(
    kind: RecordKind, ids: list[UUID], facts: dict[UUID, list[Fact]], joined: Joined, report: Report
) -> None:
    stored: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for owner, sort, value in Address.objects.filter(**{f"{kind.name}__in": ids}).values_list(
        f"{kind.name}_id", "kind", "value"
    ):
        stored[owner].add((sort, value))
    for record_id in ids:
        lists = _lists(facts[record_id], joined.get(record_id))
        expected = {(sort, v) for name, sort in indexes.ADDRESSES.items() for v in lists[name]}
        report.compare(kind.name, record_id, "addresses", expected, stored[record_id])


def _lists(facts: list[Fact], row: Any) -> dict[str, Iterable[str]]:
    if row is not None:
        return {name: indexes.addresses_of(row, name) for name in indexes.ADDRESSES}
    current = _current(facts)
    return {name: indexes.addresses_in(current.get(name)) for name in indexes.ADDRESSES}


def _check_fields(
    kind: RecordKind, ids: list[UUID], facts: dict[UUID, list[Fact]], joined: Joined, report: Report
) -> None:
    stored = {
        (row.record_id, row.field): row for row in FieldIndex.objects.filter(record_kind=kind.name, record_id__in=ids)
    }
    expected = {
        (record_id, fact.field): indexes.field_row(kind.name, record_id, fact.field, fact.value)
        for record_id in ids
        for fact in _current(facts[record_id]).values()
        if indexes.is_map_field(fact)
    }
    for record_id, row in joined.items():
        expected |= {(record_id, one.field): one for one in indexes.joined_rows(kind.name, row)}
    for key in expected.keys() | stored.keys():
        report.compare(kind.name, key[0], f"index of {key[1]}", _typed(expected.get(key)), _typed(stored.get(key)))


def _typed(row: FieldIndex | None) -> Any:
    return (row.text, row.number, row.moment) if row else None


def _check_seats(ids: list[UUID], facts: dict[UUID, list[Fact]], report: Report) -> None:
    stored: dict[UUID, set[str]] = defaultdict(set)
    for deal, member in DealSeat.objects.filter(deal__in=ids).values_list("deal_id", "member_id"):
        stored[deal].add(str(member))
    for record_id in ids:
        values: dict[str, Any] = {}
        owners = {f.value for f in facts[record_id] if fold(values, f) and f.field == "owner" and f.value}
        report.compare("deal", record_id, "seats", owners, stored[record_id])


def _check_strays(report: Report) -> None:
    """Facts of no record, and events that stand on nothing."""
    for kind in kinds():
        known = kind.model.objects.unscoped(CALLER).values("pk")  # type: ignore[attr-defined]
        strays = Fact.objects.unscoped(CALLER).filter(record_kind=kind.name).exclude(record_id__in=known)
        for record_id in strays.values_list("record_id", flat=True).distinct()[:100]:
            report.differs(kind.name, record_id, "row", "a row for its facts", "missing")
    for event in Event.objects.unscoped(CALLER).filter(fact__isnull=True, interaction__isnull=True)[:100]:
        report.differs("event", event.pk, "row", "something it stands on", "nothing")
