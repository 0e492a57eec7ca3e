"""Suggestions: what a filed message says that somebody needs to know, with the words it stands in.

They wait until a person confirms, changes or dismisses them. Only a message of our own that carries a quote confirms
what it contains: it was sent, so it was said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from baton.capture.arrival import Arrival
from baton.capture.grammar.reading import Reading
from baton.capture.hearing import LEAST_SURE, Said, folded, of_fields
from baton.capture.needing import current, wanted_fields
from baton.capture.promising import due_moment, promise_entries
from baton.kernel.clock import stamp
from baton.ledger.entries import Entry
from baton.ledger.items import added, are_items
from baton.ledger.models import Contact, Deal
from baton.map.schema import OperatingMap

READER = "grammar:1"
STALE = timedelta(days=60)
"""Promises, asks and steps in mail older than this are history: nobody is asked about them."""
RECORDED_AS = {"promise": "promise", "ask": "asked"}


@dataclass(slots=True)
class Source:
    """The message that suggestions come from, once it is filed: which record, when, which way, how trusted, whose."""

    interaction: UUID
    happened_at: datetime
    direction: str
    trust: str
    author: UUID | None = None


@dataclass(slots=True)
class Pending:
    """Values that wait already, so that the same thing said twice is asked once: (record id, field) → values.

    `unread` are those that lie as JSON as the database keeps them; most are never compared with anything.
    """

    values: dict[tuple[UUID, str], list[Any]] = field(default_factory=dict)
    unread: dict[tuple[UUID, str], list[str]] = field(default_factory=dict)

    def has(self, record_id: UUID, name: str, value: Any) -> bool:
        key = record_id, name
        if key in self.unread:
            self.values.setdefault(key, []).extend(map(_read, self.unread.pop(key)))
        return any(same(value, other) for other in self.values.get(key, ()))

    def add(self, record_id: UUID, name: str, value: Any) -> None:
        self.values.setdefault((record_id, name), []).append(value)


_read = lru_cache(maxsize=2048)(json.loads)
"""What waits on a deal that many write about is read again with every batch. Nobody changes what this returns."""


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same: money by amount and currency, what is to be done by its words and time."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = ("minor", "currency") if "minor" in one else ("what", "due_at", "at") if "what" in one else tuple(one)
        return all(one.get(key) == other.get(key) for key in keys)
    if isinstance(one, str) and isinstance(other, str):
        return one == other or folded(one) == folded(other)
    return one == other


def suggest(
    arrival: Arrival,
    source: Source,
    deal: Deal | None,
    contact: Contact | None,
    operating_map: OperatingMap,
    pending: Pending,
    at: datetime,
) -> list[Entry]:
    """Return the entries that a filed message gives: suggestions, and what a quote of ours confirms."""
    if arrival.machine:
        return []
    entries: list[Entry] = []
    if deal is not None and deal.status in {"open", "won"}:
        confirmed = list(_confirmed_by_quote(arrival, source, deal, operating_map, at))
        entries += confirmed
        done = {entry.span for entry in confirmed}
        told = _of_deal(arrival, source, deal, operating_map, at)
        entries += _asked(told, "deal", deal.pk, source, pending, done)
    if contact is not None and source.direction == "in":
        entries += _asked(_of_contact(arrival, contact), "contact", contact.pk, source, pending, set())
    return entries


def _asked(
    told: Iterator[Said], kind: str, record_id: UUID, source: Source, pending: Pending, done: set[Any]
) -> list[Entry]:
    entries = []
    for said in told:
        if (said.start, said.end) in done or pending.has(record_id, said.field, said.value):
            continue
        pending.add(record_id, said.field, said.value)
        entries.append(_entry(kind, record_id, said, source, "suggested"))
    return entries


def _entry(kind: str, record_id: UUID, said: Said, source: Source, status: str) -> Entry:
    return Entry(
        kind,
        record_id,
        said.field,
        said.value,
        status=status,
        happened_at=source.happened_at,
        interaction_id=source.interaction,
        words=said.words[:1000],
        span=(said.start, said.end),
        reader=READER,
        confidence=round(said.confidence, 2),
        key=f"{READER}:{source.interaction}:{said.start}-{said.end}:{said.field}:{record_id}",
    )


def _of_deal(arrival: Arrival, source: Source, deal: Deal, operating_map: OperatingMap, at: datetime) -> Iterator[Said]:
    for said in _best_of_each(of_fields(arrival, wanted_fields(operating_map, deal))):
        if not is_known(said.value, current(deal, said.field)):
            yield said
    if at - source.happened_at <= STALE:
        yield from _of_commitments(arrival, operating_map)
        if not deal.next_step:
            yield from _next_step(arrival, operating_map)


def is_known(value: Any, kept: Any) -> bool:
    """Whether a field has this value, or its list these items."""
    if value and are_items(value):
        return added(kept, value) == (kept or [])
    return same(value, kept)


def _best_of_each(found: Iterator[Said]) -> list[Said]:
    """One suggestion a field and message: the surest, and of equally sure ones what was said last."""
    best: dict[str, Said] = {}
    for said in found:
        if said.field not in best or said.confidence >= best[said.field].confidence:
            best[said.field] = said
    return list(best.values())


# What is owed


def _of_commitments(arrival: Arrival, operating_map: OperatingMap) -> Iterator[Said]:
    """Promises, ours and theirs; and what was asked of us, which is no promise."""
    for reading in arrival.readings:
        if reading.kind in RECORDED_AS and reading.confidence >= LEAST_SURE:
            value = commitment(reading, operating_map)
            yield Said(
                RECORDED_AS[reading.kind], value, reading.start, reading.end, reading.sentence, reading.confidence
            )


def commitment(reading: Reading, operating_map: OperatingMap) -> dict[str, Any]:
    """Return a promise or an ask as it is kept: {"what", "due_at", "who": us|them|asked}."""
    due = reading.value.get("due") or reading.value.get("by")
    who = reading.value.get("who", "us") if reading.kind == "promise" else "asked"
    moment = due_moment(due, operating_map.hours) if due else None
    return {"what": str(reading.value["what"])[:400], "due_at": stamp(moment) if moment else None, "who": who}


def _next_step(arrival: Arrival, operating_map: OperatingMap) -> Iterator[Said]:
    steps = [r for r in arrival.readings if r.kind == "next_step" and r.value.get("at") and r.confidence >= LEAST_SURE]
    for reading in steps[:1]:
        at = due_moment(reading.value["at"], operating_map.hours)
        value = {"what": str(reading.value["what"])[:400], "at": stamp(at)}
        yield Said("next_step", value, reading.start, reading.end, reading.sentence, reading.confidence)


# Whoever wrote


def _of_contact(arrival: Arrival, contact: Contact) -> Iterator[Said]:
    """What a message and its signature tell of whoever wrote it, only where it isn't known yet."""
    signed, own = arrival.signed, _own_phone(arrival)
    if own and not contact.phone:
        yield Said("phones", [own.value], own.start, own.end, own.sentence, own.confidence)
    elif signed and signed.phones and not contact.phone:
        yield _signed("phones", [signed.phones[0]], "phone", arrival)
    if signed and signed.role and not contact.job:
        yield _signed("job", signed.role, "role", arrival)


REACH_ME = re.compile(
    r"\b(?:my (?:new |direct |cell |mobile |phone |office )*(?:number|cell|mobile|phone|line)|(?:call|reach|ring|"
    r"text|get) me|"
    r"meine (?:neue )?(?:nummer|handynummer|telefonnummer)|(?:erreichen|rufen) sie mich|moj (?:novi )?broj|"
    r"nazovite me)\b"
)


def _own_phone(arrival: Arrival) -> Reading | None:
    """A number in the words that the writer calls their own."""
    phones = (reading for reading in arrival.readings if reading.kind == "phone")
    return next((each for each in phones if REACH_ME.search(folded(each.sentence))), None)


def _signed(name: str, value: Any, part: str, arrival: Arrival) -> Said:
    where = (
        next((each for each in arrival.signed.parts if each.kind.startswith(part)), None) if arrival.signed else None
    )
    start, end = (where.start, where.end) if where else (0, 0)
    words = (arrival.signature or arrival.text[-1500:])[start:end] if where else ""
    return Said(name, value, start, end, words or str(value), 0.8)


# What a quote confirms


def _confirmed_by_quote(
    arrival: Arrival, source: Source, deal: Deal, operating_map: OperatingMap, at: datetime
) -> Iterator[Entry]:
    """A quote sent from a member's own mailbox says the amount and makes its promises; nobody needs to say it again."""
    if source.trust != "own" or source.direction != "out" or not any(kind == "quote" for kind, _n in arrival.documents):
        return
    amount = _amount_quoted(arrival)
    if amount and not same(amount.value, current(deal, "amount")):
        yield _entry("deal", deal.pk, amount, source, "confirmed")
    for reading in arrival.readings:
        if reading.kind == "promise" and reading.value.get("who") == "us" and at - source.happened_at <= STALE:
            value = commitment(reading, operating_map)
            yield from promise_entries(
                value, deal, source.author, source.interaction, reading, at=source.happened_at, reader=READER
            )


def _amount_quoted(arrival: Arrival) -> Said | None:
    """What stands in the quote itself, without tax; else the amount beside its number or word, or the only one."""
    for paper in arrival.papers:
        value = paper.get("net") or paper.get("total")
        if paper["kind"] == "quote" and value:
            return Said("amount", value, 0, 0, _words_of(paper), 0.9)
    amounts = [reading for reading in arrival.readings if reading.kind == "amount"]
    near = [r for r in amounts if re.search(r"quote|quotation|angebot|ponud", folded(r.sentence))]
    chosen = near[:1] if near else amounts if len(amounts) == 1 else []
    for reading in chosen:
        value = {"minor": reading.value["minor"], "currency": reading.value["currency"]}
        return Said("amount", value, reading.start, reading.end, reading.sentence, reading.confidence)
    return None


def _words_of(paper: dict[str, Any]) -> str:
    return f"{paper['file']}: {paper.get('words', '')}"
