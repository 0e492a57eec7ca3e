"""Places in a sheet: `D6` is row 6, column 4, both counted from 1."""

from __future__ import annotations

import re

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_REF = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
Place = tuple[int, int]
Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


def place(ref: str) -> Place:
    """Return (row, column) of a cell by its name. Raises `ValueError`."""
    found = _REF.match(ref.upper())
    if found is None:
        raise ValueError(f"“{ref}” is no cell")
    return int(found[2]), column_number(found[1])


def column_number(letters: str) -> int:
    """Return the number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def ref(at: Place) -> str:
    """Return the name of a cell."""
    return f"{column_letters(at[1])}{at[0]}"


def area(text: str) -> Area:
    """Return the corners of a range: `A1:C3`, or of one cell. Raises `ValueError`."""
    first, _colon, last = text.partition(":")
    top, left = place(first)
    bottom, right = place(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def within(at: Place, one: Area) -> bool:
    """Whether a cell lies in a range."""
    return one[0] <= at[0] <= one[2] and one[1] <= at[1] <= one[3]
