"""A workbook as plain values: what comes back from the limited child."""

from __future__ import annotations

from dataclasses import dataclass, field

from baton.decide.requests.workbook.places import Area, Place

Value = str | float | bool | None


@dataclass(slots=True)
class Cell:
    """One cell. `shows` is how its format shows numbers: `day`, `share`, `text`, `time` or `number`."""

    value: Value = None
    formula: bool = False
    shows: str = "number"
    locked: bool = False
    error: bool = False


@dataclass(slots=True)
class Sheet:
    """One sheet. `lists` are the choices that a cell must hold one of; `tables`, `pivots` and `names` are ranges."""

    name: str
    state: str = "visible"
    protected: bool = False
    cells: dict[Place, Cell] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    lists: list[tuple[list[Area], list[str]]] = field(default_factory=list)
    tables: list[Area] = field(default_factory=list)
    pivots: list[Area] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    names: dict[str, Area] = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """A workbook as it came. `kind` is xlsx, xlsm, ods, xls or csv; `left` says what Baton doesn't carry over."""

    kind: str
    sheets: list[Sheet]
    left: list[str] = field(default_factory=list)
    outside_links: int = 0
