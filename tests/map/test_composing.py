"""The first map, put together from answers: whatever they are, it can be published."""

import pytest

from baton.map.composing import can_do_without, can_go_without, compose, without_fields, without_stages
from baton.map.reading import read_map
from baton.map.ready import READY
from baton.map.writing import write_map

OWNER = "ana@vidik.example"


def answers(name: str, **more) -> dict:
    return {"place": {"business": "Vidik", "zone": "Europe/Zagreb"}, "behaviors": {"map": name}} | more


@pytest.mark.parametrize("name", READY)
def test_without_all_that_can_be_left_out_each_ready_map_still_holds_together(name):
    whole = compose(answers(name), OWNER)
    stages = [key for key, each in whole.stages.items() if can_go_without(whole, each)]

    drawn = compose(answers(name, map={"no_stages": stages, "no_fields": list(whole.fields)}), OWNER)

    assert read_map(write_map(drawn)) == (drawn, [])
    assert len(drawn.stages) < len(whole.stages)
    assert len(drawn.fields) < len(whole.fields)


@pytest.mark.parametrize("name", READY)
def test_before_anything_is_answered_there_is_a_map_already(name):
    drawn = compose(answers(name), OWNER)

    assert read_map(write_map(drawn)) == (drawn, [])
    assert drawn.owner == OWNER


def test_what_was_caught_at_a_stage_that_is_left_out_is_caught_at_the_one_before():
    whole = compose(answers("facilities"), OWNER)

    drawn = without_stages(whole, ["site_visited"])

    assert whole.fields["scope"].caught_at == "site_visited"
    assert drawn.fields["scope"].caught_at == "enquiry"


def test_a_stage_at_which_a_deal_is_handed_over_or_won_can_t_be_left_out():
    whole = compose(answers("facilities"), OWNER)

    assert not can_go_without(whole, whole.stages["agreed"])
    assert without_stages(whole, ["agreed", "enquiry", "unknown"]) == whole


def test_the_last_field_of_a_handoff_stays():
    whole = compose(answers("facilities"), OWNER)
    drawn = without_fields(whole, list(whole.fields))

    assert all(handoff.carries for handoff in drawn.handoffs.values())
    assert [key for key, each in drawn.fields.items() if can_do_without(drawn, each)] == []


def test_people_sit_where_they_were_named_and_the_owner_everywhere_else():
    flow = {"desks": {"sales": "ben@vidik.example"}, "captures": {"intake": "upiti"}}
    drawn = compose(answers("facilities", flow=flow), OWNER)

    assert (drawn.desks["sales"].lead, drawn.desks["billing"].lead) == ("ben@vidik.example", OWNER)
    assert drawn.desks["intake"].capture == "upiti"


@pytest.mark.parametrize("name", READY)
def test_who_decides_what_will_close_gets_a_forecast_and_who_does_not_has_none_to_keep(name):
    drawn = compose(answers(name, decisions={"forecast": True}), OWNER)

    assert read_map(write_map(drawn)) == (drawn, [])
    assert [each.who for each in drawn.decisions_on("forecast")] == [(OWNER,)]
    assert compose(answers(name, decisions={"forecast": False}), OWNER).decisions_on("forecast") == []
