"""What a message says of the fields that somebody needs: a reading near their words, a sentence, a name, a file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from baton.capture.arrival import Arrival
from baton.capture.grammar.reading import Reading
from baton.capture.needing import heard_as, heard_pattern, readings_for
from baton.ledger import text
from baton.ledger.items import item
from baton.map.elements import Field

LEAST_SURE = 0.45
FURTHEST = 160
"""Characters between a value and the words that say which field it is."""
NAME = re.compile(r"\b[A-ZČĆŽŠĐÄÖÜ][\w'’-]+ (?:[A-Z]\. )?[A-ZČĆŽŠĐÄÖÜ][\w'’-]+\b")
SENTENCE = re.compile(r"[^.!?\n]{8,400}[.!?]?")
DECIDING = re.compile(r"\b(?:sign|decide|decision|approve|order by|entscheid|unterschr|odluk|potpis)", re.IGNORECASE)

folded = lru_cache(maxsize=2048)(text.folded)
"""The sentences of a message are held against the words of every field, and against what waits already."""


@dataclass(slots=True)
class Said:
    """One value for one field, with the place and the words it was read from."""

    field: str
    value: Any
    start: int
    end: int
    words: str
    confidence: float


Taker = tuple[Field, re.Pattern[str] | None]
"""A field that a kind of reading may tell, and what finds its words."""


def of_fields(arrival: Arrival, fields: list[Field]) -> Iterator[Said]:
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
