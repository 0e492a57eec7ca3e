"""Keeping what was counted: each day once it is over, today again and again, weeks as sums, and what the signs say.

A day is counted anew while evidence may still come late, and afterwards when something of it changes after all. What is
kept can be thrown away and made again; `checking.py` compares it with the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from baton.kernel.rows import upsert_rows
from baton.kernel.writer import writing
from baton.ledger.models import Interaction
from baton.ledger.recording import Batch, register_reducer
from baton.map.current import current_map, map_version_numbered
from baton.map.schema import OperatingMap
from baton.mirror.counting import count
from baton.mirror.days import DAY, LOOKED_BACK, WEEK, Days, begin, day_of, each_day, monday_of
from baton.mirror.models import Day, Week
from baton.mirror.sight import Sight
from baton.mirror.signs import LATEST, warnings
from baton.mirror.signs import LOOKED_BACK as WEEKS_BACK
from baton.mirror.tally import Tally, summed
from baton.work.models import Duty, ExceptionCase, Handoff

REDUCER = 140
SETTLES = timedelta(days=8)
"""For how long a day is counted anew, because evidence and filing may come late."""
AT_ONCE = 28
"""Days counted in one turn of the loop."""
WRITTEN_AT_ONCE = 4
"""Days written in one transaction, which people who save something wait for."""
EVERY = timedelta(hours=6)
"""How old the tallies of the last days may be."""
OFTEN = timedelta(minutes=10)
"""How old that of today may be: what came since is counted with each page."""
BEHIND = timedelta(minutes=1)
"""What may be recorded and not committed yet: today is counted up to here."""
COUNTED_BY: dict[type, str] = {
    Interaction: "recorded_at", Handoff: "decided_at", ExceptionCase: "recorded_at", Duty: "due_at",
}  # fmt: skip
"""The moment by which a row belongs to a day."""


def register_keeping() -> None:
    """Have days counted anew that change after they settled; called once at start."""
    register_reducer(REDUCER, follow)


def follow(batch: Batch) -> None:
    """Mark the days that had settled and of which something changed: filed late, found to be private. A reducer."""
    told = (getattr(row, COUNTED_BY[type(row)]) for key, row in batch.rows.items()
            if type(row) in COUNTED_BY and key not in batch.new)  # fmt: skip
    late = [moment for moment in told if moment and moment < batch.at - SETTLES]
    if late:
        operating_map = map_version_numbered(batch.map_version)
        days = {day_of(moment, operating_map) for moment in late}
        Day.objects.filter(on__in=days).update(changed_at=batch.at)


def keep_days(at: datetime) -> bool:
    """Count what is due, newest first, then what follows; return whether more is left. A step of the loop."""
    operating_map = current_map()
    today = day_of(at, operating_map)
    first, last = today - timedelta(days=LOOKED_BACK), today - DAY
    rows = Day.objects.filter(on__gte=first).values_list("on", "counted_at", "changed_at")
    counted = {on: (when, changed) for on, when, changed in rows}
    due = [on for on in each_day(first, last) if _is_due(on, counted.get(on), at, operating_map)]
    if due:
        _keep(max(due[0], due[-1] - timedelta(days=AT_ONCE - 1)), due[-1], at, operating_map)
        return True
    if today not in counted or at - counted[today][0] > OFTEN:
        _keep_today(today, at, operating_map)
    _keep_weeks(today)
    _ask_the_signs(today, operating_map)
    return False


def _is_due(
    on: date, known: tuple[datetime, datetime | None] | None, at: datetime, operating_map: OperatingMap
) -> bool:
    if known is None:
        return True
    counted_at, changed_at = known
    if changed_at or counted_at < begin(on + DAY, operating_map):
        return True
    return not settled(on, counted_at, operating_map) and at - counted_at > EVERY


def settled(on: date, counted_at: datetime, operating_map: OperatingMap) -> bool:
    """Whether a day was counted late enough for nothing more to come."""
    return counted_at >= begin(on + DAY, operating_map) + SETTLES


def _keep(first: date, last: date, until: datetime, operating_map: OperatingMap) -> None:
    since, end = begin(first, operating_map), min(begin(last + DAY, operating_map), until)
    found = count(Sight(), since, end, operating_map)
    rows = [Day(on=on, counted_at=until, tally=found.get(on, Tally()).as_data()) for on in each_day(first, last)]
    for start in range(0, len(rows), WRITTEN_AT_ONCE):
        _write(rows[start : start + WRITTEN_AT_ONCE], until)


def _write(rows: list[Day], until: datetime) -> None:
    with writing():
        upsert_rows(rows, key=["on"], names=["counted_at", "tally"])
        Day.objects.filter(on__in=[row.on for row in rows], changed_at__lte=until).update(changed_at=None)


def _keep_today(today: date, at: datetime, operating_map: OperatingMap) -> None:
    until = at - BEHIND
    if until > begin(today, operating_map):
        _keep(today, today, until, operating_map)


# Weeks


def _keep_weeks(today: date) -> None:
    """Add up the weeks that are over and of which a day was counted since."""
    known = dict(Week.objects.values_list("monday", "counted_at"))
    since = monday_of(today - timedelta(days=LOOKED_BACK - 7))
    days = dict(Day.objects.filter(on__gte=since, on__lt=monday_of(today)).values_list("on", "counted_at"))
    due = [monday for monday, at in _whole_weeks(days) if known.get(monday) != at]
    for place in range(0, len(due), AT_ONCE):
        _add_up(due[place : place + AT_ONCE])
    Week.objects.filter(monday=monday_of(today) - WEEK, monday__in=due).update(warned=None)


def _whole_weeks(days: dict[date, datetime]) -> Iterator[tuple[date, datetime]]:
    """Yield (Monday, when its last day was counted) for each week of which every day is kept."""
    for monday in sorted({monday_of(on) for on in days}):
        counted = [days.get(on) for on in each_day(monday, monday + WEEK - DAY)]
        if all(counted):
            yield monday, max(at for at in counted if at)


def _add_up(mondays: list[date]) -> None:
    wanted = [on for monday in mondays for on in each_day(monday, monday + WEEK - DAY)]
    days = {on: (Tally.from_data(tally), at) for on, tally, at in
            Day.objects.filter(on__in=wanted).values_list("on", "tally", "counted_at")}  # fmt: skip
    rows = [_week(monday, [days[on] for on in each_day(monday, monday + WEEK - DAY)]) for monday in mondays]
    with writing():
        upsert_rows(rows, key=["monday"], names=["counted_at", "tally"])


def _week(monday: date, days: list[tuple[Tally, datetime]]) -> Week:
    tally = summed(tally for tally, _at in days).as_data()
    return Week(monday=monday, counted_at=max(at for _tally, at in days), tally=tally)


def _ask_the_signs(today: date, operating_map: OperatingMap) -> None:
    """Have the signs say what they see at the end of the last week; what they said of earlier ones stays said."""
    monday = monday_of(today) - WEEK
    if not Week.objects.filter(monday=monday, warned__isnull=True).exists():
        return
    since = monday - timedelta(weeks=WEEKS_BACK + LATEST)
    rows = Week.objects.filter(monday__gte=since).values_list("monday", "tally")
    days = Days({}, whole=True, by_week={on: Tally.from_data(tally) for on, tally in rows})
    weeks = days.weeks(today, WEEKS_BACK + LATEST)
    told: dict[str, Any] = warnings(weeks, operating_map).as_data() if weeks else {"signs": [], "unsaid": []}
    with writing():
        Week.objects.filter(monday=monday).update(warned=told)


def count_anew(at: datetime) -> None:
    """Forget every tally and make them again from the ledger; what the signs said stays said."""
    said = dict(Week.objects.filter(warned__isnull=False).values_list("monday", "warned"))
    with writing():
        Day.objects.all().delete()
        Week.objects.all().delete()
    while keep_days(at):
        pass
    with writing():
        for monday, warned in said.items():
            Week.objects.filter(monday=monday).update(warned=warned)
