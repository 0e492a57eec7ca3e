"""Any file becomes rows of texts, or is refused with a sentence before it costs anything."""

import io
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from baton.capture.tables import bounds
from baton.capture.untrusted import Unreadable
from baton.channels.sheets.reading import Table, read_sheet, rows_in

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>'


def rows(table: Table) -> list[list[str]]:
    return [row for part in table.parts for _number, row in rows_in(part)]


def edge(shared: Path, name: str) -> Table:
    return read_sheet((shared / "pipeline/salesforce-csv-edge-cases" / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("csvtext.csv", "utf-8 ','"),
        ("csvtext_BOM_UTF8.csv", "utf-8-sig ','"),
        ("csvtext_BOM_UTF16LE.csv", "utf-16 ','"),
    ],
)
def test_a_mark_at_the_beginning_says_the_encoding_and_is_no_part_of_the_first_header(shared, name, written):
    table = edge(shared, name)

    assert (table.heads, table.written) == (["column1", "column2", "column3"], written)
    assert rows(table) == [["row1-1", "row1-2", "row1-3"], ["row2-1", "row2-2", "row2-3"]]


def test_doubled_quotes_and_strange_separators_inside_stay_what_they_are(shared):
    assert rows(edge(shared, "csvEscapedQuotes.csv")) == [['"The Best" Account', "bla"], ['The "Best" Account', "bla"]]
    assert edge(shared, "csvSeparator.csv").heads == ["column1", "column2!some", "column3"]


def test_blanks_of_any_width_around_an_id_are_no_part_of_it(shared):
    assert rows(edge(shared, "upsertAccountSmallTemplate.csv"))[0][-1] == "1-000000"


@pytest.mark.parametrize(("separator", "name"), [(";", "';'"), ("\t", "'\\t'"), ("|", "'|'")])
def test_the_separator_is_found_whatever_it_is(separator, name):
    text = "\n".join(separator.join(row) for row in (["Name", "Amount"], ["Kvarner d.o.o.", "1.234,50"]))

    table = read_sheet(text.encode())

    assert (table.written, rows(table)) == (f"utf-8 {name}", [["Kvarner d.o.o.", "1.234,50"]])


@pytest.mark.parametrize(
    ("encoding", "text"), [("cp1250", "Đurđica Šarić"), ("cp1252", "José Müller"), ("utf-16", "Žarko")]
)
def test_what_windows_writes_is_read_by_its_letters(encoding, text):
    table = read_sheet(f"Name,City\n{text},Čakovec\n{text},x".encode(encoding, "replace"))

    assert rows(table)[0][0] == text


@pytest.mark.parametrize(
    ("file", "head_row", "first", "total"),
    [
        ("labor.csv", 5, "Contract No.", 1106),
        ("education.csv", 0, "Column 1", 36),
        ("fy16ed.csv", 1, "Tracking No.", 104),
        ("state.csv", 1, "Fiscal Year", 416),
    ],
)
def test_headers_are_found_under_titles_and_missed_where_there_are_none(shared, file, head_row, first, total):
    table = read_sheet((shared / "pipeline/us-federal-procurement-forecasts" / file).read_bytes())

    assert (table.head_row, table.heads[0], table.total) == (head_row, first, total)


def test_two_columns_that_share_a_name_are_told_apart(shared):
    table = read_sheet((shared / "pipeline/us-federal-procurement-forecasts/fy16ed.csv").read_bytes())

    assert len(set(table.heads)) == len(table.heads)
    assert sum(head.startswith("Contracting Office") for head in table.heads) == 2


def workbook(rows_: list[list[object]], first: int = 0) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Pipeline")
        book.add_worksheet("Notes")
        for number, row in enumerate(rows_, start=first):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def test_a_workbook_gives_days_as_iso_and_whole_numbers_without_a_point_and_rows_their_own_numbers():
    raw = workbook(
        [["Name", "Amount", "Close date"], ["Quay", 1200, datetime(2026, 12, 1)], ["Pier", 0.5, ""]], first=3
    )

    table = read_sheet(raw)

    assert rows(table) == [["Quay", "1200", date(2026, 12, 1).isoformat()], ["Pier", "0.5"]]
    assert [number for number, _row in rows_in(table.parts[0])] == [5, 6]
    assert (table.sheets, table.head_row) == (["Pipeline", "Notes"], 4)


def test_an_open_document_sheet_is_read_alike():
    cells = "".join(
        f'<table:table-row><table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>'
        f'<table:table-cell office:value-type="string"><text:p>{two}</text:p></table:table-cell></table:table-row>'
        for one, two in (("Name", "Email"), ("Ana", "ana@lime.example"))
    )

    assert rows(read_sheet(open_document(cells))) == [["Ana", "ana@lime.example"]]


def open_document(cells: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{cells}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        packed.writestr(zipfile.ZipInfo("mimetype"), kind)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        entry = f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{manifest}">{entry}</m:manifest>')
        packed.writestr("content.xml", content)
    return made.getvalue()


# What is refused


def with_sheet(xml: str) -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["Name"], ["x"]]))) as there,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in there.namelist():
            packed.writestr(name, xml if name.endswith("sheet1.xml") else there.read(name))
    return made.getvalue()


def zeros() -> bytes:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _megabyte in range(500):
            sheet.write(bytes(1_000_000))
    return made.getvalue()


def lying() -> bytes:
    """A packed file whose directory says that its sheet is ten bytes long."""
    raw = bytearray(with_sheet(HEAD + "<row/>" * 200_000 + "</sheetData></worksheet>"))
    name = b"xl/worksheets/sheet1.xml"
    for mark, size_at, name_at in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        at = raw.find(mark)
        while raw[at + name_at : at + name_at + len(name)] != name:
            at = raw.find(mark, at + 4)
        raw[at + size_at : at + size_at + 4] = (10).to_bytes(4, "little")
    return bytes(raw)


BOMBS = {
    "unpacks to gigabytes": zeros,
    "lies about its size": lying,
    "one cell in the last corner": lambda: with_sheet(
        HEAD + '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    ),
    "wide and long": lambda: with_sheet(
        HEAD + '<row r="1"><c r="A1"><v>1</v></c></row><row r="200000"><c r="SA200000"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    ),
    "entities": lambda: with_sheet(
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        + HEAD[21:]
        + "</sheetData></worksheet>"
    ),
    "a million rows": lambda: with_sheet(
        HEAD
        + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 300_000))
        + "</sheetData></worksheet>"
    ),
    "a cell repeated": lambda: open_document(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell></table:table-row>'
    ),
    "a row repeated": lambda: open_document(
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>"
    ),
    "too many lines": lambda: b"Name\n" + b"x\n" * (bounds.MOST_ROWS + 1),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_with_a_sentence_and_at_once(make):
    raw = make()
    began = time.process_time()

    with pytest.raises(Unreadable):
        read_sheet(raw)

    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "raw", [b"", b"  \n ", b"%PDF-1.7 ...", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken", b"\x89PNG\r\n"]
)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(raw):
    with pytest.raises(Unreadable):
        read_sheet(raw)
