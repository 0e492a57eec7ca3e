"""Fill every workbook of the survey, have LibreOffice compute each, and compare: `python -m bench.workbooks`.

What Baton filled must come to what LibreOffice comes to where the same values are typed into the original in it: every
cell of every sheet, formulas and errors among them. Formulas that come to an error by these values are named. Needs
LibreOffice (`apt-get install libreoffice-calc python3-uno`); without it, it says so and does nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baton.decide.requests.workbook.book import Book, Sheet
from baton.decide.requests.workbook.filling import defined_names, fill_workbook, formulas_of
from baton.decide.requests.workbook.formulas import Reader, SheetPlace, following
from baton.decide.requests.workbook.package import Package
from baton.decide.requests.workbook.places import Area, Place, ref, within
from baton.decide.requests.workbook.reading import read_workbook
from baton.decide.requests.workbook.sheet_part import RawCell, RawSheet, scan
from bench.places import ROOT, SHARED
from tests.decide.requests.workbook.test_filling import fills_for
from tests.soffice import SOFFICE, converted

HEADS = [["Sheet", "Cell"]]
GROWS = 5_000
CHANCE = re.compile(r"\b(?:RAND|RANDBETWEEN|NOW|TODAY|CELL|INFO)\(")
LOCKS = re.compile(rb"<sheetProtection\b[^>]*/>")
NEAR = 1e-9
"""Numbers that differ by less than this share are the same: what is stored as text loses a last digit."""


def main() -> int:
    """Return how many workbooks were not as they should be."""
    if SOFFICE is None:
        print("LibreOffice isn’t installed, so nothing was opened: apt-get install libreoffice-calc python3-uno")
        return 1
    books = sorted((SHARED / "data" / "forecast-spreadsheets").rglob("*.xlsx"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        opened = converted([_filled(book, place) for book in books], place)
        typed = _typed(books, place)
        for book, ours, theirs in zip(books, opened, typed, strict=True):
            problem = _problem(book, ours, theirs)
            wrong += bool(problem)
            print(f"{book.name}: {problem or _said(book, ours)}")
    return wrong


def _filled(book: Path, folder: Path) -> Path:
    raw = book.read_bytes()
    made = folder / book.name
    made.write_bytes(fill_workbook(raw, fills=fills_for(raw), sources=HEADS, title="Sources").content)
    return made


def _typed(books: list[Path], folder: Path) -> list[Path]:
    """Have LibreOffice type the same values into the originals, with nothing locked in them."""
    made = [folder / "typed" / f"{book.stem}.ods" for book in books]
    (folder / "typed").mkdir()
    work = [
        {"book": str(_unlocked(book, folder)), "made": str(one), "cells": fills_for(book.read_bytes())}
        for book, one in zip(books, made, strict=True)
    ]
    args = ["/usr/bin/python3", str(ROOT / "bench" / "typed.py"), str(SOFFICE), str(folder / "typing")]
    subprocess.run(args, input=json.dumps(work).encode(), check=True, timeout=600)
    return made


def _unlocked(book: Path, folder: Path) -> Path:
    copy = folder / "typed" / book.name
    with zipfile.ZipFile(book) as packed, zipfile.ZipFile(copy, "w") as written:
        for one in packed.infolist():
            written.writestr(
                one, LOCKS.sub(b"", packed.read(one)) if "worksheets/" in one.filename else packed.read(one)
            )
    return copy


def _problem(book: Path, ours: Path, theirs: Path) -> str:
    """Where what Baton filled comes to something else than what was typed, or doesn’t open."""
    if not ours.exists():
        return "LibreOffice doesn’t open it"
    differ = list(_different(book.read_bytes(), *(read_workbook(one.read_bytes()) for one in (ours, theirs))))
    return f"{len(differ)} cells differ from the same typed in LibreOffice: {'; '.join(differ[:5])}" if differ else ""


def _different(raw: bytes, ours: Book, theirs: Book) -> Iterator[str]:
    """What follows from the values must be as typed; what doesn’t may be as the program that wrote the file had it.

    What is computed by chance, by the clock or from where the file lies is left out, and what pivots fill.
    """
    cells, typed = ({sheet.name: sheet for sheet in book.sheets} for book in (ours, theirs))
    free = _by_chance(raw)
    for sheet in read_workbook(raw).sheets:
        one, two = cells[sheet.name], typed[sheet.name]
        for at in one.cells.keys() | two.cells.keys():
            found, wanted, was = (_value(each, at) for each in (one, two, sheet))
            left_out = (sheet.name, at) in free or any(within(at, _grown(area)) for area in sheet.pivots)
            if not left_out and not _same(found, wanted) and not (_same(found, was) and found is not None):
                yield f"{sheet.name}!{ref(at)} is {found!r}, not {wanted!r}"


def _grown(pivot: Area) -> Area:
    """A pivot that is refreshed over what was put in may be longer than it was."""
    return pivot[0], pivot[1], pivot[2] + GROWS, pivot[3] + GROWS


def _by_chance(raw: bytes) -> set[SheetPlace]:
    """Return the cells that come to something else each time, or elsewhere, directly or through others."""
    package = Package(raw)
    sheets = {one.name: scan(package.read(one.part)) for one in package.sheets}
    reader = Reader(defined_names(package.read(package.main)), {})
    found = [one for name, sheet in sheets.items() for one in formulas_of(name, sheet, reader)]
    begins = {
        (name, at) for name, sheet in sheets.items() for at, cell in sheet.cells.items() if _is_chance(cell, sheet)
    }
    return begins | following(found, begins)


def _is_chance(cell: RawCell, sheet: RawSheet) -> bool:
    texts = (one.formula or "" for one in sheet.cells.values() if cell.shared and one.shared == cell.shared)
    return any(CHANCE.search(text) for text in (cell.formula or "", *texts))


def _same(one: Any, two: Any) -> bool:
    numbers = isinstance(one, float) and isinstance(two, float)
    return one == two or (numbers and abs(one - two) <= NEAR * max(abs(one), abs(two)))


def _value(sheet: Sheet, at: Place) -> Any:
    return sheet.cells[at].value if at in sheet.cells else None


def _said(book: Path, opened: Path) -> str:
    """Say that it computes, and name the formulas that have no value by what was put in: an error, or nothing."""
    raw, there = book.read_bytes(), {sheet.name: sheet for sheet in read_workbook(opened.read_bytes()).sheets}
    empty = [
        f"{sheet.name}!{ref(at)}"
        for sheet in read_workbook(raw).sheets
        for at, cell in sheet.cells.items()
        if cell.formula and cell.value is not None and _value(there[sheet.name], at) is None
    ]
    also = f"; by these values {len(empty)} come to an error or nothing, typed as well: {', '.join(empty)}"
    return "opens, and computes what the same typed in LibreOffice does" + (also if empty else "")


if __name__ == "__main__":
    sys.exit(main())
