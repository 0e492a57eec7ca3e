"""Takes a calendar apart into one small calendar for each meeting (UID), by its lines alone. Pure, without Django.

So one broken event costs only itself, and nothing that a hostile file nests or repeats is ever built up in memory.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from baton.capture.untrusted import Unreadable

MOST_BYTES = 20_000_000
MOST_LINE_BYTES = 1_000_000
MOST_EVENTS = 20_000
MOST_DEPTH = 12
MOST_MEETING_BYTES = 2_000_000
KEPT_HEADERS = (b"METHOD", b"X-WR-TIMEZONE", b"VERSION", b"PRODID", b"CALSCALE")
LINE_ENDS = re.compile(rb"\r\n|\n|\r")
FOLDED = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
TZID = re.compile(rb"TZID[^:\r\n]*?[=:]\"?([^\";:\r\n]+)")
MARKS = (b"\xef\xbb\xbf",)


@dataclass(slots=True)
class _Calendar:
    """What stands around the events of one calendar."""

    headers: list[bytes] = field(default_factory=list)
    zones: list[bytes] = field(default_factory=list)
    events: dict[bytes, list[bytes]] = field(default_factory=dict)


def split_calendar(raw: bytes) -> list[bytes]:
    """Return a calendar of its own for each UID, in order, with its method and its time zones.

    Raises `Unreadable` for what is no calendar, holds no meeting, or is larger or deeper than any program writes.
    """
    if len(raw) > MOST_BYTES:
        raise Unreadable("The calendar is larger than 20 MB.")
    for mark in MARKS:
        raw = raw.removeprefix(mark)
    first = raw[:1000].lstrip()[:20].upper()
    if first.startswith(b"BEGIN:VEVENT"):
        raw = b"BEGIN:VCALENDAR\r\n" + raw
    elif b"BEGIN:VCALENDAR" not in raw.upper():
        raise Unreadable("It is no calendar: it doesn’t begin like one.")
    found = [one for calendar in _calendars(_lines(raw)) for one in _meetings(calendar)]
    if not found:
        raise Unreadable("The calendar holds no meeting.")
    return found


def _lines(raw: bytes) -> Iterator[bytes]:
    for line in LINE_ENDS.split(raw):
        if len(line) > MOST_LINE_BYTES:
            raise Unreadable("A line of the calendar is longer than a million characters.")
        yield line


def _calendars(lines: Iterable[bytes]) -> Iterator[_Calendar]:
    walk = _Walk()
    for line in lines:
        finished = walk.step(line)
        if finished:
            yield finished
    if last := walk.end():
        yield last


class _Walk:
    """Where the walk through the lines stands; a component that is never closed ends with the file."""

    def __init__(self) -> None:
        self.calendar, self.events = _Calendar(), 0
        self.block: list[bytes] = []
        self.open: list[bytes] = []

    def step(self, line: bytes) -> _Calendar | None:
        """Take in one line; return the calendar that ended where another one begins."""
        mark, _colon, name = line.strip().upper().partition(b":")
        if mark == b"BEGIN" and name == b"VCALENDAR" and len(self.open) <= 1:
            finished, self.calendar, self.open = self.calendar, _Calendar(), [name]
            return finished if finished.events else None
        if mark == b"BEGIN":
            self._begin(name)
        self._keep_line(line)
        if mark == b"END":
            self._end(name)
        return None

    def _begin(self, name: bytes) -> None:
        self.open.append(name)
        if len(self.open) > MOST_DEPTH:
            raise Unreadable("It is nested deeper than any calendar.")

    def _keep_line(self, line: bytes) -> None:
        headers = self.calendar.headers
        if len(self.open) > 1:
            self.block.append(line)
        elif line[:1] in b" \t" and headers:
            headers[-1] += line[1:]
        elif line.strip():
            headers.append(line)

    def _end(self, name: bytes) -> None:
        if name not in self.open[1:]:
            return
        while self.open.pop() != name:
            pass
        if len(self.open) == 1:
            self._keep(name)

    def _keep(self, name: bytes) -> None:
        text, self.block = b"\r\n".join(self.block), []
        if name == b"VTIMEZONE":
            self.calendar.zones.append(text)
        if name == b"VEVENT":
            self.calendar.events.setdefault(_uid(text), []).append(text)
            self.events += 1
        if self.events > MOST_EVENTS:
            raise Unreadable("The calendar holds more than 20,000 events.")

    def end(self) -> _Calendar | None:
        """Keep what was never closed; return the last calendar."""
        if self.block and self.block[0].strip().upper() == b"BEGIN:VEVENT":
            self._keep(b"VEVENT")
        return self.calendar if self.calendar.events else None


def _uid(text: bytes) -> bytes:
    """The event's own id; one that has none is known by what it says."""
    for line in FOLDED.sub(b"", text).splitlines():
        if line[:4].upper() == b"UID:" or line[:4].upper() == b"UID;":
            return line.partition(b":")[2].strip()
    return hashlib.sha256(text).hexdigest().encode()


def _meetings(calendar: _Calendar) -> Iterator[bytes]:
    headers = [one for one in calendar.headers if one.upper().startswith(KEPT_HEADERS)]
    zones = {names[1].strip(): zone for zone in calendar.zones if (names := TZID.search(FOLDED.sub(b"", zone)))}
    for uid, events in calendar.events.items():
        used = {name.strip() for event in events for name in TZID.findall(FOLDED.sub(b"", event))}
        parts = [b"BEGIN:VCALENDAR", *headers, *(zones[name] for name in zones if name in used), *events]
        if not any(_has_uid(event) for event in events):
            parts = [*parts[: -len(events)], *(_with_uid(event, uid) for event in events)]
        whole = b"\r\n".join([*parts, b"END:VCALENDAR", b""])
        if len(whole) > MOST_MEETING_BYTES:
            whole = b"\r\n".join([b"BEGIN:VCALENDAR", b"X-TOO-LARGE:1", b"END:VCALENDAR", b""])
        yield whole


def _has_uid(event: bytes) -> bool:
    return b"\nUID" in event.upper()


def _with_uid(event: bytes, uid: bytes) -> bytes:
    first, _break, rest = event.partition(b"\r\n")
    return b"\r\n".join([first, b"UID:" + uid, rest])
