"""New values go into a sheet's XML by replacing the bytes of those cells, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from baton.decide.requests.workbook.places import Place, area, ref
from baton.decide.requests.workbook.sheet_part import RawCell, RawRow, RawSheet

Splice = tuple[int, int, bytes]
"""From where to where bytes give way, and to which."""
LONGEST = 32_000
_UNSAYABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@dataclass(frozen=True, slots=True)
class NewValue:
    """What a cell is to hold. `style` is the number of its format; a text stays a text, whatever it begins with."""

    value: str | float | bool
    style: int


def patched(content: bytes, sheet: RawSheet, values: Mapping[Place, NewValue], stale: Iterable[Place]) -> bytes:
    """Return the sheet with new values in some cells, and without the cached values of the formulas in `stale`."""
    splices = [_emptied(sheet.cells[at]) for at in stale if at in sheet.cells]
    splices += _new_cells(sheet, values)
    splices += _widened(sheet, values)
    return spliced(content, splices)


def spliced(content: bytes, splices: Iterable[Splice]) -> bytes:
    """Return the bytes with all splices made; they don't overlap."""
    pieces, done = [], 0
    for begin, end, new in sorted(splices):
        pieces += [content[done:begin], new]
        done = end
    return b"".join([*pieces, content[done:]])


def _emptied(cell: RawCell) -> Splice:
    begin, end = cell.value_at
    return begin, end, b""


def _new_cells(sheet: RawSheet, values: Mapping[Place, NewValue]) -> list[Splice]:
    splices: list[Splice] = []
    added: dict[int, list[tuple[int, bytes]]] = {}
    for at, new in values.items():
        there = sheet.cells.get(at)
        written = cell_xml(sheet.prefix, at, new)
        if there is not None:
            splices.append((there.begin, there.end, written))
        else:
            added.setdefault(at[0], []).append((at[1], written))
    for number, cells in added.items():
        if number in sheet.rows:
            splices += _into_row(sheet, sheet.rows[number], cells)
    return splices + _new_rows(sheet, {row: cells for row, cells in added.items() if row not in sheet.rows})


def _into_row(sheet: RawSheet, row: RawRow, cells: list[tuple[int, bytes]]) -> list[Splice]:
    """Put cells between those that are there, in the order of their columns."""
    if row.opened == row.end:
        tag = row.end - 2
        written = b">" + b"".join(xml for _column, xml in sorted(cells)) + f"</{sheet.prefix}row>".encode()
        return [(tag, row.end, written)]
    there = sorted(column for number, column in sheet.cells if number == row.number)
    following: dict[int, bytes] = {}
    for column, xml in sorted(cells):
        after = next((one for one in there if one > column), None)
        place = row.closing if after is None else sheet.cells[row.number, after].begin
        following[place] = following.get(place, b"") + xml
    return [(place, place, xml) for place, xml in following.items()]


def _new_rows(sheet: RawSheet, rows: Mapping[int, list[tuple[int, bytes]]]) -> list[Splice]:
    """Put rows between those that are there, in the order of their numbers."""
    following: dict[int, bytes] = {}
    numbers = sorted(sheet.rows)
    for number in sorted(rows):
        cells = b"".join(xml for _column, xml in sorted(rows[number]))
        written = f'<{sheet.prefix}row r="{number}">'.encode() + cells + f"</{sheet.prefix}row>".encode()
        after = next((one for one in numbers if one > number), None)
        place = sheet.data_at[1] if after is None else sheet.rows[after].begin
        following[place] = following.get(place, b"") + written
    begin, opened, end = sheet.data_at
    if following and opened == end:
        name = f"{sheet.prefix}sheetData"
        return [(begin, end, f"<{name}>".encode() + b"".join(following.values()) + f"</{name}>".encode())]
    return [(place, place, xml) for place, xml in following.items()]


def _widened(sheet: RawSheet, values: Mapping[Place, NewValue]) -> list[Splice]:
    """The range that a sheet says it uses grows with what is added to it."""
    begin, end, text = sheet.dimension
    if not text or not values:
        return []
    try:
        top, left, bottom, right = area(text)
    except ValueError:
        return []
    rows, columns = [at[0] for at in values], [at[1] for at in values]
    wide = (min(top, *rows), min(left, *columns), max(bottom, *rows), max(right, *columns))
    if wide == (top, left, bottom, right):
        return []
    name = f"{ref(wide[:2])}:{ref(wide[2:])}"
    return [(begin, end, f'<{sheet.prefix}dimension ref="{name}"/>'.encode())]


def cell_xml(prefix: str, at: Place, new: NewValue) -> bytes:
    """Return a cell as XML. Texts stand in the cell itself, so that the list of shared texts stays as it is."""
    head = f'<{prefix}c r="{ref(at)}"' + (f' s="{new.style}"' if new.style else "")
    if isinstance(new.value, bool):
        return f'{head} t="b"><{prefix}v>{int(new.value)}</{prefix}v></{prefix}c>'.encode()
    if isinstance(new.value, str):
        return f'{head} t="inlineStr">{inline(prefix, new.value)}</{prefix}c>'.encode()
    return f"{head}><{prefix}v>{number_text(new.value)}</{prefix}v></{prefix}c>".encode()


def inline(prefix: str, text: str) -> str:
    """Return a text as it stands inside a cell; what XML can't say is left out."""
    text = text.translate(_UNSAYABLE).encode("utf-8", "ignore").decode()[:LONGEST]
    return f'<{prefix}is><{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}is>'


def number_text(value: float) -> str:
    """Return a number as a sheet writes it."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
