"""Values go into a workbook without disturbing anything else: measured on the workbooks that managers really send."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from baton.capture.untrusted import Unreadable
from baton.decide.requests.workbook.book import Book
from baton.decide.requests.workbook.filling import fill_workbook
from baton.decide.requests.workbook.places import place, within
from baton.decide.requests.workbook.reading import read_workbook
from tests.soffice import as_values, needs_soffice
from tests.templates import workbook

HEADS = [["Sheet", "Cell"]]


def parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def filled(raw: bytes, *fills, sources=HEADS) -> bytes:
    return fill_workbook(raw, fills=fills, sources=sources, title="Sources").content


@dataclass(slots=True)
class Case:
    """One real workbook: as it came, what was put in, and as it went out."""

    name: str
    raw: bytes
    fills: list[tuple]
    made: bytes
    before: Book
    after: Book


@pytest.fixture(scope="module")
def cases(shared) -> list[Case]:
    return [case_of(book) for book in sorted((shared / "forecast-spreadsheets").rglob("*.xlsx"))]


def case_of(book: Path) -> Case:
    raw = book.read_bytes()
    fills = fills_for(raw)
    made = filled(raw, *fills)
    return Case(book.name, raw, fills, made, read_workbook(raw), read_workbook(made))


def fills_for(raw: bytes) -> list[tuple]:
    """Some cells of every sheet: empty ones, ones that hold a figure, and one far below that isn't there."""
    found = []
    for sheet in read_workbook(raw).sheets:
        places = {at: cell for at, cell in sheet.cells.items() if not any(within(at, one) for one in sheet.pivots)}
        free = [at for at, cell in places.items() if cell.value is None and not cell.formula][:4]
        figures = [at for at, cell in places.items() if isinstance(cell.value, float) and not cell.formula][:2]
        found += [(sheet.name, *at, 1234.5, False) for at in [*free[:2], *figures]]
        found += [(sheet.name, *at, 46_000, True) for at in free[2:3]] + [(sheet.name, 3000, 2, "=1 & <b>", False)]
    return found


TOUCHED = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml")


def test_every_part_that_is_not_touched_stays_byte_for_byte(cases):
    for case in cases:
        before, after = parts(case.raw), parts(case.made)

        changed = {name for name in before if before[name] != after[name]}
        assert before.keys() <= after.keys(), case.name
        assert all(name in TOUCHED or "worksheets/sheet" in name or "pivotCache" in name for name in changed), case.name
        assert "xl/sharedStrings.xml" not in changed, case.name


def test_every_cell_that_is_not_filled_keeps_its_value_its_formula_and_its_format(cases):
    for case in cases:
        places = {(sheet, row, column) for sheet, row, column, *_rest in case.fills}
        after = {one.name: one for one in case.after.sheets}

        for sheet in case.before.sheets:
            now = after[sheet.name]
            assert (now.merges, now.lists, now.tables, now.state) == (
                sheet.merges,
                sheet.lists,
                sheet.tables,
                sheet.state,
            )
            for at, cell in sheet.cells.items():
                if (sheet.name, *at) not in places:
                    same = now.cells[at]
                    assert (same.formula, same.shows, same.locked) == (cell.formula, cell.shows, cell.locked), (
                        case.name,
                        at,
                    )
                    assert same.value == cell.value or (cell.formula and same.value is None), (
                        case.name,
                        sheet.name,
                        at,
                    )


def test_what_is_filled_is_there_texts_as_texts_and_days_as_days(cases):
    for case in cases:
        sheets = {one.name: one for one in case.after.sheets}

        for sheet, row, column, value, is_day in case.fills:
            cell = sheets[sheet].cells[row, column]
            assert cell.value == value, (case.name, sheet, row, column)
            assert not is_day or cell.shows == "day", (case.name, sheet, row, column)


@needs_soffice
def test_libreoffice_opens_it_and_computes_the_new_totals(tmp_path):
    rows = [
        ["Rep", "Nov", "Dec"],
        ["Ana", "", ""],
        ["Bram", "", ""],
        ["Total", "=SUM(B2:B3)", "=SUM(C2:C3)"],
        ["All", "=B4+C4"],
    ]
    raw = filled(workbook(("S", rows)), ("S", 2, 2, 10.0, False), ("S", 3, 2, 5.0, False), ("S", 3, 3, 7.0, False))

    found = as_values(raw, tmp_path)

    assert [row[:3] for row in found["S"]][3:] == [["Total", 15.0, 7.0], ["All", 22.0, ""]]


def test_only_formulas_that_follow_lose_their_last_value():
    rows = [["a", 1, "=B1*2", "=C1+1", "=A9"], ["b", 1, "=B2*2", "='Other'!A1", "=SUM(B:B)"]]
    raw = workbook(("S", rows), ("Other", [["=S!C1"], ["=A9"]]))

    book = read_workbook(filled(raw, ("S", 1, 2, 5.0, False)))

    kept = {at for at, cell in book.sheets[0].cells.items() if cell.formula and cell.value is not None}
    assert kept == {place("E1"), place("C2")}
    assert [cell.value for cell in book.sheets[1].cells.values()] == [None, 999.0]


def test_shared_formulas_names_and_tables_follow_too(shared):
    raw = (shared / "forecast-spreadsheets" / "cash-flow-12-months-blank-columns-named-ranges.xlsx").read_bytes()

    book = read_workbook(filled(raw, ("Cash Flow 12 mo", 7, 3, 1000.0, False)))

    cells = book.sheets[0].cells
    assert [cells[place(ref)].value for ref in ("C14", "E5", "AA14", "AA7")] == [None, None, None, None]
    assert cells[place("E13")].value is not None


def test_the_workbook_asks_to_be_computed_when_it_is_opened_and_keeps_its_other_wishes(cases):
    for case in cases:
        main = parts(case.made)["xl/workbook.xml"].decode()
        assert main.count('fullCalcOnLoad="1"') == 1, case.name
        assert ("iterate=" in main) == ("iterate=" in parts(case.raw)["xl/workbook.xml"].decode())


def test_macros_stay_in_a_workbook_that_has_them():
    raw = parts(workbook(("S", [["a", ""]])))
    raw["[Content_Types].xml"] = raw["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    raw["xl/vbaProject.bin"] = b"\xd0\xcf macro"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in raw.items():
            packed.writestr(name, content)

    made = fill_workbook(out.getvalue(), fills=[("S", 1, 2, 1.0, False)], sources=HEADS, title="Sources")

    assert (made.kind, parts(made.content)["xl/vbaProject.bin"]) == ("xlsm", b"\xd0\xcf macro")


def test_a_csv_stays_a_csv_with_its_separator_and_holds_no_formula():
    raw = b"Rep;Open;Note\r\nAna;;\r\n"

    made = fill_workbook(raw, fills=[("CSV", 2, 2, 1.5, False), ("CSV", 2, 3, "=cmd", False)], sources=HEADS, title="x")

    assert (made.kind, made.content.decode("utf-8-sig")) == ("csv", "Rep;Open;Note\r\nAna;1,5;'=cmd\r\n")


def test_a_sheet_that_is_called_sources_already_keeps_its_name():
    book = read_workbook(filled(workbook(("Sources", [["a", ""]])), ("Sources", 1, 2, 1.0, False)))

    assert [one.name for one in book.sheets] == ["Sources", "Sources 2"]


def test_what_is_no_workbook_is_refused_with_a_sentence():
    for raw in (b"", b"PK\x03\x04 broken", b"%PDF-1.4", b"\xd0\xcf\x11\xe0 broken", b"\x00\x01\x02\x00"):
        with pytest.raises(Unreadable):
            read_workbook(raw)
