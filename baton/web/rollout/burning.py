"""The burn-down of the old spreadsheet, as numbers for its drawing and its table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.kernel import words

WIDE, HIGH, LEFT, TOP = 1100, 150, 8, 18
Left = Sequence[tuple[date, int]]


def drawn(left: Left, off: date | None) -> dict[str, Any] | None:
    """Return the drawing of (day, rows not here), and the straight line that reaches nothing on the day it goes."""
    if not left:
        return None
    first, last = left[0][0], max(left[-1][0], off or left[-1][0])
    most = max(1, *(count for _day, count in left))
    across = _Across(first, last, most)
    return {
        "path": across.steps(left),
        "plan": across.line(first, left[0][1], off) if off and off > first else "",
        "off": {"x": across.x(off), "name": words.day(off)} if off else None,
        "high": TOP + HIGH + 20,
        "floor": TOP + HIGH,
        "top": TOP,
        "begin": {"name": words.day(first), "count": left[0][1], "y": across.y(left[0][1]) - 5},
        "now": {"x": across.x(left[-1][0]), "y": across.y(left[-1][1]), "count": left[-1][1]},
        "label": _("Rows of the old spreadsheet that aren’t in Baton: %(first)d on %(begin)s, %(last)d on %(end)s") % {
            "first": left[0][1], "begin": words.day(first), "last": left[-1][1], "end": words.day(left[-1][0]),
        },
    }  # fmt: skip


class _Across:
    def __init__(self, first: date, last: date, most: int) -> None:
        self.first, self.days, self.most = first, max((last - first).days, 1), most

    def x(self, day: date) -> float:
        return round(LEFT + (WIDE - 2 * LEFT) * (day - self.first).days / self.days, 1)

    def y(self, count: int) -> float:
        return round(TOP + HIGH * (1 - count / self.most), 1)

    def steps(self, left: Left) -> str:
        (day, count), *rest = left
        return f"M{self.x(day)} {self.y(count)}" + "".join(f"H{self.x(d)}V{self.y(n)}" for d, n in rest)

    def line(self, first: date, count: int, off: date) -> str:
        return f"M{self.x(first)} {self.y(count)}L{self.x(off)} {self.y(0)}"


def table(left: Left) -> list[tuple[date, int]]:
    """Return what the drawing shows as rows: a week each, and the last day."""
    if not left:
        return []
    weekly = [one for one in left if (left[-1][0] - one[0]) % timedelta(days=7) == timedelta()]
    return [left[0], *weekly] if weekly[0] != left[0] else weekly
