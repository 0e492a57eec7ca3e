"""A template is filled: values go into its cells, formulas that follow are computed anew, a sheet of sources is added.

Runs in the limited child. What isn't touched stays byte for byte; what is: the sheets that hold filled cells or
formulas
that follow from them, the workbook's list of sheets and its wish to be computed when it is opened, and the last styles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from baton.capture.untrusted import Unreadable
from baton.decide.requests.workbook import formulas, plain_answers
from baton.decide.requests.workbook.added import add_sheet
from baton.decide.requests.workbook.filled import Fill, Filled
from baton.decide.requests.workbook.formulas import Formula
from baton.decide.requests.workbook.package import Package, elements
from baton.decide.requests.workbook.patching import NewValue, patched
from baton.decide.requests.workbook.places import Area, Place, area, within
from baton.decide.requests.workbook.plain import kind_of_package
from baton.decide.requests.workbook.reading import defined_names, read_workbook, styles_of, tables_of
from baton.decide.requests.workbook.sheet_part import RawSheet, scan
from baton.decide.requests.workbook.styles import MoreStyles

CALC = re.compile(r"<((?:\w+:)?)calcPr\b[^>]*?(/?)>")
_BEFORE_CALC = ("definedNames", "externalReferences", "functionGroups", "sheets")


def fill_workbook(raw: bytes, *, fills: Sequence[Fill], sources: Sequence[Sequence[Any]], title: str) -> Filled:
    """Return the template with these cells filled and a sheet of sources called `title`. Raises `Unreadable`."""
    if not raw.startswith(b"PK") or kind_of_package(raw) == "ods":
        return plain_answers.fill_plain(raw, read_workbook(raw), fills=fills, sources=sources, title=title)
    return _Filling(Package(raw), fills).run(sources, title)


class _Filling:
    def __init__(self, package: Package, fills: Sequence[Fill]) -> None:
        self.package = package
        self.parts = {one.name: one.part for one in package.sheets}
        self.contents = {name: package.read(part) for name, part in self.parts.items()}
        self.sheets = {name: scan(content) for name, content in self.contents.items()}
        self.styles = styles_of(package)
        self.styles_part = next(iter(package.linked(package.main, "styles")), "")
        self.more = MoreStyles(package.read(self.styles_part)) if self.styles_part else None
        self.fills: dict[str, dict[Place, NewValue]] = {}
        for sheet, row, column, value, is_day in fills:
            if sheet not in self.sheets:
                raise Unreadable(f"There is no sheet “{sheet}” any more.")
            style = self._style(self.sheets[sheet], (row, column), is_day)
            self.fills.setdefault(sheet, {})[row, column] = NewValue(value, style)

    def run(self, sources: Sequence[Sequence[Any]], title: str) -> Filled:
        stale = self._stale()
        changed: dict[str, bytes] = {}
        for name in {*self.fills, *stale}:
            content, sheet = self.contents[name], self.sheets[name]
            changed[self.parts[name]] = patched(content, sheet, self.fills.get(name, {}), stale.get(name, ()))
        changed |= self._new_styles() | self._refreshed()
        main = calculated_on_load(self.package.read(self.package.main).decode())
        changed |= add_sheet(self.package, main, title, sources) if sources else {self.package.main: main.encode()}
        kind = "xlsm" if "macroEnabled" in self.package.read("[Content_Types].xml").decode() else "xlsx"
        return Filled(self.package.rewritten(changed), kind, sum(map(len, stale.values())))

    def _style(self, sheet: RawSheet, at: Place, is_day: bool) -> int:
        """Return the format of the cell, else of its row, column, or the cell above; for days one that shows them."""
        style = sheet.cells[at].style if at in sheet.cells else _style_around(sheet, at)
        if is_day and self.more is not None and self.styles.kind(style) != "day":
            return self.more.as_day(style)
        return style

    def _stale(self) -> dict[str, list[Place]]:
        names = defined_names(self.package.read(self.package.main))
        tables = {
            table: (name, where) for name, part in self.parts.items() for table, where in tables_of(self.package, part)
        }
        reader = formulas.Reader(names, tables)
        found = [one for name, sheet in self.sheets.items() for one in formulas_of(name, sheet, reader)]
        changed = [(name, at) for name, values in self.fills.items() for at in values]
        stale: dict[str, list[Place]] = {}
        for name, at in formulas.following(found, changed):
            if self.sheets[name].cells[at].has_value:
                stale.setdefault(name, []).append(at)
        return stale

    def _new_styles(self) -> dict[str, bytes]:
        content = self.more.rewritten() if self.more else None
        return {self.styles_part: content} if content else {}

    def _refreshed(self) -> dict[str, bytes]:
        """Pivots over a sheet that was filled are computed anew when the workbook is opened."""
        changed = {}
        for kind, part in self.package.links.values():
            if kind == "pivotCacheDefinition" and self.package.has(part):
                content = self.package.read(part)
                source = next((its for name, its in elements(content) if name == "worksheetSource"), {})
                if source.get("sheet") in self.fills and b"refreshOnLoad" not in content:
                    changed[part] = re.sub(
                        rb"(<(?:\w+:)?pivotCacheDefinition\b)", rb'\1 refreshOnLoad="1"', content, count=1
                    )
        return changed


def _style_around(sheet: RawSheet, at: Place) -> int:
    above = sheet.cells.get((at[0] - 1, at[1]))
    row = sheet.rows.get(at[0])
    if row is not None and row.style:
        return row.style
    if above is not None and above.style and (above.type == "n" or not above.has_value):
        return above.style
    return next((style for first, last, style, _h in sheet.column_styles if first <= at[1] <= last), 0)


def formulas_of(name: str, sheet: RawSheet, reader: formulas.Reader) -> list[Formula]:
    """Return what each formula of a sheet reads; one that is shared reads as its first one does, moved."""
    first = {one.shared: one for one in sheet.cells.values() if one.shared and one.formula}
    spills = _spills(sheet)
    found = []
    for at, cell in sheet.cells.items():
        if cell.formula is None:
            source = next((spill for spill, where in spills.items() if within(at, where)), None) if spills else None
            if source and source != at and cell.has_value:
                found.append(Formula((name, at), [(name, (*source, *source))]))
            continue
        leader = first.get(cell.shared) if cell.shared and not cell.formula else None
        text = leader.formula if leader is not None else cell.formula
        shift = (at[0] - leader.at[0], at[1] - leader.at[1]) if leader is not None else (0, 0)
        found.append(reader.read((name, at), text or "", shift))
    return found


def _spills(sheet: RawSheet) -> dict[Place, Area]:
    """Formulas that fill a whole range: from where, and which. The other cells follow from the first."""
    found = {}
    for at, cell in sheet.cells.items():
        if cell.formula_kind == "array" and ":" in cell.formula_ref:
            found[at] = area(cell.formula_ref)
    return found


def calculated_on_load(main: str) -> str:
    """Return the workbook part with the wish to be computed whole when it is opened."""
    found = CALC.search(main)
    if found:
        tag = re.sub(r'\sfullCalcOnLoad="[^"]*"', "", found[0])
        tag = tag.removesuffix(">").removesuffix("/").rstrip() + f' fullCalcOnLoad="1"{found[2]}>'
        return main[: found.start()] + tag + main[found.end() :]
    for name in _BEFORE_CALC:
        closed = re.search(rf"</((?:\w+:)?){name}>|<((?:\w+:)?){name}\b[^>]*/>", main)
        if closed:
            prefix = closed[1] or closed[2] or ""
            return f'{main[: closed.end()]}<{prefix}calcPr fullCalcOnLoad="1"/>{main[closed.end() :]}'
    return main
