"""Days that were counted: kept once they are over, added up to windows, weeks and months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from baton.kernel.rows import upsert_rows
from baton.kernel.writer import writing
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.counting import count
from baton.mirror.models import Day
from baton.mirror.sight import Sight, sees_the_business
from baton.mirror.tally import Tally, summed

SETTLES = 8
"""Days for which a day is counted anew, because evidence and filing may come late."""
LOOKED_BACK = 400
"""Days of the past that are kept: a year of history, and what it is compared with."""
AT_ONCE = 28
"""Days counted in one turn of the loop."""
EVERY = timedelta(hours=6)
"""How old the tallies of the last days may be."""


@dataclass(frozen=True, slots=True)
class Days:
    """The tallies of days, and whether they go back further than the window that was asked for."""

    tallies: dict[date, Tally]
    whole: bool

    def between(self, since: date, until: date) -> Tally:
        """Return the sum of the days from `since` up to, not with, `until`."""
        return summed(tally for on, tally in self.tallies.items() if since <= on < until)

    def months(self, until: date, so_many: int = 12) -> list[tuple[date, Tally]]:
        """Return (first day, sum) of the months up to the running one, oldest first; from the first with anything."""
        firsts = list(_months_back(until, so_many))
        found = [(first, self.between(first, after)) for first, after in firsts]
        known = [place for place, (_first, tally) in enumerate(found) if any(True for _ in tally)]
        return found[known[0] :] if known else []

    def weeks(self, until: date, so_many: int) -> list[tuple[date, Tally]]:
        """Return (Monday, sum) of the whole weeks that ended by then, oldest first; from the first with anything."""
        monday = until - timedelta(days=until.weekday())
        begun = [monday - timedelta(weeks=back) for back in range(so_many, 0, -1)]
        found = [(first, self.between(first, first + timedelta(weeks=1))) for first in begun]
        known = [place for place, (_first, tally) in enumerate(found) if any(True for _ in tally)]
        return found[known[0] :] if known else []


def _months_back(until: date, so_many: int) -> Iterator[tuple[date, date]]:
    for back in range(so_many - 1, -1, -1):
        months = until.year * 12 + until.month - 1 - back
        yield date(months // 12, months % 12 + 1, 1), date((months + 1) // 12, (months + 1) % 12 + 1, 1)


def days_seen_by(member: Member, at: datetime, back: int, *, history: bool = False) -> Days:
    """Return the days of the last `back`, today among them, of what a member sees.

    Who sees the whole business has the kept days, with `history` a year of them, and only what isn't kept yet is
    counted now. Everybody else has their own deals counted, for those days alone.
    """
    operating_map = current_map()
    today = day_of(at, operating_map)
    first = today - timedelta(days=back)
    if not sees_the_business(member):
        since = begin(first, operating_map)
        return Days(count(Sight(member), since, at, operating_map), whole=False)
    kept = _kept(today - timedelta(days=LOOKED_BACK) if history else first)
    fresh = _uncounted(kept, first, today, at, operating_map)
    return Days(kept | fresh, whole=True)


def _kept(since: date) -> dict[date, Tally]:
    return {on: Tally.from_data(rows) for on, rows in Day.objects.filter(on__gte=since).values_list("on", "tally")}


def _uncounted(
    kept: dict[date, Tally], first: date, today: date, at: datetime, operating_map: OperatingMap
) -> dict[date, Tally]:
    """Count the days of the window from the first that isn't kept: today at least."""
    missing = next((on for on in _each_day(first, today) if on not in kept), today)
    return count(Sight(), begin(missing, operating_map), at, operating_map)


def _each_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=place) for place in range((last - first).days + 1))


def keep_days(at: datetime) -> bool:
    """Count what is due of the days that are over, newest first; return whether more is left. A step of the loop."""
    operating_map = current_map()
    today = day_of(at, operating_map)
    counted = dict(Day.objects.filter(on__gte=today - timedelta(days=LOOKED_BACK)).values_list("on", "counted_at"))
    due = [on for on in _each_day(today - timedelta(days=LOOKED_BACK), today - timedelta(days=1))
           if _is_due(on, counted.get(on), today, at)]  # fmt: skip
    if not due:
        return False
    last = due[-1]
    first = max(due[0], last - timedelta(days=AT_ONCE - 1))
    _keep(first, last, at, operating_map)
    return due[0] < first


def _is_due(on: date, counted_at: datetime | None, today: date, at: datetime) -> bool:
    if counted_at is None:
        return True
    return today - on <= timedelta(days=SETTLES) and at - counted_at > EVERY


def _keep(first: date, last: date, at: datetime, operating_map: OperatingMap) -> None:
    since, until = begin(first, operating_map), begin(last + timedelta(days=1), operating_map)
    found = count(Sight(), since, until, operating_map)
    rows = [Day(on=on, counted_at=at, tally=found.get(on, Tally()).as_data()) for on in _each_day(first, last)]
    with writing():
        upsert_rows(rows, key=["on"], names=["counted_at", "tally"])


def count_anew(at: datetime) -> None:
    """Forget every tally and make them again from the ledger."""
    with writing():
        Day.objects.all().delete()
    while keep_days(at):
        pass


def day_of(at: datetime, operating_map: OperatingMap) -> date:
    """Return the day of the business on which a moment lies."""
    return at.astimezone(operating_map.hours.tz).date()


def begin(on: date, operating_map: OperatingMap) -> datetime:
    """Return the moment at which a day of the business begins."""
    return datetime.combine(on, time(), tzinfo=operating_map.hours.tz)
