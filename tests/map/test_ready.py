"""The maps to start from, and the one of the demonstration."""

from itertools import pairwise

import pytest

from baton.kernel.verdict import Refusal
from baton.map.reading import check_map, read_map
from baton.map.ready import READY, demonstration_map, ready_map

ROUND = ["intake", "sales", "operations", "billing", "accounts"]


def read(name: str):
    drawn, problems = read_map(
        ready_map(name, "Ana@Firm.example", 'Ana: "Works", & Söhne', "Europe/Zagreb", holidays="HR")
    )
    assert problems == []
    return drawn


@pytest.mark.parametrize("name", READY)
def test_a_ready_map_is_small_and_fits_a_firm_of_one(name):
    text = ready_map(name, "ana@firm.example", "Ana’s", "Europe/Zagreb")

    assert check_map(text, small=True) == []
    assert read_map(text)[0].people == ["ana@firm.example"]


@pytest.mark.parametrize("name", READY)
def test_a_ready_map_runs_the_whole_round_and_back_to_sales(name):
    drawn = read(name)
    way = list(dict.fromkeys(stage.desk for stage in drawn.stages.values()))

    assert way == ROUND
    assert [(each.from_desk, each.to_desk) for each in drawn.handoffs.values()] == list(pairwise(ROUND))
    assert [stage.opens for stage in drawn.stages.values() if stage.opens] == ["sales"]
    assert [stage.closes for stage in drawn.stages.values() if stage.closes] == ["won"]


@pytest.mark.parametrize("name", [*READY, None], ids=[*READY, "demonstration"])
def test_no_event_shows_two_stages(name):
    """Or the visit before the quote would tick the renewal, too."""
    drawn = read(name) if name else read_map(demonstration_map())[0]
    shown_by = [(each.kind, each.detail) for stage in drawn.stages.values() for each in stage.entered_by.each]

    assert len(shown_by) == len(set(shown_by))


@pytest.mark.parametrize("name", READY)
def test_a_ready_map_takes_any_name_of_a_business_as_it_is(name):
    drawn = read(name)

    assert (drawn.business, drawn.owner, drawn.hours.zone) == (
        'Ana: "Works", & Söhne',
        "ana@firm.example",
        "Europe/Zagreb",
    )
    assert (drawn.hours.holidays, drawn.currency) == ("HR", "EUR")


def test_a_law_firm_checks_for_conflicts_before_an_enquiry_opens():
    drawn = read("law-firm")

    assert drawn.conflict_check
    assert drawn.first_stage.entered_by.kind == "conflict.cleared"
    assert not any(desk.opens_deals for desk in drawn.desks.values())


def test_a_ready_map_that_does_not_exist_is_refused():
    with pytest.raises(Refusal, match="facilities, law-firm, agency"):
        ready_map("bakery", "ana@firm.example", "Ana", "UTC")


def test_a_map_for_nobody_is_refused():
    with pytest.raises(Refusal, match="isn’t an email address"):
        ready_map("agency", "ana", "Ana", "UTC")


def test_the_demonstration_has_the_packets_of_its_pictures(harbour_lime):
    assert check_map(demonstration_map()) == []
    assert [len(handoff.carries) for handoff in harbour_lime.handoffs.values()] == [5, 8, 5, 4]
    assert (len(harbour_lime.behaviors), len(harbour_lime.decisions), len(harbour_lime.goals)) == (9, 4, 3)


def test_a_map_that_is_too_large_to_start_from_says_in_what():
    said = [problem.sentence for problem in check_map(demonstration_map(), small=True)]

    assert said == [
        "A map to start from has at most 4 behaviors, this one has 9.",
        "A map to start from has at most 12 fields, this one has 22.",
        "A map to start from has at most 5 items, this one has 8.",
    ]
