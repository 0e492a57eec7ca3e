"""Whether a difference means anything: intervals, exact tests and robust middles. Pure; nothing here knows of deals.

Exact tests rather than normal ones, because the groups of a small business are small.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import exp, inf, lgamma, log, sqrt
from typing import TypeVar

ENOUGH = 30
"""Comparable cases below which no share is shown: of seven, 57 % says less than the seven."""
BEYOND_CHANCE = 0.01
"""What a difference must stay under, after correction for how many were looked at."""
Z95 = 1.959964
NEGLIGIBLE = 1e-18
Key = TypeVar("Key")
LogOf = Callable[[int], float]


def interval(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson score interval of a share (Wilson 1927): it holds for few cases and near 0 and 1."""
    if not of:
        return 0.0, 1.0
    share, bound = hits / of, z * z / of
    middle = (share + bound / 2) / (1 + bound)
    half = z * sqrt(share * (1 - share) / of + bound / (4 * of)) / (1 + bound)
    return max(0.0, middle - half), min(1.0, middle + half)


def differ(hits: int, of: int, others: int, of_others: int) -> float:
    """Return the two-sided p-value of Fisher's exact test: two shares as far apart as these, if they were the same.

    Tables no likelier than this one are added up, with the customary 1e-7 of slack for rounding.
    """
    if not of or not of_others:
        return 1.0
    total = hits + others
    low, high = max(0, total - of_others), min(of, total)
    mode = min(max((of + 1) * (total + 1) // (of + of_others + 2), low), high)

    whole = _log_choose(of + of_others, total)

    def log_of(k: int) -> float:
        return _log_choose(of, k) + _log_choose(of_others, total - k) - whole

    here = log_of(hits) + 1e-7
    downward = _summed(log_of, _last_below(log_of, here, low, mode), low, -1)
    upward = _summed(log_of, max(_first_below(log_of, here, mode, high), mode + 1), high, 1)
    return min(1.0, downward + upward)


def _last_below(log_of: LogOf, limit: float, low: int, high: int) -> int:
    """Return the last place up to which a rising curve isn't above the limit; one before `low` where it always is."""
    return bisect_right(range(low, high + 1), limit, key=log_of) + low - 1


def _first_below(log_of: LogOf, limit: float, low: int, high: int) -> int:
    """Return the first place from which a falling curve isn't above the limit; one after `high` where it always is."""
    return bisect_left(range(low, high + 1), -limit, key=lambda k: -log_of(k)) + low


def at_most(hits: int, of: int, share: float) -> float:
    """Return the chance of so few hits or fewer, where each comes with this share."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return 1.0 if hits >= of else 0.0
    hit, miss = log(share), log(1 - share)

    def log_of(k: int) -> float:
        return _log_choose(of, k) + k * hit + (of - k) * miss

    mode = min(int((of + 1) * share), hits)
    below, above = _summed(log_of, mode, 0, -1), _summed(log_of, mode + 1, hits, 1)
    return min(1.0, below + above)


def _summed(log_of: LogOf, first: int, last: int, step: int) -> float:
    """Add up a tail from its highest term on, until what follows can't be seen beside it any more.

    So a test costs as much for thousands of cases as for hundreds.
    """
    found = peak = 0.0
    for k in range(first, last + step, step):
        one = exp(log_of(k))
        peak = max(peak, one)
        found += one
        if one < peak * NEGLIGIBLE:
            break
    return found


def corrected(chances: Mapping[Key, float]) -> dict[Key, float]:
    """Return the p-values after Holm's correction (1979): looking at many groups finds no difference by itself."""
    found: dict[Key, float] = {}
    highest = 0.0
    for place, (key, chance) in enumerate(sorted(chances.items(), key=lambda pair: pair[1])):
        highest = max(highest, min(1.0, chance * (len(chances) - place)))
        found[key] = highest
    return found


def ranks_differ(these: Sequence[int], others: Sequence[int]) -> float:
    """Return the two-sided p-value of the Mann-Whitney test with correction for ties, by its normal approximation.

    Both are histograms with the same edges: what lies between two edges is tied. 1 where either side has fewer than 8
    cases: the approximation doesn't hold there.
    """
    if min(sum(these), sum(others)) < 8:
        return 1.0
    ours, ties, before = 0.0, 0.0, 0
    for mine, theirs in zip(these, others, strict=True):
        tied = mine + theirs
        ours += mine * (before + (tied + 1) / 2)
        ties += tied**3 - tied
        before += tied
    return _two_sided(ours, sum(these), sum(others), ties)


def _two_sided(ranks: float, of: int, of_others: int, ties: float) -> float:
    all_of = of + of_others
    expected = of * (all_of + 1) / 2
    spread = of * of_others / 12 * ((all_of + 1) - ties / (all_of * (all_of - 1)))
    if spread <= 0:
        return 1.0
    return erfc_of(max(0.0, abs(ranks - expected) - 0.5) / sqrt(spread))


def erfc_of(deviations: float) -> float:
    """Return how likely a normal value is to be so far from its middle, on either side."""
    from math import erfc

    return erfc(deviations / sqrt(2))


def reached(counts: Sequence[int], edges: Sequence[float], share: float) -> float:
    """Return the edge of a histogram below which at least this share lies; infinite beyond the last edge, 0 of none.

    `counts` has one more entry than `edges`: what lies above the last.
    """
    wanted, so_far = share * sum(counts), 0
    if not wanted:
        return 0.0
    for count, edge in zip(counts, edges, strict=False):
        so_far += count
        if so_far >= wanted:
            return edge
    return inf


def middle(counts: Sequence[int], edges: Sequence[float]) -> float:
    """Return about where the middle case of a histogram lies, as if each bar were even; infinite beyond the edges."""
    wanted, below = sum(counts) / 2, 0.0
    for count, edge in zip(counts, edges, strict=False):
        if count and count >= wanted:
            return below + (edge - below) * wanted / count
        wanted, below = wanted - count, edge
    return inf


@lru_cache(maxsize=65_536)
def _log_choose(of: int, hits: int) -> float:
    return lgamma(of + 1) - lgamma(hits + 1) - lgamma(of - hits + 1)
