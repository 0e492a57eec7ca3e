"""What goes into a workbook, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Fill = tuple[str, int, int, Any, bool]
"""Sheet, row, column, value, and whether the value is a day (as the number that sheets count days by)."""


@dataclass(slots=True)
class Filled:
    """The answer. `kind` is xlsx, xlsm or csv; `recomputed` counts the formulas that follow."""

    content: bytes = field(repr=False)
    kind: str
    recomputed: int = 0
    notes: list[str] = field(default_factory=list)
