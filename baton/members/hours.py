"""When a business is open, and how working time is counted.

A working minute is a minute of real time that lies inside the opening hours of the business, so the two nights
a year on which clocks change are counted as long as they are. All moments given must be aware; all answers are UTC.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""From and until, in minutes after midnight on the wall clock; 1440 is the midnight that ends the day."""

WHOLE_DAY: Span = (0, 1440)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
YEARS_AHEAD = 30


class NeverOpen(ValueError):
    """Hours in which no minute is ever open, so nothing could ever fall due."""


@dataclass(frozen=True)
class WorkingHours:
    """The opening hours of a business in its own time zone.

    `week` holds the spans of Monday to Sunday; `holidays` is a country, or country and part ("GB", "GB-SCT"), whose
    public holidays are closed, or "" for none; `closed` are further closed days; `extra` are days with spans of
    their own, whatever the week, the holidays and `closed` say. Raises `NeverOpen` where the week has no open minute.
    """

    zone: str
    week: tuple[tuple[Span, ...], ...]
    holidays: str = ""
    closed: frozenset[date] = frozenset()
    extra: tuple[tuple[date, tuple[Span, ...]], ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days, Monday first.")
        if not any(end > start for day in self.week for start, end in day):
            raise NeverOpen("These hours are never open, so nothing could fall due.")

    def add(self, start: datetime, minutes: int) -> datetime:
        """The moment at which that many working minutes have passed since `start`; the earliest where several fit."""
        if minutes <= 0:
            return start.astimezone(UTC)
        left, at = minutes * MINUTE, _stamp(start)
        for calendar in self._calendars(start):
            reached = calendar.worked_until(at) + left
            if reached <= calendar.total:
                return _moment(calendar.when_worked(reached))
            left, at = reached - calendar.total, calendar.until
        raise NeverOpen(f"Not open for {minutes} minutes in the {YEARS_AHEAD} years after {start:%Y-%m-%d}.")

    def between(self, earlier: datetime, later: datetime) -> int:
        """Whole working minutes from one moment to the other; negative where `later` comes first."""
        if later < earlier:
            return -self.between(later, earlier)
        begin, end, worked = _stamp(earlier), _stamp(later), 0
        for calendar in self._calendars(earlier):
            worked += calendar.worked_until(end) - calendar.worked_until(begin)
            if end <= calendar.until:
                return worked // MINUTE
        raise NeverOpen(f"More than {YEARS_AHEAD} years lie between these moments.")

    def is_open(self, at: datetime) -> bool:
        calendar = next(self._calendars(at))
        return calendar.is_open(_stamp(at))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself where the business is open then, else the next moment it opens."""
        stamp = _stamp(at)
        for calendar in self._calendars(at):
            opening = calendar.next_open(stamp)
            if opening is not None:
                return _moment(opening)
            stamp = calendar.until
        raise NeverOpen(f"Not open in the {YEARS_AHEAD} years after {at:%Y-%m-%d}.")

    def closing(self, at: datetime) -> datetime:
        """When the working day ends that `at` lies in, or the next one where that day is closed or over by then."""
        local = self.next_open(at).astimezone(self.tz)
        return self.spans_on(local.date())[-1][1]

    def share_used(self, opened: datetime, due: datetime, now: datetime) -> float:
        """How much of the time allowed has passed: 0.75 is the moment for "remind at 75%", 1 and above is late."""
        allowed = self.between(opened, due)
        if allowed <= 0:
            return 1.0 if now >= due else 0.0
        return max(0.0, self.between(opened, now) / allowed)

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def minutes_a_day(self) -> int:
        """What "one working day" means: the middle one of the open days of the week, in minutes."""
        lengths = sorted(minutes for minutes in map(_length, self.week) if minutes)
        return lengths[len(lengths) // 2]

    def spans_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The open spans of one day of the business, as moments in UTC."""
        known = self._days.get(day)
        if known is None:
            special = self._extra.get(day)
            if special is None:
                special = () if self._is_closed(day) else self.week[day.weekday()]
            known = self._days[day] = list(_moments(day, special, self.tz))
        return list(known)

    def _is_closed(self, day: date) -> bool:
        return day in self.closed or bool(self.holidays and day in public_holidays(self.holidays, day.year))

    def _calendars(self, start: datetime) -> Iterator["_Calendar"]:
        first = start.astimezone(self.tz).year
        return map(self._year, range(first, first + YEARS_AHEAD + 1))

    def _year(self, year: int) -> "_Calendar":
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _calendar(self, year)
        return known

    @cached_property
    def _days(self) -> dict[date, list[tuple[datetime, datetime]]]:
        return {}

    @cached_property
    def _years(self) -> dict[int, "_Calendar"]:
        return {}

    @cached_property
    def _extra(self) -> dict[date, tuple[Span, ...]]:
        return dict(self.extra)

    @cached_property
    def _hash(self) -> int:
        return hash((self.zone, self.week, self.holidays, self.closed, self.extra))

    def __hash__(self) -> int:
        return self._hash


def every_day(zone: str, spans: tuple[Span, ...] = (WHOLE_DAY,)) -> WorkingHours:
    return WorkingHours(zone, (spans,) * 7)


def weekdays(zone: str, start: time, end: time, holidays: str = "") -> WorkingHours:
    """Monday to Friday, the same hours each day."""
    spans = ((start.hour * 60 + start.minute, end.hour * 60 + end.minute),)
    return WorkingHours(zone, (spans,) * 5 + ((),) * 2, holidays)


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country, or of a part of it ("GB-SCT"). Raises `ValueError` for one not known.

    The library is imported on first use: it costs about a third of a second, which starting up must not pay.
    """
    import holidays

    name, _, part = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=part or None, years=year))
    except NotImplementedError as unknown:
        raise ValueError(f"The holidays of “{country}” are not known.") from unknown


def knows_holidays(country: str) -> bool:
    """Whether there are holidays for this country, or part of a country."""
    import holidays

    name, _, part = country.partition("-")
    known = holidays.list_supported_countries()
    return name in known and (not part or part in known[name])


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The open spans of one year, as microseconds since 1970, with the working time before each."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int
    until: int

    def worked_until(self, stamp: int) -> int:
        at = bisect_right(self.starts, stamp) - 1
        return 0 if at < 0 else self.before[at] + min(stamp, self.ends[at]) - self.starts[at]

    def when_worked(self, amount: int) -> int:
        at = bisect_left(self.before, amount) - 1
        return self.starts[at] + amount - self.before[at]

    def is_open(self, stamp: int) -> bool:
        at = bisect_right(self.starts, stamp) - 1
        return at >= 0 and stamp < self.ends[at]

    def next_open(self, stamp: int) -> int | None:
        if self.is_open(stamp):
            return stamp
        at = bisect_left(self.starts, stamp)
        return self.starts[at] if at < len(self.starts) else None


@lru_cache(maxsize=64)
def _calendar(hours: WorkingHours, year: int) -> _Calendar:
    first, following = date(year, 1, 1), date(year + 1, 1, 1)
    days = (first + timedelta(days=n) for n in range((following - first).days))
    spans = [(_stamp(start), _stamp(end)) for day in days for start, end in hours.spans_on(day)]
    lengths = [end - start for start, end in spans]
    return _Calendar(
        starts=[start for start, _ in spans],
        ends=[end for _, end in spans],
        before=[0, *accumulate(lengths)][: len(spans)],
        total=sum(lengths),
        until=_stamp(datetime.combine(following, time(), hours.tz)),
    )


def _moments(day: date, spans: tuple[Span, ...], tz: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Wall clock to moments. A wall time that the clock skips or repeats counts as its first reading."""
    reached = None
    for start, end in sorted(spans):
        opens, closes = _at(day, start, tz), _at(day, end, tz)
        opens = max(opens, reached) if reached else opens
        if closes > opens:
            yield opens, closes
            reached = closes


def _at(day: date, minute: int, tz: ZoneInfo) -> datetime:
    days, minute = divmod(minute, 1440)
    wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), tz)
    return wall.astimezone(UTC)


def _length(spans: tuple[Span, ...]) -> int:
    return sum(end - start for start, end in spans)


def _stamp(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("Working time is counted between aware moments only.")
    return (moment - EPOCH) // MICROSECOND


def _moment(stamp: int) -> datetime:
    return EPOCH + timedelta(microseconds=stamp)
