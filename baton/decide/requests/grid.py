"""A sheet as people see it: which cells are labels, which could be filled, and which labels stand over or beside each.
Pure.

Nothing is assumed of where headers stand: a label is what is nearest above, and nearest to the left; two or three that
stand directly over one another are one header, and a merged one stands over every column that it covers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from baton.decide.requests.periods import EPOCH, YEARS
from baton.decide.requests.workbook.book import Cell, Sheet
from baton.decide.requests.workbook.places import Area, Place

STACK = 3
BLANK_ROWS = 3
"""So many empty rows end what a header stands over."""
LONGEST_LABEL = 120
WAITING = frozenset(["tbd", "?", "…", "...", "xx", "xxx", "fill in", "n/a", "tba", "offen?", "todo", "_"])
"""What people write into a cell that is still to be filled."""
REPEATED = re.compile(r"\{\{\s*item(?:\.\w+)+\s*\}\}|\$\{\w+(?:\.\w+)+\}|\{\.\w+\}")
MARKED = re.compile(r"(?:\{\{\s*|\$?\{\.?|\$)(?:\w+\.)*(\w+)(?:\s*\}\}|\}|\$)")
PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\$\{.*?\}|\{\.?\w+(?:\.\w+)*\}|^\$[A-Za-z_]\w*\$$|<<.+?>>")


@dataclass(slots=True)
class Grid:
    """One sheet's labels. `over` and `beside` name, for a place, the labels that it belongs to, nearest first."""

    sheet: Sheet
    labels: dict[Place, str] = field(default_factory=dict)
    months: frozenset[Place] = frozenset()
    wide: dict[Place, Place] = field(default_factory=dict)
    covered: frozenset[Place] = frozenset()
    rows: dict[int, list[int]] = field(default_factory=dict)
    """Columns that hold a label, by row."""
    full: frozenset[int] = frozenset()
    """Rows that hold anything."""
    last: Place = (0, 0)

    def is_free(self, at: Place) -> bool:
        """Whether a cell is there to be filled: empty, or marked as waiting, and no part of another one."""
        if at in self.covered:
            return False
        cell = self.sheet.cells.get(at)
        if cell is None:
            return True
        return not cell.formula and (cell.value is None or is_waiting(cell.value))

    def is_locked(self, at: Place) -> bool:
        """Whether the sheet is protected, and nobody may type into this cell."""
        cell = self.sheet.cells.get(at)
        return self.sheet.protected and (cell is None or cell.locked)

    def holds_zero(self, at: Place) -> bool:
        """Whether a cell holds a zero that somebody typed."""
        cell = self.sheet.cells.get(at)
        return cell is not None and not cell.formula and cell.value == 0.0 and not isinstance(cell.value, bool)


def is_waiting(value: object) -> bool:
    """Whether a text only says that a cell is still to be filled."""
    return isinstance(value, str) and (not value.strip() or value.strip().casefold() in WAITING)


def is_placeholder(value: object) -> bool:
    """Whether a text is filled by another program: `{{item.Company}}`, `${name}`, `$Caption$`."""
    return isinstance(value, str) and bool(PLACEHOLDER.search(value.strip()))


def is_repeated(value: object) -> bool:
    """Whether a text is a mark that its program repeats for each row of a list: `{{item.Company}}`, `{.name}`."""
    return isinstance(value, str) and bool(REPEATED.fullmatch(value.strip()))


def marked_name(text: str) -> str:
    """Return what a mark names, in words: `{{item.Customer.ShipDate}}` is “Ship Date”; a command names nothing."""
    found = MARKED.fullmatch(text.strip())
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", found[1]).replace("_", " ") if found else ""


def read_grid(sheet: Sheet) -> Grid:
    """Return the labels of a sheet and where they stand."""
    grid = Grid(sheet)
    spread = {at: one for one in sheet.merges for at in [(one[0], one[1])]}
    grid.covered = frozenset(at for one in sheet.merges for at in _cells(one) if at != (one[0], one[1]))
    times = _times(sheet)
    grid.months = frozenset(at for at, months in times.items() if months)
    for at, cell in sheet.cells.items():
        text = _label(cell, at in times)
        if text:
            for covered in _cells(spread[at]) if at in spread else [at]:
                grid.labels[covered] = text
                if at in spread and spread[at][1] != spread[at][3]:
                    grid.wide[covered] = at
    rows: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(grid.labels):
        rows[row].append(column)
    grid.rows = dict(rows)
    full = [at for at, cell in sheet.cells.items() if cell.value is not None or cell.formula]
    grid.full = frozenset(at[0] for at in full)
    grid.last = (max((at[0] for at in full), default=0), max((at[1] for at in full), default=0))
    return grid


def _cells(one: Area) -> list[Place]:
    rows = range(one[0], min(one[2], one[0] + 500) + 1)
    return [(row, column) for row in rows for column in range(one[1], min(one[3], one[1] + 200) + 1)]


def _label(cell: Cell, is_time: bool) -> str:
    if is_time and isinstance(cell.value, float):
        return _spelled(cell)
    if not isinstance(cell.value, str) or cell.error or is_waiting(cell.value) or is_placeholder(cell.value):
        return ""
    text = " ".join(cell.value.split())
    return text if len(text) <= LONGEST_LABEL else ""


def _spelled(cell: Cell) -> str:
    if cell.shows == "day":
        return date.fromordinal(EPOCH.toordinal() + int(float(str(cell.value)))).isoformat()
    return str(int(float(str(cell.value))))


def _times(sheet: Sheet) -> dict[Place, bool]:
    """Years and days that stand in a line with others are labels: place → whether each stands for its month."""
    found: dict[Place, bool] = {}
    lines: dict[tuple[str, int, str], list[Place]] = defaultdict(list)
    for (row, column), cell in sheet.cells.items():
        kind = _time_kind(cell)
        if kind:
            lines["row", row, kind].append((row, column))
            lines["column", column, kind].append((row, column))
    for (_way, _number, kind), places in lines.items():
        if len(places) > 1 and _is_run(places):
            months = kind == "day" and _are_months([float(str(sheet.cells[at].value)) for at in places])
            found |= {at: months or found.get(at, False) for at in places}
    return found


def _time_kind(cell: Cell) -> str:
    if not isinstance(cell.value, float) or isinstance(cell.value, bool):
        return ""
    if cell.shows == "day" and 32_000 <= cell.value <= 73_000:
        return "day"
    return "year" if not cell.formula and cell.value.is_integer() and int(cell.value) in YEARS else ""


def _is_run(places: list[Place]) -> bool:
    """Whether they stand close to each other, at most one place between."""
    return any(abs(two[0] - one[0]) + abs(two[1] - one[1]) <= 2 for one, two in pairwise(places))


def _are_months(numbers: list[float]) -> bool:
    days = [date.fromordinal(EPOCH.toordinal() + int(number)) for number in numbers]
    return len({(day.year, day.month) for day in days}) == len(days) and (
        all(day.day == 1 for day in days) or all(day.day >= 28 for day in days)
    )


@dataclass(slots=True)
class Headers:
    """Walks down a sheet and keeps the header of each column."""

    grid: Grid
    stacks: dict[int, list[Place]] = field(default_factory=dict)
    blank: int = 0

    def take(self, row: int) -> None:
        """Take the labels of a row into account, after its cells were asked for."""
        full = row in self.grid.rows or row in self.grid.full
        self.blank = 0 if full else self.blank + 1
        if self.blank > BLANK_ROWS:
            self.stacks.clear()
        for column in self.grid.rows.get(row, ()):
            stack = self.stacks.get(column, [])
            on_top = stack and stack[-1][0] == row - 1 and len(stack) < STACK
            self.stacks[column] = [*stack, (row, column)] if on_top else [(row, column)]

    def over(self, column: int) -> list[Place]:
        """Return the labels over a column, nearest first; one that only spans it from above is none of its own."""
        stack = self.stacks.get(column, [])
        if stack and all(at in self.grid.wide for at in stack):
            return []
        return stack[::-1]
