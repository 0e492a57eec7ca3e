"""Texts of cells become values: days and amounts in the spelling of any country. Pure.

Whether `03/04/2026` is in March or April, and whether `1.234` is more than a thousand, can't be told from one cell; the
whole column is looked at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]|$)")
_PARTS = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?(\d{4}|\d{2})\.?(?:[T ,]|$)")
_PACKED = re.compile(r"(20\d\d|19\d\d)(\d\d)(\d\d)$")
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|\.)?[ -]+)?([^\W\d_]{3,})\.?[ -]+(?:(\d{1,2})(?:st|nd|rd|th)?,?[ -]+)?(\d{4}|\d{2})\b"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?$")
_NUMBER = re.compile(r"[-+(]?\s*[^\d\s(+-]{0,4}\s*[-+]?\d")
_AFTER = re.compile(r"^\d*")
_BARE = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_SCALE = {
    "k": 1_000,
    "tsd": 1_000,
    "t": 1_000,
    "tis": 1_000,
    "m": 1_000_000,
    "mio": 1_000_000,
    "mil": 1_000_000,
    "mm": 1_000_000,
}
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY", "kn": "HRK", "zł": "PLN", "kč": "CZK", "fr": "CHF"}
_CODE = re.compile(
    r"\b(EUR|GBP|USD|CHF|HRK|PLN|CZK|HUF|SEK|NOK|DKK|JPY|CAD|AUD|NZD|BAM|RSD|RON|BGN|INR|BRL|ZAR)\b", re.I
)
_MONTHS = {
    "jan": 1, "sij": 1, "jän": 1, "feb": 2, "vel": 2, "velj": 2, "mar": 3, "mär": 3, "ožu": 3, "apr": 4, "tra": 4,
    "may": 5, "mai": 5, "svi": 5, "jun": 6, "lip": 6, "jul": 7, "srp": 7, "aug": 8, "kol": 8, "sep": 9, "ruj": 9,
    "oct": 10, "okt": 10, "lis": 10, "nov": 11, "stu": 11, "dec": 12, "dez": 12, "pro": 12, "mrz": 3,
}  # fmt: skip
YES = frozenset("yes y true 1 x ja j wahr da paid bezahlt plaćeno placeno ✓ ✔ closed won".split())
NO = frozenset("no n false 0 nein falsch ne unpaid open offen neplaćeno neplaceno - —".split())
NOTHING = frozenset(["n/a", "na", "null", "none", "-", "--", "—", "#n/a", "tbd", "(blank)", "nan", "k.a."])
EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2200)
MOST = Decimal(10) ** 12


@dataclass(slots=True)
class Seen:
    """What a whole column gives away: days beyond the twelfth first or second, commas and points that end an amount."""

    first: int = 0
    second: int = 0
    comma: int = 0
    point: int = 0
    dotted: int = 0

    def look(self, cells: Iterable[str]) -> None:
        """Take some cells of the column into account."""
        for cell in cells:
            if len(cell) > 30 or not any(map(str.isdigit, cell)):
                continue
            found = _PARTS.match(cell)
            if found:
                self.first += int(found[1]) > 12
                self.second += int(found[3]) > 12
                self.dotted += found[2] == "."
            else:
                self._amount(cell)

    def _amount(self, cell: str) -> None:
        comma, point = cell.rfind(","), cell.rfind(".")
        if comma < 0 and point < 0:
            return
        if comma >= 0 and point >= 0:
            self.comma, self.point = self.comma + (comma > point), self.point + (point > comma)
        elif comma >= 0:
            self._alone(cell, ",")
        else:
            self._alone(cell, ".")

    def _alone(self, cell: str, mark: str) -> None:
        """One kind of mark: twice, it parts thousands; before anything but three digits, it ends the whole."""
        other = "point" if mark == "," else "comma"
        own = "comma" if mark == "," else "point"
        digits = len(_AFTER.findall(cell[cell.rfind(mark) + 1 :])[0])
        if cell.count(mark) > 1:
            setattr(self, other, getattr(self, other) + 1)
        elif digits != 3:
            setattr(self, own, getattr(self, own) + 1)

    def told(self) -> dict[str, Any]:
        """Return what is known: whether the day or the month comes first, and which mark ends the whole; "" if not."""
        order = "dm" if self.first > self.second or (self.dotted and not self.second) else "md" if self.second else ""
        mark = "," if self.comma > self.point else "." if self.point else ""
        return {"order": order, "mark": mark}


class Wrong(ValueError):
    """The cell doesn't hold what its column is said to hold; `str()` says so."""


def day(text: str, order: str = "dm") -> str | None:
    """Return the day as ISO 8601, None for nothing. `order` is "dm" or "md". A time beside it is left out.

    Raises `Wrong`.
    """
    if not text or text.lower() in NOTHING:
        return None
    try:
        found = _day(text.strip(), order)
    except ValueError as why:
        raise Wrong(f"“{text[:40]}” is no day of the calendar") from why
    if found is None or found.year not in YEARS:
        raise Wrong(f"“{text[:40]}” is no date")
    return found.isoformat()


def _day(text: str, order: str) -> date | None:
    if found := _ISO.match(text) or _PACKED.match(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _PARTS.match(text):
        return _of_parts(int(found[1]), int(found[3]), int(found[4]), order)
    if _SERIAL.match(text):
        return EPOCH + timedelta(days=int(float(text)))
    if found := _NAMED.search(text):
        month = _month(found[2])
        number = found[1] or found[3]
        return date(_year(int(found[4])), month, int(number)) if month and number else None
    return None


def _of_parts(one: int, two: int, year: int, order: str) -> date:
    number, month = (one, two) if order == "dm" else (two, one)
    if month > 12 >= number:
        number, month = month, number
    return date(_year(year), month, number)


def _year(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def _month(name: str) -> int | None:
    name = name.lower()
    return _MONTHS.get(name[:4]) or _MONTHS.get(name[:3])


def amount(text: str, mark: str = "") -> Decimal | None:
    """Return the number that stands in a cell, in whole units; None for nothing. `mark` ends the whole in this column.

    Raises `Wrong`, also for a range (`>= $1M and <$2M`): which end is meant is for a person to say.
    """
    if not text or text.lower() in NOTHING:
        return None
    found = _BARE.findall(text)
    if len(found) != 1 or any(letter in text for letter in "<>≤≥"):
        raise Wrong(f"“{text[:40]}” is no single amount")
    digits = _unmarked(found[0].strip(), mark)
    try:
        number = Decimal(digits) * _scale(text[text.index(found[0]) + len(found[0]) :])
    except InvalidOperation as why:
        raise Wrong(f"“{text[:40]}” is no amount") from why
    if number > MOST:
        raise Wrong(f"“{text[:40]}” is more than Baton counts")
    before = text[: text.index(found[0])]
    return -number if "-" in before or "−" in before or ("(" in before and ")" in text) else number


def _unmarked(digits: str, mark: str) -> str:
    digits = re.sub(r"['’\s\u00a0\u202f]", "", digits).rstrip(".,")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        mark = "," if comma > point else "."
    elif not mark:
        only = "," if comma >= 0 else "."
        lone = digits.count(only) == 1 and len(digits) - digits.rfind(only) - 1 != 3
        mark = only if lone else "." if only == "," else ","
    if mark == ",":
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", "")


def _scale(after: str) -> int:
    word = re.match(r"\s*([a-zA-Z]+)", after)
    return _SCALE.get(word[1].lower().rstrip("."), 1) if word else 1


def currency(text: str) -> str:
    """Return the currency that stands beside an amount (ISO 4217), or nothing."""
    code = _CODE.search(text)
    if code:
        return code[1].upper()
    lowered = text.lower()
    return next((code for sign, code in _SIGNS.items() if sign in lowered), "")


def yes(text: str) -> bool | None:
    """Return yes or no, None for neither."""
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None


def is_number(text: str) -> bool:
    """Whether a cell begins like a number."""
    return bool(_NUMBER.match(text))
