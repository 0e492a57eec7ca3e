"""The drawings of the forecast, as SVG has them: where the sum may land, bars of the waterfall, a person's bias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDE = 780
BAR = 400
BIAS = 144


@dataclass(frozen=True, slots=True)
class Range:
    """Won, expected and the bounds, in units of the drawing (0 to 780)."""

    won: str
    likely: str
    low: str
    high: str


def range_of(won: int, likely: int, low: int, high: int, widest: int) -> Range:
    """Return where the numbers stand on a line that ends with the widest of them."""
    whole = max(1, won, likely, high, widest)
    return Range(*(f"{one / whole * WIDE:.1f}" for one in (won, likely, low, high)))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins and how long it is (0 to 400), and how it is drawn."""

    x: str
    width: str
    kind: str


def bar_of(begins: int, ends: int, lowest: int, highest: int, kind: str = "") -> Bar:
    """Return a bar between two sums, on a line from the lowest to the highest of the drawing."""
    whole = max(1, highest - lowest)
    left, right = sorted((begins, ends))
    shown = kind or ("b-hand" if ends >= begins else "b-down")
    x = (left - lowest) / whole * BAR
    return Bar(f"{x:.1f}", f"{max(1.5, (right - left) / whole * BAR):.1f}", shown)


def bias_of(shares: Sequence[float]) -> list[str]:
    """Return where the dots of a person's misses stand on a line of 144: the middle is right, its ends 50 % off."""
    return [f"{BIAS / 2 + max(-0.5, min(0.5, share)) * (BIAS - 12):.1f}" for share in shares]
