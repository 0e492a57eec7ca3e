"""Workbooks that can't be changed in place (ODS, XLS), or hold nothing but values (CSV): read as values."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from baton.capture.tables import bounds, texts
from baton.capture.untrusted import Unreadable
from baton.decide.requests.workbook.book import Book, Cell, Sheet

MOST_CELLS = 200_000
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's days have no zone
NO_SHEET = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc")
NEW = (
    "The filled file is a new XLSX with the values of yours: formulas came as the values they last had, and "
    "formats, charts "
    "and pictures stayed behind. Save the template as XLSX, and everything in it stays."
)


def kind_of_package(raw: bytes) -> str:
    """Return what lies in a packed file: `xlsx` or `ods`. Raises `Unreadable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as why:
        raise Unreadable("The file is damaged: what it is packed in can’t be opened.") from why
    if "EncryptedPackage" in names:
        raise Unreadable("It is protected with a password, so nobody but whoever knows it can open it.")
    if any(name.endswith("workbook.bin") for name in names):
        raise Unreadable("It is a binary workbook (XLSB). Save it as XLSX, and it can be filled.")
    return "ods" if "content.xml" in names else "xlsx"


def read_ods(raw: bytes) -> Book:
    """Read an OpenDocument spreadsheet as values."""
    bounds.refuse_too_much(raw)
    return _by_calamine(raw, "ods")


def read_xls(raw: bytes) -> Book:
    """Read a workbook of Excel 97 as values."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise Unreadable("It is protected with a password, so nobody but whoever knows it can open it.")
    if len(raw) > bounds.MOST_BYTES // 4:
        raise Unreadable("It is larger than 25 MB: more than a template to fill.")
    return _by_calamine(raw, "xls")


def _by_calamine(raw: bytes, kind: str) -> Book:
    from python_calamine import CalamineError, load_workbook

    try:
        book = load_workbook(io.BytesIO(raw))
        states = [str(one.visible).rpartition(".")[2].lower() for one in book.sheets_metadata]
        sheets = []
        for number, name in enumerate(book.sheet_names):
            found = book.get_sheet_by_index(number)
            if found.height * found.width > MOST_CELLS:
                raise Unreadable(f"A sheet has more than {MOST_CELLS:,} cells: more than a template to fill.")
            cells = _cells(found.to_python(skip_empty_area=False))
            sheets.append(Sheet(name, "visible" if states[number] == "visible" else "hidden", cells=cells))
    except (CalamineError, OSError, ValueError, IndexError) as why:
        raise Unreadable(f"The workbook can’t be opened: {why}.") from why
    return Book(kind, sheets, left=[NEW])


def _cells(rows: list[list[Any]]) -> dict[tuple[int, int], Cell]:
    return {
        (row, column): _cell(value)
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
    }


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return Cell(value)
    if isinstance(value, datetime):
        return Cell((value - EPOCH) / timedelta(days=1), shows="day")
    if isinstance(value, date):
        return Cell((datetime.combine(value, time()) - EPOCH) / timedelta(days=1), shows="day")
    if isinstance(value, int | float):
        return Cell(float(value))
    return Cell(str(value) if value not in (None, "") and not isinstance(value, time | timedelta) else None)


def read_csv(raw: bytes) -> Book:
    """Read a CSV: one sheet, whose values are what they look like."""
    if raw.startswith(NO_SHEET):
        raise Unreadable("That is no spreadsheet. XLSX, XLSM, ODS, XLS and CSV are filled.")
    if len(raw) > 5_000_000:
        raise Unreadable("It is larger than 5 MB: more than a template to fill.")
    text, _encoding = texts.decoded(raw)
    if any(letter < " " and letter not in "\t\r\n" for letter in text[:4000]):
        raise Unreadable("That is no spreadsheet. XLSX, XLSM, ODS, XLS and CSV are filled.")
    rows, separator = texts.rows_of(text)
    cells: dict[tuple[int, int], Cell] = {}
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            cells[row, column] = Cell(_value(value.strip()))
        if len(cells) > MOST_CELLS:
            raise Unreadable(f"It has more than {MOST_CELLS:,} cells: more than a template to fill.")
    return Book("csv", [Sheet("CSV", cells=cells)], left=[f"CSV, parted by {separator!r}"])


def _value(text: str) -> str | float | None:
    if not text:
        return None
    try:
        return float(text) if text.lower() not in {"nan", "inf", "-inf", "infinity"} else text
    except ValueError:
        return text
