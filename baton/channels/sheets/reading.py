"""Raw bytes become rows of texts: CSV, XLSX, ODS, XLS. Pure; runs in the limited child.

The answer is packed in parts, so that the child hands over two hundred thousand rows, and the parent walks through
them, without either holding them all as objects.
"""

from __future__ import annotations

import io
import json
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from baton.capture.tables import bounds, texts
from baton.capture.untrusted import Unreadable
from baton.channels.sheets import heads
from baton.channels.sheets.cells import Seen
from baton.channels.sheets.columns import is_known

PART = 500
LONGEST_CELL = 20_000
MOST_WORDS = 150
LONGEST_WORD = 80
Row = list[str]
Numbered = tuple[int, Row]


@dataclass(slots=True)
class Table:
    """One sheet. `parts` hold its rows, packed; each row has its number in the file, from 1.

    `head_row` is 0 where the sheet has no headers. `seen` says for each column how dates and numbers are written in
    it, `words` how often each of its words stands there, as long as they are few.
    """

    heads: list[str]
    head_row: int
    total: int
    parts: list[bytes] = field(repr=False)
    seen: list[dict[str, Any]]
    words: list[dict[str, int]]
    sheets: list[str]
    which: int
    written: str


def read_sheet(raw: bytes, *, which: int = -1, rows: int = bounds.MOST_ROWS) -> Table:
    """Read one sheet of a file, the first with something in it unless told which. Raises `Unreadable`."""
    bounds.refuse_too_much(raw)
    if not raw.strip():
        raise Unreadable("The file is empty.")
    if raw.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        names, which, found = _workbook(raw, which)
        return _table(found, names, which, "workbook", rows)
    if raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc")):
        raise Unreadable("That is no spreadsheet. CSV, XLSX, ODS and XLS are read.")
    text, encoding = texts.decoded(raw)
    found, separator = texts.rows_of(text)
    return _table(found, [], 0, f"{encoding} {separator!r}", rows)


def _workbook(raw: bytes, which: int) -> tuple[list[str], int, Iterator[Row]]:
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(raw))
        names = list(book.sheet_names)
        which, sheet = _sheet(book, len(names), which)
        book.close()
    except (CalamineError, OSError, ValueError, IndexError) as why:
        raise Unreadable(f"The workbook can’t be opened: {why}.") from why
    if sheet.height > bounds.MOST_ROWS + heads.LOOKED_AT:
        raise bounds.too_many_rows()
    if sheet.width > bounds.MOST_COLUMNS or sheet.height * sheet.width > bounds.MOST_CELLS:
        raise bounds.too_wide()
    return names, which, ([_text(cell) for cell in row] for row in sheet.iter_rows())


def _sheet(book: Any, count: int, which: int) -> tuple[int, Any]:
    """Load one sheet, the first with a second row unless told which; never more than one at a time."""
    if which < 0:
        for number in range(count):
            sheet = book.get_sheet_by_index(number)
            if sheet.height > 1:
                return number, sheet
            del sheet
    which = max(which, 0)
    return which, book.get_sheet_by_index(which)


def _text(cell: Any) -> str:
    """Return a cell as a text: days and times as ISO 8601, whole numbers without a point."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""


def _table(found: Iterator[Row], names: list[str], which: int, written: str, most: int) -> Table:
    numbered = _numbered(found)
    first = list(islice(numbered, max(heads.LOOKED_AT, 40)))
    place = heads.header_row([row for _number, row in first], is_known)
    width = max((len(row) for _number, row in first), default=0)
    if not width:
        raise Unreadable("There is nothing in this sheet.")
    head_row, head = first[place] if place >= 0 else (0, [])
    packing = _Packing(width, most)
    for number, row in first[place + 1 :]:
        packing.add(number, row)
    for number, row in numbered:
        packing.add(number, row)
    packing.close()
    return Table(
        heads.named(head, packing.width),
        head_row,
        packing.total,
        packing.parts,
        [one.told() for one in packing.seen],
        packing.words(),
        names,
        which,
        written,
    )


def _numbered(found: Iterator[Row]) -> Iterator[Numbered]:
    """Yield the rows that say something, trimmed; each cell without the blanks, marks and zeros around it."""
    for number, row in enumerate(found, start=1):
        cells = [_clean(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


_UNSEEN = {0: None, 0x200B: None, 0x200C: None, 0x2060: None, 0xFEFF: None, 0xAD: None}


def _clean(cell: str) -> str:
    """`strip` takes blanks of every width; zero-width ones and NUL say nothing anywhere, and no database holds NUL."""
    cell = cell.strip()
    if not cell.isascii() or "\x00" in cell:
        cell = cell.translate(_UNSEEN).encode("utf-8", "replace").decode().strip()
    return cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL]


class _Packing:
    """Takes rows one at a time; packs them in parts and notes what stands in each column."""

    def __init__(self, width: int, most: int) -> None:
        self.width, self.most, self.total = width, most, 0
        self.parts: list[bytes] = []
        self.rows: list[Numbered] = []
        self.seen: list[Seen] = [Seen() for _column in range(width)]
        self.counted: list[Counter[str] | None] = [Counter() for _column in range(width)]

    def add(self, number: int, row: Row) -> None:
        """Take one row."""
        self.total += 1
        if self.total > self.most:
            raise bounds.too_many_rows()
        if len(row) > self.width:
            self._widen(len(row))
        self.rows.append((number, row))
        if len(self.rows) == PART:
            self._pack()

    def _widen(self, width: int) -> None:
        if width > bounds.MOST_COLUMNS:
            raise bounds.too_wide()
        self.seen += [Seen() for _column in range(width - self.width)]
        self.counted += [Counter() for _column in range(width - self.width)]
        self.width = width

    def _pack(self) -> None:
        for column in range(self.width):
            there = [row[column] for _number, row in self.rows if column < len(row) and row[column]]
            self.seen[column].look(there)
            self._count(column, there)
        self.parts.append(zlib.compress(json.dumps(self.rows, ensure_ascii=False).encode(), 1))
        self.rows = []

    def _count(self, column: int, there: list[str]) -> None:
        counted = self.counted[column]
        if counted is not None:
            counted.update(word for word in there if len(word) <= LONGEST_WORD)
            if len(counted) > MOST_WORDS:
                self.counted[column] = None

    def close(self) -> None:
        """Pack what is left."""
        if self.rows:
            self._pack()

    def words(self) -> list[dict[str, int]]:
        """Return word → how often, by column; nothing where there are too many of them to choose from."""
        return [dict(one) if one else {} for one in self.counted]


def rows_in(part: bytes) -> list[Numbered]:
    """Return the rows of one part."""
    return [(number, row) for number, row in json.loads(zlib.decompress(part))]
