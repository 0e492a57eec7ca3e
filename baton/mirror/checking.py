"""What the mirror keeps, counted anew and compared: days that had settled, and the weeks that they add up to.

A day is counted by the map, the seats and the people of the day on which that was done. So the seats are left out of
the comparison, and where a later map asked for other things, so is what follows from a map.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from baton.ledger.checking import Report
from baton.map.current import current_map, current_version, publications
from baton.map.schema import OperatingMap
from baton.mirror.counting import count
from baton.mirror.days import DAY, WEEK, begin, day_of, each_day
from baton.mirror.keeping import AT_ONCE, settled
from baton.mirror.models import Day, Week
from baton.mirror.sight import CALLER, Sight
from baton.mirror.tally import Key, Tally, summed
from baton.work.models import Duty

OF_THE_MAP = ("duty", "value")
"""What follows from what the map asks for: duties, and whether a value is one that a field may have."""
SEATED = {"captured": 1, "duty": 3, "touched": 0}
"""Where in a key stands the desk at which a member sat when it was counted."""
BY_PERSON = {"duty": 2}
"""Where in a key stands somebody to whom an open duty may have passed since."""


def check_days(report: Report) -> None:
    """Compare the kept tallies of days with the ledger, and those of weeks with their days."""
    operating_map = current_map() if current_version() else None
    if operating_map is None:
        return
    rows = Day.objects.filter(changed_at=None).order_by("on").values_list("on", "counted_at")
    due = {on: at for on, at in rows if settled(on, at, operating_map)}
    for listed in report.slices("mirror: day", due):
        for place in range(0, len(listed), AT_ONCE):
            _check_days({on: due[on] for on in listed[place : place + AT_ONCE]}, report, operating_map)
    _check_weeks(report)


def _check_days(days: dict[date, datetime], report: Report, operating_map: OperatingMap) -> None:
    since, until = begin(min(days), operating_map), begin(max(days) + DAY, operating_map)
    found = count(Sight(), since, until, operating_map)
    withdrawn = Duty.objects.unscoped(CALLER).filter(state="withdrawn", due_at__gte=since, due_at__lt=until)
    unsettled = {day_of(at, operating_map) for at in withdrawn.values_list("due_at", flat=True)}
    published = publications(current_version())[-1][0]
    for on, tally in Day.objects.filter(on__in=days).values_list("on", "tally"):
        left_out = {*(OF_THE_MAP if published > days[on] else ()), *(["duty"] if on in unsettled else ())}
        wanted, kept = _comparable(found.get(on, Tally())), _comparable(Tally.from_data(tally))
        for head in sorted((wanted.keys() | kept.keys()) - left_out):
            report.compare("day", on, head, wanted.get(head), kept.get(head))
    report.records += len(days)


def _comparable(tally: Tally) -> dict[str, dict[Key, int]]:
    """Return head → key → count, with nothing in the keys of where people sat."""
    found: dict[str, Counter[Key]] = {}
    for key, number in tally:
        gone = {place for place in (SEATED.get(key[0]), BY_PERSON.get(key[0])) if place is not None}
        rest = tuple(part for place, part in enumerate(key[1:]) if place not in gone)
        found.setdefault(key[0], Counter())[rest] += number
    return {head: dict(sorted(counted.items())) for head, counted in found.items()}


def _check_weeks(report: Report) -> None:
    for monday, counted_at, tally in Week.objects.order_by("monday").values_list("monday", "counted_at", "tally"):
        rows = Day.objects.filter(on__in=list(each_day(monday, monday + WEEK - DAY))).values_list("tally", "counted_at")
        days = list(rows)
        if len(days) == WEEK.days and max(at for _tally, at in days) == counted_at:
            whole = summed(Tally.from_data(one) for one, _at in days)
            report.compare("week", monday, "tally", whole.as_data(), Tally.from_data(tally).as_data())
        report.records += 1
