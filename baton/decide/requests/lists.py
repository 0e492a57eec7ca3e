"""Lists in a template: headers with empty rows under them, for a row a deal, a person, a stage. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from baton.decide.requests.grid import Grid, is_repeated, is_waiting
from baton.decide.requests.words import GROUPS, Reading
from baton.decide.requests.workbook.places import Place, within

ONLY_DEALS = frozenset(
    [
        "title",
        "close_date",
        "next_step",
        "next_step_at",
        "contact",
        "chance",
        "evidence",
        "opened",
        "weighted",
        "status",
    ]
)
"""Fields that one deal has, and a person or a stage hasn't."""
MOST_ROWS = 5_000


@dataclass(slots=True)
class Region:
    """A list to fill. `kind` is `deal`, or the field that its rows are grouped by; `columns` says what each column
    holds.

    `open_end`: nothing stands under it, so that it may be as long as it needs to be.
    """

    sheet: str
    kind: str
    head: int
    columns: dict[int, Reading] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    open_end: bool = False


def regions(grid: Grid, readings: Mapping[Place, Reading]) -> list[Region]:
    """Return the lists of a sheet."""
    found = []
    for row, columns in grid.rows.items():
        fielded = [column for column in columns if readings[row, column].field]
        one = _region(grid, readings, row, fielded) if fielded else None
        if one is not None and one.rows:
            found.append(one)
    return found


def _region(grid: Grid, readings: Mapping[Place, Reading], row: int, fielded: list[int]) -> Region | None:
    first = fielded[0]
    heads = {column: readings[row, column] for column in _cluster(grid, row, first)}
    kind = _kind(heads, first)
    if not kind:
        return None
    one = Region(grid.sheet.name, kind, row, heads)
    one.rows, one.open_end = _rows(grid, one, _lowest_head(grid, one, readings))
    return one


def _cluster(grid: Grid, row: int, first: int) -> list[int]:
    """The headers that stand together: no more than two empty columns between."""
    found = [first]
    for column in grid.rows[row]:
        if column > found[-1] and column - found[-1] <= 3:
            found.append(column)
    return found


def _kind(heads: Mapping[int, Reading], first: int) -> str:
    fields = {one.field for one in heads.values() if one.field}
    lone = {one.field for one in heads.values() if one.field and not one.says}
    if lone & ONLY_DEALS or {"company", "stage"} <= fields or {"title", "amount"} <= fields:
        return "deal" if len(fields) > 1 else ""
    others = [one for column, one in heads.items() if column != first]
    if heads[first].field in GROUPS and any(one.understood and not one.total for one in others):
        return heads[first].field
    return ""


def _rows(grid: Grid, one: Region, head: int) -> tuple[list[int], bool]:
    """The empty rows under the headers, and whether nothing ends them."""
    table = next((area for area in grid.sheet.tables if within((one.head, min(one.columns)), area)), None)
    last = table[2] if table else grid.last[0]
    rows = []
    for row in range(head + 1, min(last, head + MOST_ROWS) + 1):
        if not _is_empty(grid, one, row, marked=row == head + 1):
            return ([] if _is_marked(grid, one, head + 1) else rows), False
        rows.append(row)
    if table:
        return rows, False
    return list(range(head + 1, head + 1 + MOST_ROWS)), True


def _lowest_head(grid: Grid, one: Region, readings: Mapping[Place, Reading]) -> int:
    """Units may stand in a row of their own under the headers."""
    below = [(one.head + 1, column) for column in grid.rows.get(one.head + 1, ())]
    return one.head + 1 if below and all(readings[at].empty for at in below) else one.head


def _is_empty(grid: Grid, one: Region, row: int, *, marked: bool) -> bool:
    """Whether a row waits to be filled. Right under the headers one of another program's marks does: it is repeated."""
    left, right = min(one.columns), max(one.columns)
    if any(column <= right for column in grid.rows.get(row, ())):
        return False
    cells = (grid.sheet.cells.get((row, column)) for column in range(left, right + 1))
    return all(cell is None or cell.formula or cell.value is None or _waits(cell.value, marked) for cell in cells)


def _is_marked(grid: Grid, one: Region, row: int) -> bool:
    """Whether a row is to be repeated; what stands under it would have to move, so that only the last one is."""
    return any(
        at[0] == row and at[1] in one.columns and is_repeated(cell.value) for at, cell in grid.sheet.cells.items()
    )


def _waits(value: object, marked: bool) -> bool:
    return is_waiting(value) or (marked and is_repeated(value))
