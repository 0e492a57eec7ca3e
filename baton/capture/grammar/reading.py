"""One thing read out of a text, with the words it was read from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, where, and how sure the grammar is.

    `value` is JSON-able and depends on `kind`:

    - date: `{"date": "2026-12-01"}`, or `{"at": "2026-12-01T10:00:00+00:00"}` with a time; spans of
      time add `"until"` (their last day)
    - amount: `{"minor", "currency", "about", "per"}`; a range adds `"from"` (minor) and `minor` is its upper end
    - promise: `{"what", "due", "who"}`, `who` is "us" or "them"; ask: `{"what", "by"}`; next_step: `{"what", "at"}`
    - approval: `{"of"}`; document: `{"kind", "number"}`; exception: `{"category", "what"}`
    - hours: `{"after", "before"}` as "HH:MM" or None; role: `{"role", "person"}`; phone: E.164; email, url: text

    `start` and `end` count characters of the text as given; `confidence` runs from 0 to 1.
    """

    kind: str
    value: Any
    start: int
    end: int
    sentence: str
    sentence_start: int
    confidence: float
    language: str


def without_overlaps(readings: list[Reading]) -> list[Reading]:
    """Sort by place and keep the surest reading where two of one kind cover the same words."""
    kept: list[Reading] = []
    last: dict[str, int] = {}
    for reading in sorted(readings, key=lambda r: (r.start, -r.confidence, -r.end, r.kind)):
        place = last.get(reading.kind)
        if place is None or kept[place].end <= reading.start:
            last[reading.kind] = len(kept)
            kept.append(reading)
        elif reading.confidence > kept[place].confidence:
            kept[place] = reading
    return sorted(kept, key=lambda r: (r.start, r.end, r.kind))
