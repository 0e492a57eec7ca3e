"""Questions in one line are answered by figures with their deals, and refused where they aren't understood whole."""

from __future__ import annotations

import pytest

from baton.decide.requests.asked import answer_question, is_question
from baton.decide.requests.figures import Deals
from baton.kernel.verdict import Refusal
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db


def gbp(major):
    return {"minor": major * 100, "currency": "GBP"}


ANSWERED = "1 deal is open, worth £1,000 (Thu 1 Oct to Thu 31 Dec); worth, weighted by evidence: £0; worth, won: £300."


@pytest.fixture
def deals():
    cast = Cast()
    cast.deal("Quayside", "visited", amount=gbp(1_000), close_date="2026-11-27")
    cast.deal("Fernhill", "visited", amount=gbp(500), close_date="2027-02-01", owner=cast.bram)
    cast.deal("Portside", "agreed", amount=gbp(300), status="won", owner=cast.bram)
    return Deals(cast.tomas, MONDAY)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "What will close in Q4?",
            ANSWERED,
        ),
        ("How many open deals has Ana?", "1 deal is open, worth £1,000."),
        ("what did we win this month", "1 deal is won, worth £300 (Sun 1 Nov to Mon 30 Nov)."),
        ("Open pipeline of Bram", "1 deal is open, worth £500."),
        ("Wie viele offene Deals hat Bram?", "1 deal is open, worth £500."),
        ("Koliko otvorenih poslova ima Ana?", "1 deal is open, worth £1,000."),
    ],
)
def test_a_question_is_answered_by_figures(deals, question, sentence):
    assert answer_question(question, deals).sentence == sentence


HERS = "1 deal is open, worth £1,000."
WON = "1 deal is won, worth £300 (Sun 1 Nov to Mon 30 Nov)."


@pytest.mark.parametrize(
    ("sentence", "questions"),
    [
        (
            ANSWERED,
            [
                "Was schließen wir in Q4 ab?",
                "Was schließen wir im vierten Quartal ab?",
                "Was werden wir in Q4 abschließen?",
                "Was wird in Q4 abgeschlossen?",
                "Što zatvaramo u Q4?",
                "Što ćemo zatvoriti u Q4?",
                "Što će se zatvoriti u četvrtom kvartalu?",
                "What will close in the fourth quarter?",
            ],
        ),
        (
            HERS,
            [
                "Wie hoch ist die Pipeline von Ana?",
                "Wie viele Aufträge von Ana sind offen?",
                "Wie viel ist bei Ana offen?",
                "Koliko otvorenih poslova ima Ana?",
                "Koliko Ana ima otvorenih poslova?",
            ],
        ),
        (
            WON,
            [
                "Was haben wir diesen Monat gewonnen?",
                "Wie viel hat Bram diesen Monat gewonnen?",
                "Koliko smo dobili ovaj mjesec?",
                "Koliko je Bram dobio ovog mjeseca?",
            ],
        ),
    ],
)
def test_the_commonest_forms_are_understood_in_german_and_croatian(deals, sentence, questions):
    told = {question: answer_question(question, deals).sentence for question in questions}

    assert told == dict.fromkeys(questions, sentence)
    assert all(is_question(question, deals) for question in questions)


@pytest.mark.parametrize(
    "line", ["Quayside ist gewonnen, Abschluss Freitag", "Zvala Danu, ponuda do petka", "Ist Dana da?", "Won Quayside"]
)
def test_what_only_tells_something_is_no_question(deals, line):
    assert not is_question(line, deals)


def test_each_figure_of_an_answer_has_its_deals(deals):
    said = answer_question("how many open deals do we have", deals)

    assert [len(line.figure.parts) for line in said.lines] == [2, 2]


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("What is the weather in Split?", "I didn’t understand “weather”, “split”."),
        ("What is our gross margin?", "costs, margins and profit stand in the books"),
        ("Numbers please", "I didn’t understand"),
        ("", "Ask for a figure"),
    ],
)
def test_what_is_not_understood_is_refused_and_says_which_words(deals, question, why):
    with pytest.raises(Refusal, match=why):
        answer_question(question, deals)
