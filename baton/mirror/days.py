"""Days that were counted: added up to windows, weeks and months. What is kept is the same as counting anew.

A page reads the sums of whole weeks, the days at the edges of what it asks for, and counts only what was recorded since
today was last counted. So what it costs doesn't grow with the business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.counting import count
from baton.mirror.models import Day, Week
from baton.mirror.sight import Sight, sees_the_business
from baton.mirror.tally import Tally

LOOKED_BACK = 400
"""Days of the past that are kept: a year of history, and what it is compared with."""
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The tallies of days, the sums of weeks by their Monday, and whether they are those of the whole business."""

    tallies: dict[date, Tally]
    whole: bool
    by_week: dict[date, Tally] = field(default_factory=dict)

    def between(self, since: date, until: date) -> Tally:
        """Return the sum of the days from `since` up to, not with, `until`."""
        found, on = Tally(), since
        while on < until:
            week = self.by_week.get(on) if on + WEEK <= until else None
            found.update(week or self.tallies.get(on, NOTHING))
            on += DAY if week is None else WEEK
        return found

    def months(self, until: date, so_many: int = 12) -> list[tuple[date, Tally]]:
        """Return (first day, sum) of the months up to the running one, oldest first; from the first with anything."""
        return _from_the_first((first, self.between(first, after)) for first, after in months_back(until, so_many))

    def weeks(self, until: date, so_many: int) -> list[tuple[date, Tally]]:
        """Return (Monday, sum) of the whole weeks that ended by then, oldest first; from the first with anything."""
        begun = [monday_of(until) - timedelta(weeks=back) for back in range(so_many, 0, -1)]
        return _from_the_first((first, self.between(first, first + WEEK)) for first in begun)


NOTHING = Tally()


def _from_the_first(spans: Iterable[tuple[date, Tally]]) -> list[tuple[date, Tally]]:
    found = list(spans)
    known = [place for place, (_first, tally) in enumerate(found) if any(True for _ in tally)]
    return found[known[0] :] if known else []


def months_back(until: date, so_many: int = 12) -> Iterator[tuple[date, date]]:
    """Yield (first day, first day of the next) of the months up to that of `until`, oldest first."""
    for back in range(so_many - 1, -1, -1):
        months = until.year * 12 + until.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1), date((months + 1) // 12, (months + 1) % 12 + 1, 1)


def days_seen_by(member: Member, at: datetime, back: int, *, edges: Iterable[date] = ()) -> Days:
    """Return the days of the last `back`, today among them, of what a member sees.

    Who sees the whole business has what is kept, back to the earliest of `edges` where that is further, and only what
    came since is counted now. Sums may be asked for that begin and end at `edges`, or with weeks. Everybody else has
    their own deals counted, for those days alone.
    """
    operating_map = current_map()
    today = day_of(at, operating_map)
    first = today - timedelta(days=back)
    if not sees_the_business(member):
        return Days(count(Sight(member), begin(first, operating_map), at, operating_map), whole=False)
    cuts = {first, today, *edges}
    weeks = _kept_weeks(min(cuts))
    kept, until = _kept_days(_wanted(cuts, weeks, today), today, operating_map)
    missing = next((on for on in each_day(first, today) if on not in kept and monday_of(on) not in weeks), None)
    since = begin(missing, operating_map) if missing else until
    assert since
    fresh = count(Sight(), since, at, operating_map)
    days = _added(kept, fresh) if missing is None else {on: kept[on] for on in kept if on < missing} | fresh
    return Days(days, whole=True, by_week=weeks)


def _added(kept: dict[date, Tally], fresh: dict[date, Tally]) -> dict[date, Tally]:
    for on, tally in fresh.items():
        kept[on].update(tally)
    return kept


def _kept_weeks(since: date) -> dict[date, Tally]:
    rows = Week.objects.filter(monday__gte=since).values_list("monday", "tally")
    return {monday: Tally.from_data(tally) for monday, tally in rows}


def _wanted(cuts: set[date], weeks: dict[date, Tally], today: date) -> list[date]:
    """Return the days that no whole week stands for: those of weeks that aren't kept, and of weeks that are cut."""
    cut = {monday_of(one) for one in cuts if one != monday_of(one)}
    return [on for on in each_day(min(cuts), today) if monday_of(on) in cut or monday_of(on) not in weeks]


def _kept_days(
    wanted: list[date], today: date, operating_map: OperatingMap
) -> tuple[dict[date, Tally], datetime | None]:
    """Return the tallies of days, and until when today was counted; a day that went on afterwards isn't kept yet."""
    rows = list(Day.objects.filter(on__in=wanted).values_list("on", "tally", "counted_at"))
    until = next((counted for on, _tally, counted in rows if on == today), None)
    whole = [(on, tally) for on, tally, at in rows if on == today or at >= begin(on + DAY, operating_map)]
    return {on: Tally.from_data(tally) for on, tally in whole}, until


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last, with it."""
    return (first + timedelta(days=place) for place in range((last - first).days + 1))


def monday_of(on: date) -> date:
    """Return the Monday of a day's week."""
    return on - timedelta(days=on.weekday())


def day_of(at: datetime, operating_map: OperatingMap) -> date:
    """Return the day of the business on which a moment lies."""
    return at.astimezone(operating_map.hours.tz).date()


def begin(on: date, operating_map: OperatingMap) -> datetime:
    """Return the moment at which a day of the business begins."""
    return datetime.combine(on, time(), tzinfo=operating_map.hours.tz)
