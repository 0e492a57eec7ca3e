"""A sheet is added to a workbook at its end: its part, its place in the list of sheets, and its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from baton.decide.requests.workbook.package import Package, relations_part
from baton.decide.requests.workbook.patching import NewValue, cell_xml

WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
WIDTHS = (18, 9, 16, 40, 14, 34, 16, 18, 22, 18, 14, 40)
_SHEETS = re.compile(r"</((?:\w+:)?)sheets>")
_NO_NAME = re.compile(r"[\[\]:*?/\\]")


def add_sheet(package: Package, main: str, title: str, rows: Sequence[Sequence[Any]]) -> dict[str, bytes]:
    """Return the parts that change or come: `main` is the workbook part as it is to be."""
    part = _free_part(package)
    strict = STRICT in main
    link = _free_link(package)
    return {
        package.main: _listed(main, _free_name(package, title), link, RELATION if not strict else STRICT).encode(),
        relations_part(package.main): _related(package, link, part, STRICT if strict else RELATION),
        "[Content_Types].xml": _typed(package, part),
        part: sheet_xml(rows, STRICT_MAIN if strict else MAIN),
    }


def _free_part(package: Package) -> str:
    folder = package.sheets[0].part.rpartition("/")[0]
    number = next(number for number in range(1, 100_000) if not package.has(f"{folder}/sheet{number}.xml"))
    return f"{folder}/sheet{number}.xml"


def _free_link(package: Package) -> str:
    return next(name for name in (f"rIdBaton{n}" for n in range(1, 1000)) if name not in package.links)


def _free_name(package: Package, title: str) -> str:
    taken = {one.name.lower() for one in package.sheets}
    base = _NO_NAME.sub(" ", title).strip("' ")[:27] or "Baton"
    names = (base if number == 1 else f"{base} {number}" for number in range(1, 1000))
    return next(name for name in names if name.lower() not in taken)


def _listed(main: str, name: str, link: str, relation: str) -> str:
    found = _SHEETS.search(main)
    if found is None:
        return main
    numbers = [int(number) for number in re.findall(r'\bsheetId="(\d+)"', main)]
    new = f'<{found[1]}sheet name={quoteattr(name)} sheetId="{max(numbers, default=0) + 1}"'
    new += f' xmlns:batonr="{relation}" batonr:id="{link}"/>'
    return main[: found.start()] + new + main[found.start() :]


def _related(package: Package, link: str, part: str, relation: str) -> bytes:
    lies_at = relations_part(package.main)
    content = package.read(lies_at).decode()
    closing = re.search(r"</((?:\w+:)?)Relationships>", content)
    prefix = closing[1] if closing else ""
    new = f'<{prefix}Relationship Id="{link}" Type="{relation}/worksheet" Target="/{part}"/>'
    at = closing.start() if closing else len(content)
    return (content[:at] + new + content[at:]).encode()


def _typed(package: Package, part: str) -> bytes:
    content = package.read("[Content_Types].xml").decode()
    closing = re.search(r"</((?:\w+:)?)Types>", content)
    prefix = closing[1] if closing else ""
    at = closing.start() if closing else len(content)
    new = f'<{prefix}Override PartName="/{part}" ContentType="{WORKSHEET}"/>'
    return (content[:at] + new + content[at:]).encode()


def sheet_xml(rows: Sequence[Sequence[Any]], namespace: str = MAIN) -> bytes:
    """Return a plain sheet: texts as texts, numbers as numbers, the first row stays in sight."""
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(WIDTHS, 1)
    )
    head = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{namespace}"><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )
    body = b"".join(_row(number, row) for number, row in enumerate(rows, start=1))
    return head.encode() + body + b"</sheetData></worksheet>"


def _row(number: int, row: Sequence[Any]) -> bytes:
    cells = [
        cell_xml("", (number, column), NewValue(value, 0))
        for column, value in enumerate(row, start=1)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">'.encode() + b"".join(cells) + b"</row>"
