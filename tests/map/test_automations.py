"""Automations in the map: read, written, settled, refused."""

from dataclasses import replace

import pytest

from baton.map.automations import Condition, Reliance, Timing, read_condition, read_sure, read_timing
from baton.map.diff import compare
from baton.map.durations import Within
from baton.map.elements import Who
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.map.writing import write_map
from tests.cast import FIRM

AUTOMATIONS = """
automations:
  chase-quote:
    when: no interaction in for 5 days after document out quote
    if: [stage is quoted, unanswered]
    do:
      send:
        subject: Our quote for {deal}
        text: |
          Dear {first_name},

          did our quote reach you? The key-holder would be {key_holder}.
      next_step: {what: Ring them, within: 2 working days, by: deal owner}
    relies_on:
      amount: {fresh_for: 30 days, sure: person or message, said_by: lead of sales}
      contact.email:
    at_most: 20 a day
    held_by: answer-enquiry
    so_that: no quote is forgotten
"""


def test_a_map_with_automations_is_written_as_it_was_read():
    drawn, problems = read_map(FIRM + AUTOMATIONS)
    assert drawn is not None, problems

    again, problems = read_map(write_map(drawn))

    assert (again, problems) == (drawn, [])
    chase = drawn.automations["chase-quote"]
    assert chase.conditions == (Condition("is", "stage", "quoted"), Condition("unanswered"))
    assert chase.relies_on == (
        Reliance("amount", 30, ("person", "message"), Who("lead of", "sales")),
        Reliance("contact.email"),
    )
    assert chase.deed("send").text.splitlines()[:2] == ["Dear {first_name},", ""]
    assert chase.deed("send").places == ["deal", "first_name", "key_holder"]


def test_every_reference_is_settled_by_the_permanent_id():
    renamed = FIRM.replace("  key_holder:\n", "  key_holder:\n    id: f7\n").replace("quoted: {", "quoted: {id: s3, ")
    drawn, problems = read_map(renamed + AUTOMATIONS)
    assert drawn is not None, problems

    settled = by_id(drawn).automations["chase-quote"]

    assert settled.conditions[0] == Condition("is", "stage", "s3")
    assert "{f7}" in settled.deed("send").text


@pytest.mark.parametrize(
    ("was", "wrong", "said"),
    [
        ("stage is quoted", "stage is quoted_up", "names the stage “quoted_up”, which doesn’t exist"),
        ("{key_holder}", "{keyholder}", "names the field “keyholder”, which doesn’t exist"),
        ("unanswered", "it rains", "“it rains” isn’t a condition"),
        ("20 a day", "often", "“often” isn’t a limit"),
        ("held_by: answer-enquiry", "held_by: answer-all", "names the behavior “answer-all”"),
        ("person or message", "rumor", "“rumor” doesn’t say how sure"),
        ("lead of sales", "lead of sails", "names the desk “sails”"),
        ("      contact.email:", "      sender:", "relies on the sender, but no message sets it off"),
        ("next_step: {what: Ring them", "next_step: {that: Ring them", "has an unknown entry `that`"),
        (
            "    so_that: no quote is forgotten\n",
            "    so_that: x\n    acts: 9 days before amount\n",
            "which is no date",
        ),
    ],
)
def test_what_is_wrong_with_an_automation_is_said_at_its_line(was, wrong, said):
    drawn, problems = read_map(FIRM + AUTOMATIONS.replace(was, wrong))

    assert drawn is None
    assert said in " / ".join(str(problem) for problem in problems)


def test_what_a_version_changes_of_an_automation_is_said_in_a_sentence():
    old, _problems = read_map(FIRM + AUTOMATIONS)
    chase = old.automations["chase-quote"]
    new = replace(old, automations={"chase-quote": replace(chase, at_most=5)})

    assert [change.what for change in compare(old, new)] == [
        "Automation “Chase quote”: how often a day was 20 a day, is 5 a day"
    ]


def test_moments_conditions_and_sources_are_read_from_words():
    assert read_timing("90 days before renewal_date") == Timing(Within(90, "days"), "before", "renewal_date")
    assert read_timing("1 day before its time") == Timing(Within(1, "days"), "before its time")
    assert read_timing("2 working hours later") == Timing(Within(120), "later")
    assert read_condition("service is Window cleaning") == Condition("is", "service", "Window cleaning")
    assert read_condition("owner missing") == Condition("missing", "owner")
    assert read_sure("confirmed") == ()
    assert read_sure("message or person") == ("person", "message")
