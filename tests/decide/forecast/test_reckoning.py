"""What one deal counts for, and bars that add up to the difference, whatever the deals did."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from baton.decide.forecast.periods import containing, from_here, named
from baton.decide.forecast.reckoning import Rates, Reckoning, Scope, State, category_of, moves, weigh

DAY = date(2026, 11, 16)
Q4 = containing(DAY, "quarter")
RATES = Rates("GBP", {"EUR": ((date(2026, 1, 1), Decimal("0.85")), (date(2026, 11, 1), Decimal("0.8637")))})
WEIGHTS = {"enquiry": (1000, 1000), "quoted": (4000, 0), "agreed": (10_000, 0)}
NOW = Reckoning(WEIGHTS, RATES, DAY)
DEAL = UUID(int=7)


def state(status="open", stage="quoted", amount=100_000, close=DAY, **more):
    return State(DEAL, status, stage, more.pop("shown", True), amount, more.pop("currency", "GBP"), close, **more)


def bars(before, after, measure="expected", then=NOW, now=NOW, **narrow):
    return {move.bar: move.minor for move in moves(before, after, then, now, Scope(Q4, narrow), measure)}


def test_each_thing_that_can_happen_to_a_deal_has_its_bar():
    later, won = DAY + timedelta(days=60), {"decided_on": DAY, "stage": "agreed"}

    assert bars(None, state()) == {"new": 40_000}
    assert bars(state(), state(amount=150_000)) == {"grown": 20_000}
    assert bars(state(), state(amount=50_000)) == {"shrunk": -20_000}
    assert bars(state(), state(close=later)) == {"slipped": -40_000}
    assert bars(state(close=later), state()) == {"pulled_in": 40_000}
    assert bars(state(), state(status="won", **won)) == {"won": 60_000}
    assert bars(state(), state(status="lost", decided_on=DAY)) == {"lost": -40_000}
    assert bars(state(status="lost", decided_on=DAY), state()) == {"reopened": 40_000}
    assert bars(state(stage="enquiry"), state()) == {"surer": 30_000}
    assert bars(state(), state(shown=False)) == {"less_sure": -40_000}
    assert bars(state(), None) == {"taken_back": -40_000}
    assert bars(state(desk="sales"), state(desk="billing"), desk="sales") == {"handed_on": -40_000}
    assert bars(state(), state(status="won", **won), "open") == {"won": -100_000}


def test_a_deal_that_grew_before_it_was_won_shows_both():
    won = state(status="won", stage="agreed", amount=120_000, decided_on=DAY)

    assert bars(state(), won, "open") == {"grown": 20_000, "won": -120_000}


def test_another_rate_is_no_doing_of_the_deal():
    then = Reckoning(WEIGHTS, RATES, date(2026, 10, 1))

    assert bars(state(currency="EUR"), state(currency="EUR"), "open", then=then) == {"reckoned": 1370}


STATES = st.builds(
    State,
    deal=st.just(DEAL),
    status=st.sampled_from(["open", "won", "done", "lost"]),
    stage=st.sampled_from(["enquiry", "quoted", "agreed", "gone"]),
    shown=st.booleans(),
    amount=st.none() | st.integers(-1000, 10**9),
    currency=st.sampled_from(["GBP", "EUR", "JPY", "XXX"]),
    close_date=st.none() | st.dates(date(2026, 8, 1), date(2027, 2, 1)),
    decided_on=st.none() | st.dates(date(2026, 8, 1), date(2026, 12, 1)),
    category=st.sampled_from(["", "Commit", "omitted"]),
    owner=st.sampled_from([None, UUID(int=1), UUID(int=2)]),
    desk=st.sampled_from(["sales", "billing"]),
    service=st.just(""),
    source=st.just(""),
)
RECKONINGS = st.builds(
    Reckoning,
    st.just(WEIGHTS) | st.just({"quoted": (3333, 1250)}),
    st.just(RATES) | st.just(Rates("GBP")),
    st.dates(date(2026, 9, 1), date(2026, 12, 1)),
)


@given(
    st.none() | STATES,
    st.none() | STATES,
    RECKONINGS,
    RECKONINGS,
    st.sampled_from(["expected", "open"]),
    st.sampled_from([{}, {"owner": UUID(int=1)}, {"desk": "sales"}]),
)
def test_the_bars_of_any_deal_add_up_to_the_difference(before, after, then, now, measure, narrow):
    scope = Scope(Q4, narrow)

    found = moves(before, after, then, now, scope, measure)

    was = then.counts(before, measure) if before and scope.holds(before) else 0
    is_now = now.counts(after, measure) if after and scope.holds(after) else 0
    assert was + sum(move.minor for move in found) == is_now
    assert len({move.bar for move in found}) == len(found)


def test_a_half_goes_to_the_even_neighbor():
    assert [weigh(minor, 5000) for minor in (1, 3, 5, -1)] == [0, 2, 2, 0]
    assert RATES.convert(150, "EUR", DAY) == 130  # 129.555
    assert RATES.convert(10, "XXX", DAY) is None
    assert RATES.convert(100, "EUR", date(2025, 12, 31)) is None


def test_minor_units_of_different_sizes_are_told_apart():
    rates = Rates("GBP", {"JPY": ((DAY, Decimal("0.0052")),)})

    assert rates.convert(10_000, "JPY", DAY) == 5200


def test_a_deals_own_category_goes_before_the_weight_of_its_stage():
    assert category_of("open", "Best Case", 1000) == "best"
    assert category_of("open", "Best_case", 9000) == "best"
    assert [category_of("open", "", weight) for weight in (9000, 7500, 4000, 3999)] == [
        "commit", "commit", "best", "pipeline",
    ]  # fmt: skip
    assert category_of("done", "Pipeline", 0) == "won"


def test_periods_follow_each_other_without_a_gap():
    for by in ("month", "quarter", "week"):
        found = from_here(date(2025, 12, 31), by, 60)
        assert all(one.end == other.start for one, other in pairwise(found))
        assert [named(one.key) for one in found] == found
        assert found[1].previous() == found[0]
