"""Suggestions: what a filed message says that somebody needs to know, with the words it stands in.

They wait until a person confirms, changes or dismisses them. Only a message of our own that carries a quote confirms
what it contains: it was sent, so it was said.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from baton.capture.arrival import Arrival
from baton.capture.grammar.reading import Reading
from baton.capture.needing import current, heard_as, heard_pattern, readings_for, wanted_fields
from baton.capture.promising import due_moment, promise_entries
from baton.kernel.clock import stamp
from baton.ledger import text
from baton.ledger.entries import Entry
from baton.ledger.items import added, are_items, item
from baton.ledger.models import Contact, Deal
from baton.map.elements import Field
from baton.map.schema import OperatingMap

READER = "grammar:1"
STALE = timedelta(days=60)
"""Promises, asks and steps in mail older than this are history: nobody is asked about them."""
LEAST_SURE = 0.45
FURTHEST = 160
"""Characters between a value and the words that say which field it is."""
NAME = re.compile(r"\b[A-ZČĆŽŠĐÄÖÜ][\w'’-]+ (?:[A-Z]\. )?[A-ZČĆŽŠĐÄÖÜ][\w'’-]+\b")
SENTENCE = re.compile(r"[^.!?\n]{8,400}[.!?]?")
DECIDING = re.compile(r"\b(?:sign|decide|decision|approve|order by|entscheid|unterschr|odluk|potpis)", re.IGNORECASE)
RECORDED_AS = {"promise": "promise", "ask": "asked"}

folded = lru_cache(maxsize=2048)(text.folded)
"""The sentences of a message are held against the words of every field, and against what waits already."""


@dataclass(slots=True)
class Source:
    """The message that suggestions come from, once it is filed: which record, when, which way, how trusted, whose."""

    interaction: UUID
    happened_at: datetime
    direction: str
    trust: str
    author: UUID | None = None


@dataclass(slots=True)
class Said:
    """One value for one field, with the place and the words it was read from."""

    field: str
    value: Any
    start: int
    end: int
    words: str
    confidence: float


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
    for said in _best_of_each(_of_fields(arrival, wanted_fields(operating_map, deal))):
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


# Fields


Taker = tuple[Field, re.Pattern[str] | None]
"""A field that a kind of reading may tell, and what finds its words."""


def _of_fields(arrival: Arrival, fields: list[Field]) -> Iterator[Said]:
    takers: dict[str, list[Taker]] = defaultdict(list)
    for wanted in fields:
        for kind in readings_for(wanted):
            takers[kind].append((wanted, heard_pattern(heard_as(wanted))))
    for reading in arrival.readings:
        if reading.confidence >= LEAST_SURE:
            yield from _of_reading(reading, takers[reading.kind])
    sentences = [(found[0], found.start()) for found in SENTENCE.finditer(arrival.text)]
    for wanted in fields:
        if wanted.type == "file":
            yield from _of_files(arrival, wanted)
        elif not readings_for(wanted):
            yield from _of_sentences(sentences, wanted)
        elif wanted.type == "contact":
            yield from _of_names(sentences, wanted)


def _of_reading(reading: Reading, takers: list[Taker]) -> Iterator[Said]:
    """A reading goes to the field whose words stand nearest to it in the sentence."""
    near = [(distance, each) for each, heard in takers if (distance := _distance(each, heard, reading)) is not None]
    if not near:
        return
    taker = min(near, key=lambda pair: pair[0])[1]
    value = value_of(taker, reading)
    if value is not None:
        yield Said(taker.id, value, reading.start, reading.end, reading.sentence, reading.confidence)


def _distance(wanted: Field, heard: re.Pattern[str] | None, reading: Reading) -> int | None:
    """How far the field's words stand from the reading in its sentence; None where they don't."""
    if wanted.id == "amount":
        return 500
    if wanted.id == "close_date":
        return 400 if DECIDING.search(reading.sentence) else None
    place = reading.start - reading.sentence_start
    found = heard.finditer(folded(reading.sentence)) if heard else ()
    apart = [abs(place - each.start()) for each in found]
    return min((each for each in apart if each <= FURTHEST), default=None)


def value_of(wanted: Field, reading: Reading) -> Any:
    """Return what a reading says as the value of a field, None where it doesn’t fit."""
    value = reading.value
    match reading.kind:
        case "date" | "time":
            return _day(value) if wanted.type == "date" else value.get("at")
        case "amount":
            return {"minor": value["minor"], "currency": value["currency"]}
        case "hours":
            return _hours(value)
        case "role":
            return {"name": value["person"]} if value.get("person") else None
    return value if isinstance(value, str) else None


def _day(value: dict[str, Any]) -> str:
    return value.get("date") or value["at"][:10]


def _hours(value: dict[str, Any]) -> str | None:
    after, before = value.get("after"), value.get("before")
    if after and before:
        return f"{after}–{before}"
    return f"after {after}" if after else f"before {before}" if before else None


Sentences = list[tuple[str, int]]


def _hearing(sentences: Sentences, wanted: Field) -> Iterator[tuple[str, int]]:
    """Yield the sentences in which the field's words stand, each with where it begins."""
    words = heard_pattern(heard_as(wanted)) if wanted.heard_as else None
    if words is None:
        return
    for found, start in sentences:
        if words.search(folded(found)):
            yield found.strip(), start + len(found) - len(found.lstrip())


def _of_sentences(sentences: Sentences, wanted: Field) -> Iterator[Said]:
    for sentence, start in _hearing(sentences, wanted):
        value: Any = sentence
        if wanted.type == "choice":
            value = next(
                (c for c in wanted.choices if re.search(rf"\b{re.escape(folded(c))}\b", folded(sentence))), None
            )
        elif wanted.type == "items":
            value = [item(sentence)]
        elif wanted.type not in {"text", "long text"}:
            value = None
        if value is not None:
            yield Said(wanted.id, value, start, start + len(sentence), sentence, 0.5)


def _of_names(sentences: Sentences, wanted: Field) -> Iterator[Said]:
    for sentence, start in _hearing(sentences, wanted):
        name = NAME.search(sentence)
        if name:
            place = start + name.start()
            yield Said(wanted.id, {"name": name[0]}, place, place + len(name[0]), sentence, 0.6)


def _of_files(arrival: Arrival, wanted: Field) -> Iterator[Said]:
    plain = folded(str(wanted.name)).replace("-", " ")
    for index, file in enumerate(arrival.files):
        if plain in folded(re.sub(r"[_-]+", " ", file.name)):
            yield Said(wanted.id, {"name": file.name, "sha256": file.sha256}, index, index + 1, file.name, 0.8)


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
