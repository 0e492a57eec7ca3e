"""When a decision is taken next, and the period that it looks at. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from baton.map.elements import Cadence
from baton.members.hours import WorkingHours

NOON = time(12)
DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92}


def following_time(every: Cadence, hours: WorkingHours, at: datetime) -> datetime:
    """Return when the review after the one that is held around `at` is held; aware, in the zone of the business.

    What is held an hour early or on the next day is still the same one, so it lies at least half a period away.
    """
    after = at + timedelta(days=DAYS[every.every]) / 2
    on = after.astimezone(hours.tz).date()
    while not (_is_day(on, every) and _at(on, every, hours) > after):
        on += timedelta(days=1)
    return _at(on, every, hours)


def one_period_before(every: Cadence, at: datetime) -> datetime:
    """Return the moment one period earlier: what is looked back to where no review was held."""
    return at - timedelta(days=DAYS[every.every])


def period_end(every: Cadence, on: date) -> date:
    """Return the last day of the period that the decision looks at: the month, of a rarer one the quarter."""
    month = on.month if every.every in {"day", "week"} else on.month + (-on.month % 3)
    return date(on.year, month, monthrange(on.year, month)[1])


def _at(on: date, every: Cadence, hours: WorkingHours) -> datetime:
    return datetime.combine(on, every.at or NOON, hours.tz)


def _is_day(on: date, every: Cadence) -> bool:
    if every.every == "day":
        return True
    if every.every == "week":
        return on.weekday() == (every.day or 0)
    of_month = on.day == min(every.day or 1, monthrange(on.year, on.month)[1])
    return of_month and (every.every == "month" or on.month % 3 == 1)
