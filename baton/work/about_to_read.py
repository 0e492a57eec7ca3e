"""When somebody is about to read a value: a packet that is to be offered, a decision on the next working day. Pure.

An old value that nobody reads harms nobody, so it is asked for when it is about to be relied on, not by the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from baton.map.elements import Cadence, Decision, Field
from baton.map.schema import OperatingMap

FAR = 400
"""Days in which every cadence comes round."""
QUARTERS = (1, 4, 7, 10)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deal stands, and since when."""

    stage: str
    since: datetime | None = None


def read_next(field: Field, place: Place, old_at: datetime, drawn: OperatingMap) -> datetime | None:
    """Return when a value that is old from `old_at` on is to be asked for; None while nobody is about to read it."""
    return min(_readings(field, place, old_at, drawn), default=None)


def readers(field: Field, drawn: OperatingMap) -> list[str]:
    """Return the names of the handoffs that carry a field and of the decisions that read it."""
    handoffs = [each.name for each in drawn.handoffs.values() if field.key in each.carries]
    return handoffs + [each.name for each in drawn.decisions.values() if field.key in each.reads]


def _readings(field: Field, place: Place, old_at: datetime, drawn: OperatingMap) -> Iterator[datetime]:
    for handoff in drawn.handoffs.values():
        if handoff.at == place.stage and field.key in handoff.carries:
            yield drawn.hours.next_open(max(old_at, place.since or old_at))
    for decision in drawn.decisions.values():
        if field.key in decision.reads:
            yield from _eve(decision, old_at, drawn)


def _eve(decision: Decision, old_at: datetime, drawn: OperatingMap) -> Iterator[datetime]:
    """Yield the opening of the working day before the next time it is taken, or `old_at` where that has begun."""
    first = old_at.astimezone(drawn.hours.tz).date()
    for day in (first + timedelta(days=number) for number in range(FAR)):
        if _is_taken_on(decision.every, day) and _moment(decision.every, day, drawn) > old_at:
            yield max(old_at, _opening_before(day, drawn))
            return


def _is_taken_on(every: Cadence, day: date) -> bool:
    match every.every:
        case "day":
            return True
        case "week":
            return day.weekday() == (every.day or 0)
        case "month":
            return day.day == (every.day or 1)
        case _:
            return day.day == (every.day or 1) and day.month in QUARTERS


def _moment(every: Cadence, day: date, drawn: OperatingMap) -> datetime:
    """Return when it is taken on that day; at the end of the day where the map says no time."""
    if every.at is None:
        return datetime.combine(day + timedelta(days=1), datetime.min.time(), drawn.hours.tz)
    return datetime.combine(day, every.at, drawn.hours.tz)


def _opening_before(day: date, drawn: OperatingMap) -> datetime:
    for number in range(1, FAR):
        spans = drawn.hours.spans_on(day - timedelta(days=number))
        if spans:
            return spans[0][0]
    raise AssertionError("hours are never open")  # such hours are refused when a map is read
