"""Fill every workbook of the survey, have LibreOffice open and compute each, and compare: `python -m bench.workbooks`.

Says for each whether it opened, how many cells changed that nothing was put into, and whether formulas that follow were
computed. Needs LibreOffice (`apt-get install libreoffice-calc`); without it, it says so and does nothing.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from baton.decide.requests.workbook.filling import fill_workbook
from baton.decide.requests.workbook.places import ref
from baton.decide.requests.workbook.reading import read_workbook
from bench.places import SHARED
from tests.decide.requests.workbook.test_filling import fills_for
from tests.soffice import SOFFICE, converted

HEADS = [["Sheet", "Cell"]]


def main() -> int:
    """Return how many workbooks were not as they should be."""
    if SOFFICE is None:
        print("LibreOffice isn’t installed, so nothing was opened: apt-get install libreoffice-calc")
        return 1
    books = sorted((SHARED / "data" / "forecast-spreadsheets").rglob("*.xlsx"))
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        filled = [_filled(book, Path(folder)) for book in books]
        opened = converted(filled, Path(folder))
        before = converted(books, Path(folder) / "before")
        for book, made, there, was in zip(books, filled, opened, before, strict=True):
            problem = _problem(book, made, there, was)
            wrong += bool(problem)
            print(f"{book.name}: {problem or 'opens, and computes'}")
    return wrong


def _filled(book: Path, folder: Path) -> Path:
    raw = book.read_bytes()
    made = folder / book.name
    made.write_bytes(fill_workbook(raw, fills=fills_for(raw), sources=HEADS, title="Sources").content)
    return made


def _problem(book: Path, made: Path, opened: Path, before: Path) -> str:
    """What is wrong with a filled workbook: it doesn't open, or a value that was put in isn't there."""
    if not opened.exists():
        return "LibreOffice doesn’t open it"
    raw = book.read_bytes()
    seen = {sheet.name: sheet for sheet in read_workbook(opened.read_bytes()).sheets}
    for sheet, row, column, value, _is_day in fills_for(raw):
        cell = seen[sheet].cells.get((row, column)) if sheet in seen else None
        if cell is None or cell.value != value:
            return f"{sheet}!{ref((row, column))} shows {cell.value if cell else 'nothing'} in place of {value}"
    lost = _not_computed(made, seen, {sheet.name: sheet for sheet in read_workbook(before.read_bytes()).sheets})
    return f"{lost} formulas have no value" if lost else ""


def _not_computed(made: Path, seen: dict, before: dict) -> int:
    """Formulas that lost their last value, for which LibreOffice has none now and had one before."""
    count = 0
    for sheet in read_workbook(made.read_bytes()).sheets:
        for at, cell in sheet.cells.items():
            there = seen[sheet.name].cells.get(at) if sheet.name in seen else None
            was = before[sheet.name].cells.get(at) if sheet.name in before else None
            lost = cell.formula and cell.value is None and (there is None or there.value is None)
            count += lost and was is not None and was.value is not None
    return count


if __name__ == "__main__":
    sys.exit(main())
