"""Periods as people name them: “this quarter”, “Q4”, “next month”, “May 2027”. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from baton.kernel.words import day

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
NAMED_MONTH = re.compile(r"\b(" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + r")\b\.?(?: (\d{4}))?", re.I)
QUARTER = re.compile(r"\bq([1-4])(?:[ /]?(\d{4}))?\b", re.I)
RELATIVE = re.compile(r"\b(this|next|last|current|coming|previous) (week|month|quarter|year)\b", re.I)
DAY = re.compile(r"\b(today|tomorrow|yesterday)\b", re.I)
YEAR = re.compile(r"\b(?:in |of )?(20\d{2})\b")
STEPS = {"this": 0, "current": 0, "next": 1, "coming": 1, "last": -1, "previous": -1}
DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends counted, as it was named."""

    first: date
    last: date
    said: str = ""

    def __str__(self) -> str:
        return _("%(first)s to %(last)s") % {"first": day(self.first, date.min), "last": day(self.last, date.min)}


def period_in(text: str, today: date) -> tuple[Period | None, str]:
    """Return the period that a text names, and the text without it; None where it names none."""
    for pattern, read in _READERS:
        found = pattern.search(text)
        if found and (span := read(found, today)):
            return Period(*span, said=found[0]), f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def month_of(year: int, month: int) -> tuple[date, date]:
    """Return the first and last day of a month; months beyond the year count on."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def quarter_of(year: int, quarter: int) -> tuple[date, date]:
    """Return the first and last day of a quarter (1 to 4); quarters beyond the year count on."""
    first = (quarter - 1) * 3 + 1
    return month_of(year, first)[0], month_of(year, first + 2)[1]


def _relative(found: re.Match[str], today: date) -> tuple[date, date]:
    step, unit = STEPS[found[1].lower()], found[2].lower()
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 * step)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        return month_of(today.year, today.month + step)
    if unit == "quarter":
        return quarter_of(today.year, (today.month - 1) // 3 + 1 + step)
    return date(today.year + step, 1, 1), date(today.year + step, 12, 31)


def _quarter(found: re.Match[str], today: date) -> tuple[date, date]:
    return quarter_of(int(found[2] or today.year), int(found[1]))


def _month(found: re.Match[str], today: date) -> tuple[date, date] | None:
    if found[0].lower() == "may" and found[0] != "May":
        return None  # “what may close” names no month
    number = next(place for place, name in enumerate(MONTHS, 1) if name.startswith(found[1].lower()[:3]))
    return month_of(int(found[2] or today.year), number)


def _day(found: re.Match[str], today: date) -> tuple[date, date]:
    on = today + timedelta(days=DAYS[found[1].lower()])
    return on, on


def _year(found: re.Match[str], _today: date) -> tuple[date, date]:
    return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)


_READERS = ((RELATIVE, _relative), (QUARTER, _quarter), (NAMED_MONTH, _month), (DAY, _day), (YEAR, _year))
