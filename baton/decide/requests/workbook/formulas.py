"""What a formula reads, and which formulas follow from cells that change.

Cached values of formulas that follow are dropped, so that no program shows a total that is no longer right; those of
all other formulas stay, among them links to files that are gone. What can't be told (OFFSET, INDIRECT) follows from
everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from baton.decide.requests.workbook.places import MOST_COLUMNS, MOST_ROWS, Area, Place, column_number

SheetPlace = tuple[str, Place]
_SHEET = r"(?:'((?:[^']|'')+)'|([\w.$\u0080-\uffff]+))!"
_READS = re.compile(
    rf"(?:{_SHEET})?"
    r"(?:(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?::(\$?)([A-Z]{1,3})(\$?)(\d{1,7}))?"
    r"|\$?([A-Z]{1,3}):\$?([A-Z]{1,3})"
    r"|\$?(\d{1,7}):\$?(\d{1,7}))(?![\w(.!])",
)
_WORD = re.compile(r"[A-Za-z_\\\u0080-\uffff][\w.\u0080-\uffff]*(?![\w(!.])")
_ANYTHING = re.compile(r"\b(?:INDIRECT|OFFSET)\s*\(", re.IGNORECASE)
_STRUCTURED = re.compile(r"([A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*)\[")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_OUTSIDE = re.compile(r"'?\[[^\]]+\][^!]*!\$?[A-Z]*\$?\d*(?::\$?[A-Z]*\$?\d*)?")


@dataclass(slots=True)
class Formula:
    """One formula: where it stands, and the ranges that it reads, by sheet. `anything`: it can't be told which."""

    at: SheetPlace
    reads: list[tuple[str, Area]]
    anything: bool = False


class Reader:
    """Reads formulas of one workbook: knows its names and its tables."""

    def __init__(self, names: Mapping[str, str], tables: Mapping[str, tuple[str, Area]]) -> None:
        self.names = {name.lower(): text for name, text in names.items()}
        self.tables = {name.lower(): where for name, where in tables.items()}

    def read(self, at: SheetPlace, text: str, shift: Place = (0, 0)) -> Formula:
        """Return what a formula reads; `shift` moves what a shared formula reads, in rows and columns."""
        found = Formula(at, [])
        self._into(found, _OUTSIDE.sub("", _TEXT.sub("", text)), at[0], shift, frozenset())
        return found

    def _into(self, found: Formula, text: str, sheet: str, shift: Place, seen: frozenset[str]) -> None:
        found.anything |= bool(_ANYTHING.search(text))
        found.reads += _areas(text, sheet, shift)
        found.reads += [self.tables[name.lower()] for name in _STRUCTURED.findall(text) if name.lower() in self.tables]
        for word in {one.lower() for one in _WORD.findall(text)} - seen:
            if word in self.names:
                self._into(found, _OUTSIDE.sub("", self.names[word]), sheet, (0, 0), seen | {word})


def _areas(text: str, sheet: str, shift: Place) -> Iterable[tuple[str, Area]]:
    for one in _READS.finditer(text):
        if one.start() and (text[one.start() - 1].isalnum() or text[one.start() - 1] in "_."):
            continue
        named = (one[1].replace("''", "'") if one[1] else one[2]) or sheet
        if one[4]:
            first = _corner(one[3], one[4], one[5], one[6], shift)
            last = _corner(one[7], one[8], one[9], one[10], shift) if one[8] else first
            yield (
                named,
                (min(first[0], last[0]), min(first[1], last[1]), max(first[0], last[0]), max(first[1], last[1])),
            )
        elif one[11]:
            left, right = column_number(one[11]), column_number(one[12])
            yield named, (1, min(left, right), MOST_ROWS, max(left, right) + max(shift[1], 0))
        else:
            top, bottom = int(one[13]), int(one[14])
            yield named, (min(top, bottom), 1, max(top, bottom) + max(shift[0], 0), MOST_COLUMNS)


def _corner(fixed_column: str, letters: str, fixed_row: str, row: str, shift: Place) -> Place:
    """A shared formula reads further down and to the right, except what a dollar fixes."""
    return int(row) + (0 if fixed_row else shift[0]), column_number(letters) + (0 if fixed_column else shift[1])


class _Changed:
    """The cells that changed, by sheet and row, for asking whether any lies in a range."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[int, set[int]]] = {}

    def add(self, at: SheetPlace) -> None:
        self.rows.setdefault(at[0], {}).setdefault(at[1][0], set()).add(at[1][1])

    def touches(self, sheet: str, one: Area) -> bool:
        rows = self.rows.get(sheet)
        if not rows:
            return False
        top, left, bottom, right = one
        among = rows.keys() if bottom - top > len(rows) else [row for row in range(top, bottom + 1) if row in rows]
        return any(top <= row <= bottom and any(left <= column <= right for column in rows[row]) for row in among)


def following(formulas: Sequence[Formula], changed: Iterable[SheetPlace]) -> set[SheetPlace]:
    """Return the places of all formulas that follow from cells that change, directly or through others."""
    touched = _Changed()
    for at in changed:
        touched.add(at)
    left, found = list(formulas), set()
    while touched.rows:
        following_now = [one for one in left if one.anything or any(touched.touches(*area) for area in one.reads)]
        if not following_now:
            break
        for one in following_now:
            touched.add(one.at)
            found.add(one.at)
        left = [one for one in left if one.at not in found]
    return found
