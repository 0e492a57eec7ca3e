"""A question about the pipeline is answered by numbers with their rows, or refused with what wasn't understood."""

from datetime import date, timedelta

import pytest

from baton.decide.answering import answer
from baton.decide.asking import read_question
from baton.decide.deals import deals_list
from baton.decide.spans_of_time import period_in
from baton.kernel.verdict import Refusal
from tests.cast import HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deals(cast):
    told = [
        ("Quayside", "quoted", 84_600, "2026-12-18", cast.ana, "open"),
        ("Kestrel", "quoted", 12_000, "2027-02-01", cast.bram, "open"),
        ("Gantry", "visited", 33_000, "2026-11-27", cast.ana, "open"),
        ("Northgate", "agreed", 46_000, "2026-11-10", cast.ana, "won"),
        ("Bright", "visited", 6_200, None, cast.bram, "lost"),
    ]
    for title, stage, pounds, closes, owner, status in told:
        values = {"amount": {"minor": pounds * 100, "currency": "GBP"}} | ({"close_date": closes} if closes else {})
        made = cast.deal(title, stage=stage, owner=owner, at=MONDAY, **values)
        if status != "open":
            cast.tell("deal", made.pk, at=MONDAY + HOUR, status=status)


ASKED = {
    "how many deals at quoted": (2, 96_600),
    "what is open": (3, 129_600),
    "total by stage": (3, 129_600),
    "what will close in Q4?": (2, 117_600),
    "What closes next month": (1, 84_600),
    "Ana's deals over 50k": (1, 84_600),
    "deals under £20,000": (1, 12_000),
    "won this month": (1, 46_000),
    "how much did we lose? lost this week": None,
    "what was lost": (1, 6_200),
    "Bram Castell quoted": (1, 12_000),
    "no next step": (3, 129_600),
    "without evidence at visited": (2, 39_200),
    "open deals at Sales without a close date": (0, 0),
    "opened this week": (5, 181_800),
    "won last month": (0, 0),
}


@pytest.mark.parametrize("asked", [one for one, expected in ASKED.items() if expected])
def test_questions_are_answered_by_numbers(cast, deals, asked):
    found = answer(asked, cast.tomas, at=TUESDAY)

    assert (found.count, sum(one.minor for one in found.sums) // 100) == ASKED[asked]
    assert len(found.rows) == found.count


@pytest.mark.parametrize("asked", ["how many deals at quoted", "what closes in Q4", "Ana over 50k", "no next step"])
def test_the_deals_list_shows_the_same_deals(cast, deals, asked):
    found = answer(asked, cast.tomas, at=TUESDAY)

    listed = deals_list(cast.tomas, found.question.view, at=TUESDAY)

    assert listed.total == found.count
    assert {line.id for line in listed.lines} == {row.id for row in found.rows}


def test_groups_add_up_to_the_whole(cast, deals):
    found = answer("open by owner", cast.tomas, at=TUESDAY)

    assert [(one.name, one.count, one.sums[0].minor) for one in found.groups] == [
        ("Ana Horvat", 2, 11_760_000),
        ("Bram Castell", 1, 1_200_000),
    ]
    assert found.sentence == "3 deals, £129,600: by owner, open."


def test_months_are_those_of_the_close_date(cast, deals):
    found = answer("how many by month", cast.tomas, at=TUESDAY)

    assert {one.name: one.count for one in found.groups} == {"2026-11": 1, "2026-12": 1, "2027-02": 1}


@pytest.mark.parametrize(
    ("asked", "word"),
    [("how happy is Dana", "happy"), ("margin by stage", "margin"), ("deals at Atlantis", "Atlantis")],
)
def test_what_is_not_understood_is_named_and_nothing_is_guessed(cast, deals, asked, word):
    with pytest.raises(Refusal) as why:
        answer(asked, cast.tomas, at=TUESDAY)

    assert f"“{word}”" in why.value.sentence
    assert "I don’t guess" in why.value.sentence


def test_what_was_understood_is_said_back(cast, deals):
    question = read_question("how many of Ana's deals close this quarter over 20k", at=TUESDAY)

    assert question.understood == ["from 20k", "closing 1 Oct 2026 to 31 Dec 2026", "Ana Horvat", "open"]
    assert question.counts is True


def test_another_desk_s_deals_are_in_no_number():
    cast = Cast("own")
    cast.deal("Mine")
    cast.deal("Theirs", owner=cast.ben, desk="operations")

    assert (answer("what is open", cast.ana, at=TUESDAY).count, answer("open", cast.tomas, at=TUESDAY).count) == (1, 2)


PERIODS = {
    "this quarter": ("2026-10-01", "2026-12-31"),
    "next quarter": ("2027-01-01", "2027-03-31"),
    "Q1 2027": ("2027-01-01", "2027-03-31"),
    "last month": ("2026-10-01", "2026-10-31"),
    "next week": ("2026-11-23", "2026-11-29"),
    "in December": ("2026-12-01", "2026-12-31"),
    "feb 2027": ("2027-02-01", "2027-02-28"),
    "today": ("2026-11-17", "2026-11-17"),
    "2027": ("2027-01-01", "2027-12-31"),
}


@pytest.mark.parametrize("said", PERIODS)
def test_periods_go_by_the_names_that_people_give_them(said):
    period, _rest = period_in(f"what closes {said}", date(2026, 11, 17))

    assert (period.first.isoformat(), period.last.isoformat()) == PERIODS[said]


def test_what_names_no_period_is_left_as_it_is():
    assert period_in("what may close", TUESDAY.date() + timedelta(days=1)) == (None, "what may close")
