"""One sheet's XML: its cells with the bytes that hold each of them, merges, choices, and what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from baton.capture.untrusted import Unreadable
from baton.decide.requests.workbook.package import Attributes, parse, parser
from baton.decide.requests.workbook.places import Area, Place, area, place

MOST_CELLS = 200_000
_TAG = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")


@dataclass(slots=True)
class RawCell:
    """A cell as it is written. `begin` and `end` are its bytes in the part; `value_at` those of its value."""

    at: Place
    style: int
    type: str
    begin: int
    end: int = 0
    value: str = ""
    has_value: bool = False
    formula: str | None = None
    shared: str = ""
    formula_kind: str = ""
    formula_ref: str = ""
    value_at: tuple[int, int] = (0, 0)
    attributes: Attributes = field(default_factory=dict)


@dataclass(slots=True)
class RawRow:
    """A row as it is written; its bytes, and where its cells end."""

    number: int
    begin: int
    opened: int = 0
    closing: int = 0
    end: int = 0
    hidden: bool = False
    style: int = 0


@dataclass(slots=True)
class RawSheet:
    """What a sheet holds, and where it stands in the bytes."""

    prefix: str = ""
    rows: dict[int, RawRow] = field(default_factory=dict)
    cells: dict[Place, RawCell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    lists: list[tuple[list[Area], str]] = field(default_factory=list)
    column_styles: list[tuple[int, int, int, bool]] = field(default_factory=list)
    protected: bool = False
    data_at: tuple[int, int, int] = (0, 0, 0)
    """Where `sheetData` opens, where its rows end, and where it ends."""
    dimension: tuple[int, int, str] = (0, 0, "")


class _Scan:
    """Walks through the part once and notes where everything stands."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sheet = RawSheet()
        self.parser = parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.stop
        self.parser.CharacterDataHandler = self.text
        self.cell: RawCell | None = None
        self.row: RawRow | None = None
        self.last: Place = (0, 0)
        self.within = ""
        self.words: list[str] = []
        self.validation: list[Area] = []
        self.closed_at = -1

    def run(self) -> RawSheet:
        parse(self.parser, self.content)
        return self.sheet

    @property
    def here(self) -> int:
        return self.parser.CurrentByteIndex

    def after_tag(self) -> int:
        """Where the tag that is being read ends; remembers a tag that closes itself, whose end comes next."""
        found = _TAG.match(self.content, self.here)
        end = found.end() if found else self.here
        self.closed_at = end if self.content[end - 2 : end] == b"/>" else -1
        return end

    def start(self, name: str, its: Attributes) -> None:
        prefix, _colon, name = name.rpartition(":")
        begin = getattr(self, f"_start_{name}", None)
        self.closed_at = -1
        if begin is not None:
            begin(its)
        elif name == "worksheet":
            self.sheet.prefix = f"{prefix}:" if prefix else ""

    def _start_row(self, its: Attributes) -> None:
        number = _number(its.get("r"), self.last[0] + 1)
        self.last = (number, 0)
        row = RawRow(number, self.here, self.after_tag(), hidden=its.get("hidden") in {"1", "true"})
        row.style = _number(its.get("s"), 0) if its.get("customFormat") in {"1", "true"} else 0
        self.row = self.sheet.rows[number] = row

    def _start_c(self, its: Attributes) -> None:
        try:
            at = place(its["r"]) if "r" in its else (self.last[0], self.last[1] + 1)
        except ValueError as why:
            raise Unreadable(f"The workbook is damaged: {why}.") from why
        self.last = at
        self.after_tag()
        self.cell = RawCell(at, _number(its.get("s"), 0), its.get("t", "n"), self.here, attributes=its)
        self.sheet.cells[at] = self.cell
        if len(self.sheet.cells) > MOST_CELLS:
            raise Unreadable(f"A sheet has more than {MOST_CELLS:,} cells: more than a template to fill.")

    def _start_v(self, its: Attributes) -> None:
        if self.cell is not None:
            self.within, self.words = "v", []
            self.after_tag()
            self.cell.value_at = (self.here, 0)

    def _start_f(self, its: Attributes) -> None:
        if self.cell is not None:
            self.within, self.words = "f", []
            self.cell.formula_kind, self.cell.formula_ref = its.get("t", ""), its.get("ref", "")
            self.cell.shared = its.get("si", "") if its.get("t") == "shared" else ""

    def _start_t(self, its: Attributes) -> None:
        if self.cell is not None and self.cell.type == "inlineStr":
            self.within = "t"

    def _start_sheetData(self, its: Attributes) -> None:  # noqa: N802 - the name that the format gives it
        self.sheet.data_at = (self.here, self.after_tag(), self.after_tag())

    def _start_mergeCell(self, its: Attributes) -> None:  # noqa: N802
        self.sheet.merges += _areas(its.get("ref", ""))

    def _start_dimension(self, its: Attributes) -> None:
        self.sheet.dimension = (self.here, self.after_tag(), its.get("ref", ""))

    def _start_col(self, its: Attributes) -> None:
        hidden = its.get("hidden") in {"1", "true"}
        first, last = _number(its.get("min"), 0), _number(its.get("max"), 0)
        self.sheet.column_styles.append((first, last, _number(its.get("style"), 0), hidden))

    def _start_sheetProtection(self, its: Attributes) -> None:  # noqa: N802
        self.sheet.protected = its.get("sheet") in {"1", "true"}

    def _start_dataValidation(self, its: Attributes) -> None:  # noqa: N802
        listed = its.get("type") == "list"
        self.validation = [one for part in its.get("sqref", "").split() for one in _areas(part)] if listed else []

    def _start_formula1(self, its: Attributes) -> None:
        if self.validation:
            self.within, self.words = "formula1", []

    def text(self, words: str) -> None:
        if self.within:
            self.words.append(words)

    def stop(self, name: str) -> None:
        name = name.rpartition(":")[2]
        end = getattr(self, f"_stop_{name}", None)
        if end is not None:
            end()

    def _stop_v(self) -> None:
        if self.cell is not None and self.within == "v":
            self.cell.value, self.cell.has_value = "".join(self.words), True
            self.cell.value_at = (self.cell.value_at[0], self._end())
        self.within = ""

    def _stop_f(self) -> None:
        if self.cell is not None:
            self.cell.formula = "".join(self.words)
        self.within = ""

    def _stop_t(self) -> None:
        if self.cell is not None and self.within == "t":
            self.cell.value += "".join(self.words)
            self.cell.has_value, self.words, self.within = True, [], ""

    def _stop_c(self) -> None:
        if self.cell is not None:
            self.cell.end = self._end()
        self.cell, self.words = None, []

    def _stop_row(self) -> None:
        if self.row is not None:
            self.row.end = self._end()
            self.row.closing = self.here
        self.row = None

    def _stop_sheetData(self) -> None:  # noqa: N802
        self.sheet.data_at = (self.sheet.data_at[0], self.here, self._end())

    def _stop_formula1(self) -> None:
        if self.validation:
            self.sheet.lists.append((self.validation, "".join(self.words)))
        self.within = ""

    def _end(self) -> int:
        """Where the element that was just closed ends. Where its tag closed itself, the parser stands behind it."""
        if self.closed_at == self.here:
            self.closed_at = -1
            return self.here
        return self.content.index(b">", self.here) + 1


def scan(content: bytes) -> RawSheet:
    """Return what a sheet's part holds. Raises `Unreadable`."""
    if sum(content.count(tag) for tag in (b"<c ", b"<c>", b":c ", b":c>")) > MOST_CELLS:
        raise Unreadable(f"A sheet has more than {MOST_CELLS:,} cells: more than a template to fill.")
    return _Scan(content).run()


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise


def _areas(text: str) -> list[Area]:
    try:
        return [area(text)]
    except ValueError:
        return []
