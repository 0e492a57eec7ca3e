"""Commission in the map: read, written back, compared, and refused at its line where no statement could follow it."""

import pytest

from baton.map.commission import Tier, numbered
from baton.map.diff import compare
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.map.writing import write_map
from tests.cast import FIRM

RULES = """
commission:
  contracts:
    id: c-1
    who: [ana, bram]
    services: [gritting]
    paid_on: invoiced
    every: quarter
    target: 60000
    rate: 3%
    tiers: [{from: 50000, rate: 4%}, {from: 90000, rate: 6%}]
    split: {mia: 10%}
numbers: {quote: Q-0413}
"""


def read(rules):
    return read_map(FIRM + rules)


def test_a_rule_is_read_and_written_back_and_keeps_its_id():
    drawn, problems = read(RULES)

    rule = drawn.commission["contracts"]
    assert problems == []
    assert (rule.id, rule.who, rule.paid_on, rule.every) == (
        "c-1", ("ana@lime.example", "bram@lime.example"), "invoiced", "quarter",
    )  # fmt: skip
    assert (rule.tiers, rule.split, rule.target) == (
        (Tier(50_000, 0.04), Tier(90_000, 0.06)), (("mia@lime.example", 0.1),), 60_000,
    )  # fmt: skip
    assert read_map(write_map(drawn)) == (drawn, [])
    assert list(by_id(drawn).commission) == ["c-1"]


def test_what_changes_in_a_rule_is_told():
    before, _ = read(RULES)
    after, _ = read(RULES.replace("rate: 3%", "rate: 5%").replace("Q-0413", "Q-0500"))

    assert {change.what for change in compare(before, after)} == {
        "Commission rule “Contracts”: the share that is paid was 3%, is 5%",
        "The map: the numbers that are given out was quote: Q-0413, is quote: Q-0500",
    }


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ("  a: {who: [ana], paid_on: won}", "has no `rate`"),
        ("  a: {paid_on: won, rate: 3%}", "has no `who`"),
        ("  a: {who: [ana], paid_on: signed, rate: 3%}", "“signed” is none of `won`, `invoiced`, `paid`"),
        ("  a: {who: [ana], paid_on: won, rate: 300%}", "isn’t a percentage"),
        ("  a: {who: [ana], paid_on: won, rate: 3%, bonus: 5}", "unknown entry `bonus`"),
        (
            "  a: {who: [ana], paid_on: won, rate: 3%, tiers: [{from: 9, rate: 4%}, {from: 5, rate: 6%}]}",
            "each tier begins above the one before",
        ),
        ("  a: {who: [ana], paid_on: won, rate: 3%, tiers: [{from: 5k, rate: 4%}]}", "isn’t a whole sum"),
        ("  a: {who: [ana], paid_on: won, rate: 3%, split: {mia: 60%, bram: 40%}}", "gives everything away"),
        (
            "  a: {who: [ana], paid_on: won, rate: 3%}\n  b: {who: [bram, ana], paid_on: paid, rate: 2%}",
            "would both pay ana@lime.example for the same deal",
        ),
    ],
)
def test_a_rule_that_no_statement_could_follow_is_refused_at_its_line(rules, sentence):
    _drawn, problems = read(f"\ncommission:\n{rules}\n")

    assert any(sentence in problem.sentence for problem in problems), problems
    assert all(problem.line > FIRM.count("\n") for problem in problems)


def test_rules_for_different_services_may_pay_the_same_person():
    _drawn, problems = read(
        "\ncommission:\n  a: {who: [ana], services: [x], paid_on: won, rate: 3%}\n"
        "  b: {who: [ana], services: [y], paid_on: won, rate: 2%}\n"
    )

    assert problems == []


@pytest.mark.parametrize(
    ("first", "place", "number"),
    [("Q-0413", 0, "Q-0413"), ("Q-0413", 9587, "Q-10000"), ("2026/7", 2, "2026/9"), ("J099", 1, "J100")],
)
def test_numbers_go_on_as_wide_as_the_first(first, place, number):
    assert numbered(first, place) == number


@pytest.mark.parametrize("first", ["Q", "", "Q-12b", "x" * 41 + "1"])
def test_what_can_not_be_counted_on_is_no_number(first):
    _drawn, problems = read(f"\nnumbers: {{quote: '{first}'}}\n")

    assert bool(problems) is (first != "")
