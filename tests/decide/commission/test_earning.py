"""What comes of an occasion by a rule: exactly, in whole minor units, however rates, tiers and splits meet."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.decide.commission.earning import Occasion, earned_by
from baton.map.commission import CommissionRule, Tier
from tests.cast import HOUR, MONDAY

ANA, MIA, BRAM = "ana@lime.example", "mia@lime.example", "bram@lime.example"


def rule(**told):
    return CommissionRule(**({"key": "r", "id": "r", "name": "R", "who": (ANA, BRAM), "rate": 0.05} | told))


def occasion(pounds, number=1, **told):
    told = {"owner": ANA, "service": "", "currency": "GBP"} | told
    return Occasion(f"d{number}", UUID(int=number), MONDAY + number * HOUR, base=round(pounds * 100), **told)


def paid(email, one, *occasions):
    return [line.amount for line in earned_by(email, one, occasions, "GBP")]


def test_a_rate_is_a_share_of_the_amount_rounded_half_even():
    assert paid(ANA, rule(rate=0.025), occasion(1000), occasion(0.2, 2), occasion(0.6, 3)) == [2500, 0, 2]


def test_tiers_begin_where_the_owner_s_own_sum_of_the_period_reaches_them():
    tiered = rule(rate=0.05, tiers=(Tier(10_000, 0.10), Tier(20_000, 0.20)))

    lines = earned_by(ANA, tiered, [occasion(8_000), occasion(14_000, 2), occasion(1_000, 3)], "GBP")

    assert [line.amount for line in lines] == [40_000, 10_000 + 100_000 + 40_000, 20_000]
    assert [line.how for line in lines] == ["5%", "5% + 10% + 20%", "20%"]
    assert paid(BRAM, tiered, occasion(8_000), occasion(14_000, 2, owner=BRAM)) == [50_000 + 40_000]


def test_a_split_gives_others_their_share_and_the_owner_the_rest():
    shared = rule(split=((MIA, 0.1), (BRAM, 0.2)))

    assert [paid(who, shared, occasion(1000)) for who in (ANA, MIA, BRAM)] == [[3500], [500], [1000]]
    assert paid(BRAM, shared, occasion(1000, owner=BRAM)) == [4500]
    assert earned_by(MIA, shared, [occasion(1000)], "GBP")[0].how == "10% of 5%"


def test_other_services_other_owners_and_what_is_not_proven_earn_nothing():
    narrow = rule(services=("Gritting",))
    said = occasion(1000, 3, service="gritting", counts=False, because="said")

    lines = earned_by(ANA, narrow, [occasion(1000, service="windows"), occasion(1000, 2, owner=MIA), said], "GBP")

    assert [(line.amount, line.occasion.because) for line in lines] == [(0, "said")]


def test_another_currency_reaches_no_tier():
    tiered = rule(tiers=(Tier(100, 0.5),))

    assert paid(ANA, tiered, occasion(1000, currency="EUR"), occasion(50, 2)) == [5000, 250]


@given(st.lists(st.integers(0, 10**9), max_size=12), st.randoms())
def test_the_order_in_which_it_is_found_changes_nothing_and_tiers_pay_as_one_sum_would(bases, random):
    tiered = rule(who=(ANA,), rate=0.05, tiers=(Tier(1_000, 0.07), Tier(50_000, 0.11)))
    told = [
        Occasion(f"d{n}", UUID(int=n), MONDAY + timedelta(minutes=n), ANA, "", base, "GBP")
        for n, base in enumerate(bases)
    ]
    mixed = list(told)
    random.shuffle(mixed)

    amounts = paid(ANA, tiered, *mixed)

    assert amounts == paid(ANA, tiered, *told)
    whole = paid(ANA, tiered, Occasion("all", UUID(int=99), MONDAY, ANA, "", sum(bases), "GBP"))
    assert abs(sum(amounts) - sum(whole)) <= len(bases)


@pytest.mark.parametrize("base", [-500_00, 0])
def test_a_credit_takes_back_at_the_rate_where_it_stands(base):
    tiered = rule(tiers=(Tier(1_000, 0.10),))
    credit = Occasion("c", UUID(int=9), MONDAY + 9 * HOUR, ANA, "", base, "GBP")

    assert paid(ANA, tiered, occasion(2_000), credit)[1] == round(base * 0.10)
