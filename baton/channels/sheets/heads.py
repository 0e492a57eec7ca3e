"""Which row holds the headers. Reports put titles above them, some sheets have none at all. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

LOOKED_AT = 15
GOOD_ENOUGH = 0.7
_DATA = re.compile(r"\d{3,}|^[\d\s.,%$€£/:+-]+$|@|://|^(true|false)$", re.IGNORECASE)


def header_row(rows: Sequence[Sequence[str]], knows: Callable[[str], bool]) -> int:
    """Return the index of the row with the headers, or -1 where every row is data.

    `knows` says whether a text is a header that Baton has heard of.
    """
    width = max((sum(1 for cell in row if cell) for row in rows), default=0)
    scored = [_score(row, width, knows) for row in rows[:LOOKED_AT]]
    best = max(scored, default=0.0)
    if best <= 0:
        return -1
    return next(place for place, score in enumerate(scored) if score >= best * GOOD_ENOUGH)  # tables may follow tables


def _score(row: Sequence[str], width: int, knows: Callable[[str], bool]) -> float:
    there = [cell for cell in row if cell]
    if not there or len(there) < min(2, width) or len(there) * 2 < width:
        return 0.0
    known = sum(knows(cell) for cell in there)
    data = sum(bool(_DATA.search(cell)) or len(cell) > 120 for cell in there)
    repeated = len(there) - len(set(there))
    if data * 3 > len(there) and known * 2 < len(there):
        return 0.0
    return len(there) + 3 * known - 3 * data - repeated


def named(row: Sequence[str], width: int) -> list[str]:
    """Return a name for each column: as written, on one line; one that has none or shares it by its place."""
    names: list[str] = []
    for place in range(width):
        name = " ".join(row[place].split())[:120] if place < len(row) else ""
        name = name or f"Column {place + 1}"
        names.append(name if name not in names else f"{name} ({place + 1})")
    return names
