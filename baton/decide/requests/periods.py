"""Months, quarters, weeks and years as they stand above columns, in English, German and Croatian. Pure.

A label often leaves the year out; which one is meant follows from what stands around it, and from where in a row of
months it stands: a financial year that begins in April ends in March of the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Kind = Literal["day", "week", "month", "quarter", "half", "year", "to date"]
EPOCH = date(1899, 12, 30)
YEARS = range(1990, 2100)

MONTHS = {
    1: "january jan januar janner jaenner siječanj sijecanj siječnja sijecnja sij",
    2: "february feb februar feber veljaca veljace velj vel",
    3: "march mar marz maerz mrz ozujak ozujka ozu",
    4: "april apr travanj travnja tra",
    5: "may mai svibanj svibnja svi",
    6: "june jun juni lipanj lipnja lip",
    7: "july jul juli srpanj srpnja srp",
    8: "august aug kolovoz kolovoza kol",
    9: "september sep sept rujan rujna ruj",
    10: "october oct oktober okt listopad listopada lis",
    11: "november nov studeni studenog studenoga stu",
    12: "december dec dezember dez prosinac prosinca pro",
}
_MONTH = {word: number for number, words in MONTHS.items() for word in words.split()}
MONTH_NAMES = frozenset(_MONTH)
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = r"(?:quarter|quarters|qtr|qtrs|quartal|quartals|kvartal|kvartala|tromjesecje|tromjesecja|q)"
_HALF = r"(?:half|halbjahr|polugodiste|polugodista|hy)"
_WEEK = r"(?:week|wk|kw|w|woche|tjedan|tjedna)"
_YEAR = r"(?:(?:fy|year|yr|jahr|godina|gj)\s*)?((?:19|20)\d\d)\.?"
_RULES: tuple[tuple[str, str], ...] = (
    ("day", r"((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})"),
    ("dmy", r"(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)"),
    ("ym", r"((?:19|20)\d\d)[-/](\d{1,2})"),
    ("my", r"(\d{1,2})[-/]((?:19|20)\d\d)"),
    ("month y", rf"({_NAME})\.?[\s/'-]*{_YEAR}"),
    ("y month", rf"{_YEAR}[\s/-]*({_NAME})"),
    ("month yy", rf"({_NAME})\.?\s?(?:'|-|/|\s)(\d\d)"),
    ("month", rf"({_NAME})"),
    ("q y", r"(?:q|k)\s?([1-4])(?:[\s/'-]*(?:fy\s*)?((?:19|20)?\d\d))?"),
    ("nq y", rf"([1-4])(?:st|nd|rd|th|\.)?\s*{_QUARTER}(?:[\s/'-]*(?:fy\s*)?((?:19|20)?\d\d))?"),
    ("q n", rf"{_QUARTER}\s*([1-4])(?:[\s/'-]*((?:19|20)?\d\d))?"),
    ("y q", rf"{_YEAR}[\s/-]*(?:q|k)\s?([1-4])"),
    ("rq", rf"(iv|iii|ii|i)\.?\s*{_QUARTER}(?:[\s/'-]*((?:19|20)?\d\d))?"),
    ("half", rf"(?:h\s?([12])|([12])(?:st|nd|\.)?\s*{_HALF})(?:[\s/'-]*((?:19|20)?\d\d))?"),
    ("week", rf"{_WEEK}\.?\s?(\d{{1,2}})(?:[\s/'-]*((?:19|20)\d\d))?"),
    ("year", rf"(?:fy\s*)?{_YEAR}"),
    ("fy", r"(?:fy|gj)\s?(\d\d)"),
)
_COMPILED = [(name, re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])")) for name, pattern in _RULES]
_RELATIVE = {
    "this": "this current dieser diesen diese dieses laufender laufendes aktueller ovaj ovog tekuci tekuceg ova ove",
    "next": "next nachster nachsten nachstes nachste sljedeci sljedeceg iduci iduceg sljedeca sljedece",
    "last": "last previous prior letzter letzten letztes letzte voriger vorigen prosli proslog prosla prosle",
}
_UNITS = {
    "month": "month monat monats mjesec mjeseca",
    "quarter": "quarter quartal quartals kvartal kvartala tromjesecje tromjesecja",
    "year": "year jahr jahres godina godine godini",
    "week": "week woche tjedan tjedna",
}
_WAY = {word: way for way, words in _RELATIVE.items() for word in words.split()}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_WAYS = re.compile(rf"(?<![a-z0-9])({'|'.join(_WAY)})\s+({'|'.join(sorted(_UNIT, key=len, reverse=True))})(?![a-z0-9])")
_TO_DATE = re.compile(
    r"(?<![a-z0-9])(ytd|qtd|mtd|year to date|quarter to date|month to date|seit jahresbeginn)(?![a-z0-9])"
)
UNPLACED = re.compile(r"(?<![a-z0-9])(?:m|month|monat|mjesec|period|y|year)\s?(\d{1,2})(?![a-z0-9])")
"""`M7`: the seventh month of something; which one the sheet doesn't say."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span as it is written. `year` is 0 where the label leaves it out; `number` counts within the year."""

    kind: Kind
    number: int = 0
    year: int = 0
    day: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """From one day through another, both counted in."""

    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def read_span(text: str, today: date) -> tuple[Span, str] | None:
    """Return the span that a folded text names, and the text without it; None where it names none."""
    found = _WAYS.search(text)
    if found:
        return _relative(_WAY[found[1]], _UNIT[found[2]], today), _without(text, found)
    found = _TO_DATE.search(text)
    if found:
        unit = {"q": 2, "m": 3}.get(found[1][0], 1)
        return Span("to date", unit, today.year), _without(text, found)
    for name, pattern in _COMPILED:
        found = pattern.search(text)
        if found:
            span = _span(name, found)
            if span is not None:
                return span, _without(text, found)
    return None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _span(name: str, found: re.Match[str]) -> Span | None:
    parts = [part for part in found.groups() if part is not None]
    if name == "day":
        return _day(int(parts[0]), int(parts[1]), int(parts[2]))
    if name == "dmy":
        return _day(int(parts[2]), int(parts[1]), int(parts[0]))
    if name in {"ym", "my"}:
        year, month = (parts[0], parts[1]) if name == "ym" else (parts[1], parts[0])
        return Span("month", int(month), int(year)) if 1 <= int(month) <= 12 else None
    if name.startswith("month"):
        return Span("month", _MONTH[parts[0]], _year(parts[1]) if len(parts) > 1 else 0)
    if name == "y month":
        return Span("month", _MONTH[parts[1]], int(parts[0]))
    if name in {"q y", "nq y", "q n", "rq"}:
        return Span("quarter", _ROMAN.get(parts[0]) or int(parts[0]), _year(parts[1]) if len(parts) > 1 else 0)
    if name == "y q":
        return Span("quarter", int(parts[1]), int(parts[0]))
    if name in {"half", "week"}:
        number, kind = int(parts[0]), "half" if name == "half" else "week"
        year = _year(parts[1]) if len(parts) > 1 else 0
        return Span(kind, number, year) if kind == "half" or 1 <= number <= 53 else None  # type: ignore[arg-type]
    return Span("year", 0, _year(parts[0]))


def _day(year: int, month: int, day: int) -> Span | None:
    return Span("day", month, year, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _relative(way: str, unit: str, today: date) -> Span:
    step = {"this": 0, "next": 1, "last": -1}[way]
    if unit == "week":
        year, week, _weekday = (today + timedelta(weeks=step)).isocalendar()
        return Span("week", week, year)
    if unit == "year":
        return Span("year", 0, today.year + step)
    size = 12 if unit == "month" else 4
    now = today.year * size + (today.month - 1) // (12 // size) + step
    return Span(unit, now % size + 1, now // size)  # type: ignore[arg-type]


def placed(span: Span, year: int) -> Between:
    """Return from when to when a span lasts, in this year where it says none. Raises `ValueError` for no such day."""
    year = span.year or year
    if span.kind == "day":
        day = date(year, span.number, span.day)
        return Between(day, day)
    if span.kind == "week":
        first = date.fromisocalendar(year, span.number, 1)
        return Between(first, first + timedelta(days=6))
    if span.kind in {"year", "to date"}:
        return Between(date(year, 1, 1), date(year, 12, 31))
    size = {"month": 1, "quarter": 3, "half": 6}[span.kind]
    return _months(year, (span.number - 1) * size + 1, size)


def _months(year: int, month: int, size: int) -> Between:
    after = year * 12 + month - 1 + size
    return Between(date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1))


def to_date(span: Span, today: date) -> Between:
    """Return from the beginning of the year, quarter or month through today."""
    month = {2: (today.month - 1) // 3 * 3 + 1, 3: today.month}.get(span.number, 1)
    return Between(date(today.year, month, 1), today)


def years_along(spans: list[Span], year: int) -> list[Span]:
    """Return the spans of a row with their years: where the numbers begin again, the next year does."""
    found: list[Span] = []
    last: dict[str, tuple[int, int]] = {}
    for span in spans:
        number, running = last.get(span.kind, (0, year))
        if span.year:
            running = span.year
        elif span.number < number:
            running += 1
        last[span.kind] = (span.number, running)
        found.append(span if span.year or span.kind in {"year", "to date"} else replace(span, year=running))
    return found
