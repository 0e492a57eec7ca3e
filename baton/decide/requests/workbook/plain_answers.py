"""A CSV stays a CSV; of ODS and XLS, which can't be changed in place, a new XLSX is made of the values."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from baton.decide.requests.workbook.book import Book, Sheet
from baton.decide.requests.workbook.filled import Fill, Filled
from baton.decide.requests.workbook.places import Place
from baton.decide.requests.workbook.plain import EPOCH, NEW
from baton.kernel.tables import safe


def fill_plain(
    raw: bytes, book: Book, *, fills: Sequence[Fill], sources: Sequence[Sequence[Any]], title: str
) -> Filled:
    """Return the filled answer. What came as values goes out as values. Raises `Unreadable`."""
    values = {(sheet, row, column): (value, is_day) for sheet, row, column, value, is_day in fills}
    if book.kind == "csv":
        return Filled(_csv(book.sheets[0], values, raw), "csv", notes=[])
    return Filled(_workbook(book, values, sources, title), "xlsx", notes=[NEW])


def _csv(sheet: Sheet, values: dict[tuple[str, int, int], tuple[Any, bool]], raw: bytes) -> bytes:
    """Rows and the separator as they came; only what is filled is written anew, and never as a formula."""
    from baton.capture.tables import texts

    text, encoding = texts.decoded(raw)
    rows, separator = texts.rows_of(text)
    kept = [list(row) for row in rows]
    for (_sheet, row, column), (value, is_day) in values.items():
        kept += [[] for _missing in range(row - len(kept))]
        kept[row - 1] += [""] * (column - len(kept[row - 1]))
        kept[row - 1][column - 1] = _text(value, is_day, separator)
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n" if b"\r\n" in raw else "\n").writerows(kept)
    return out.getvalue().encode(encoding if encoding.startswith("utf-8") else "utf-8-sig", "replace")


def _text(value: Any, is_day: bool, separator: str) -> str:
    if is_day:
        return (EPOCH + timedelta(days=value)).date().isoformat()
    if isinstance(value, str):
        return safe(value)
    written = str(int(value)) if float(value).is_integer() else repr(float(value))
    return written.replace(".", ",") if separator == ";" else written


def _workbook(
    book: Book, values: dict[tuple[str, int, int], tuple[Any, bool]], sources: Sequence[Sequence[Any]], title: str
) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as made:
        day = made.add_format({"num_format": 14})
        for sheet in book.sheets:
            written = made.add_worksheet(sheet.name[:31])
            if sheet.state != "visible":
                written.hide()
            cells: dict[Place, tuple[Any, bool]] = {
                at: (one.value, one.shows == "day") for at, one in sheet.cells.items()
            }
            cells |= {(row, column): new for (name, row, column), new in values.items() if name == sheet.name}
            for (row, column), (value, is_day) in cells.items():
                _put(written, row - 1, column - 1, value, day if is_day else None)
        _sources(made, sources, title, {one.name.lower() for one in book.sheets})
    return out.getvalue()


def _sources(made: Any, sources: Sequence[Sequence[Any]], title: str, taken: set[str]) -> None:
    if not sources:
        return
    sheet = made.add_worksheet(
        next(one for one in (title[:27], *(f"{title[:27]} {n}" for n in range(2, 99))) if one.lower() not in taken)
    )
    for row, values in enumerate(sources):
        for column, value in enumerate(values):
            _put(sheet, row, column, value, None)


def _put(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, *([day] if day else []))
    else:
        sheet.write_string(row, column, str(value)[:32_000])
