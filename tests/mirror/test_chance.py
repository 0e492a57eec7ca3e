"""Whether a difference means anything: checked against published values and against plain counting."""

from itertools import product
from math import comb, inf

import pytest

from baton.mirror.chance import at_most, corrected, differ, interval, ranks_differ, reached


def test_the_interval_is_wilsons():
    """Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    told = [interval(81, 263), interval(15, 148), interval(0, 20), interval(1, 29)]

    assert [(round(low, 4), round(high, 4)) for low, high in told] == [
        (0.2553, 0.3662),
        (0.0624, 0.1605),
        (0.0, 0.1611),
        (0.0061, 0.1718),
    ]


def test_fishers_test_is_that_of_the_lady_who_tasted_tea():
    assert differ(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert differ(4, 4, 0, 4) == pytest.approx(2 / 70)


@pytest.mark.parametrize(("hits", "of", "others", "of_others"), [(2, 9, 7, 11), (5, 6, 1, 12), (0, 5, 3, 8)])
def test_fishers_test_adds_up_all_tables_that_are_no_likelier(hits, of, others, of_others):
    total = hits + others
    tables = {
        k: comb(of, k) * comb(of_others, total - k) for k in range(total + 1) if total - k <= of_others and k <= of
    }
    whole, here = sum(tables.values()), tables[hits]

    assert differ(hits, of, others, of_others) == pytest.approx(sum(t for t in tables.values() if t <= here) / whole)


def test_of_nothing_nothing_differs():
    assert differ(0, 0, 3, 4) == 1.0
    assert interval(0, 0) == (0.0, 1.0)


def test_so_few_or_fewer_is_the_binomial_sum():
    told = sum(comb(7, k) * 0.3**k * 0.7 ** (7 - k) for k in range(3))

    assert at_most(2, 7, 0.3) == pytest.approx(told)
    assert (at_most(3, 7, 0.0), at_most(3, 7, 1.0), at_most(7, 7, 1.0)) == (1.0, 0.0, 1.0)


def test_looking_at_many_finds_nothing_by_itself():
    """Holm 1979: the smallest times how many there are, and never less than the one before."""
    assert corrected({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06}
    )


def test_ranks_that_are_the_same_do_not_differ_and_those_far_apart_do():
    low, high = [1] * 20 + [0] * 20, [0] * 20 + [1] * 20

    assert ranks_differ(low, low) > 0.9
    assert ranks_differ(low, high) < 1e-6
    assert ranks_differ([1] * 5 + [0] * 35, high) == 1.0


def test_ranks_are_those_of_mann_and_whitney_with_ties_and_continuity():
    """`scipy.stats.mannwhitneyu([1,1,2,2,2,3,3,4,4,4], [2,3,3,3,4,4,5,5,5,5], method="asymptotic")`, version 1.17."""
    assert ranks_differ([2, 3, 2, 3, 0], [0, 1, 3, 2, 4]) == pytest.approx(0.030244326770, abs=1e-6)


@pytest.mark.parametrize(("share", "edge"), [(0.5, 10), (0.8, 60), (1.0, inf)])
def test_a_share_lies_below_the_first_edge_that_holds_so_many(share, edge):
    assert reached([1, 4, 3, 2], [5, 10, 60], share) == edge


def test_an_interval_holds_the_share_it_is_of():
    slack = 1e-12
    told = [(k / n, *interval(k, n)) for n, k in product(range(1, 40), range(41)) if k <= n]

    assert all(low - slack <= share <= high + slack for share, low, high in told)
