"""Months, quarters and weeks of the calendar. Pure; quarters are of the calendar year, weeks of ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from babel.dates import format_date
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.words import locale

By = Literal["month", "quarter", "week"]
KINDS: tuple[By, ...] = get_args(By)
_KEY = re.compile(r"(?P<year>\d{4})-(?:Q(?P<quarter>[1-4])|W(?P<week>\d\d)|(?P<month>\d\d))")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From one day up to, and without, another. `key` is how an address names it: 2026-11, 2026-Q4, 2026-W47."""

    start: date
    end: date
    by: By = "quarter"

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.start <= day < self.end

    @property
    def key(self) -> str:
        if self.by == "month":
            return f"{self.start:%Y-%m}"
        if self.by == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        year, week, _day = self.start.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def label(self) -> str:
        if self.by == "month":
            return format_date(self.start, "LLLL y", locale())
        if self.by == "quarter":
            return _("Q%(quarter)d %(year)d") % {"quarter": (self.start.month + 2) // 3, "year": self.start.year}
        year, week, _day = self.start.isocalendar()
        return _("Week %(week)d, %(year)d") % {"week": week, "year": year}

    def next(self) -> Period:
        return containing(self.end, self.by)

    def previous(self) -> Period:
        return containing(self.start - timedelta(days=1), self.by)


def containing(day: date, by: By) -> Period:
    """Return the period that a day lies in."""
    if by == "week":
        start = day - timedelta(days=day.weekday())
        return Period(start, start + timedelta(days=7), by)
    months = 3 if by == "quarter" else 1
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, _months_on(first, months), by)


def _months_on(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def named(key: str) -> Period:
    """Return the period of a key. Raises `Refusal` for what names none."""
    found = _KEY.fullmatch(key)
    try:
        return _of_parts(found) if found else _unknown(key)
    except ValueError:
        return _unknown(key)


def _of_parts(found: re.Match[str]) -> Period:
    year = int(found["year"])
    if found["quarter"]:
        return containing(date(year, int(found["quarter"]) * 3, 1), "quarter")
    if found["week"]:
        return containing(date.fromisocalendar(year, int(found["week"]), 1), "week")
    return containing(date(year, int(found["month"]), 1), "month")


def _unknown(key: str) -> Period:
    raise Refusal(
        _("“%(key)s” is no period. Write 2026-11 for a month, 2026-Q4 for a quarter, 2026-W47 for a week.")
        % {"key": key[:20]}
    )


def kind(word: str) -> By:
    """Return month, quarter or week. Raises `Refusal` for anything else."""
    for one in KINDS:
        if one == word:
            return one
    raise Refusal(_("A forecast is by month, by quarter or by week."))


def from_here(day: date, by: By, count: int) -> list[Period]:
    """Return so many periods, the first being the one that a day lies in."""
    found = [containing(day, by)]
    while len(found) < count:
        found.append(found[-1].next())
    return found
