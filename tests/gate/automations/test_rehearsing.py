"""A rehearsal says what would have been done, with the judge that will decide, on what was known at each moment."""

from datetime import timedelta

import pytest

from baton.gate.automations import switching
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.needing import rule_of, standing_on
from baton.gate.automations.rehearsing import rehearse
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY
from tests.gate.automations.scene import act, enquiry, firm, outbox, switch_on, tell, wrote

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHASE = """
automations:
  chase:
    when: no interaction in for 5 days after interaction out
    do:
      send: {subject: Our quote, text: Did it reach you?}
    relies_on: {key_holder: {fresh_for: 10 days}}
    so_that: somebody says no
"""
PLAN = """
automations:
  plan:
    when: fact confirmed amount
    do: {next_step: {what: Ring them}}
    relies_on: {key_holder: {fresh_for: 10 days}}
    so_that: nobody waits
"""


def rehearsed(cast, key, at):
    return rehearse(current_map().automations[key], current_map(), member=cast.tomas, at=at)


def test_what_was_learned_later_excuses_nothing():
    cast = firm(PLAN, on=False)
    deal = enquiry(cast, at=MONDAY)
    tell(deal, MONDAY + HOUR, by=cast.ana, amount={"minor": 100, "currency": "GBP"})
    tell(deal, TUESDAY, by=cast.ana, key_holder="Colin")
    tell(deal, WEDNESDAY, by=cast.ana, amount={"minor": 200, "currency": "GBP"})
    tell(deal, MONDAY + 20 * DAY, by=cast.ana, amount={"minor": 300, "currency": "GBP"})

    found = rehearsed(cast, "plan", MONDAY + 30 * DAY)

    said = [(case.answer, case.judgement.short.gap if case.judgement.short else None) for case in found.cases]
    assert said == [("refuse", "stale"), ("act", None), ("refuse", "missing")]
    assert found.gaps == {("key_holder", "stale"): 1, ("key_holder", "missing"): 1}
    assert not AutomationRun.objects.unscoped("tests").exists()


def test_a_rehearsal_and_what_happens_then_say_the_same():
    cast = firm()
    one, other = enquiry(cast), cast.deal("Other", contact=cast.contact("Mark Webb", "mark@webb.example"))
    wrote(one, MONDAY + HOUR)
    wrote(other, MONDAY + HOUR, sender="somebody@else.example")
    wrote(one, MONDAY + 2 * HOUR)
    live = [run.state for run in act(MONDAY + 3 * HOUR)]

    found = rehearsed(cast, "acknowledge", TUESDAY)

    assert sorted(live) == ["acted", "left", "refused"]
    assert sorted(case.answer for case in found.cases) == ["act", "leave", "refuse"]
    assert len(outbox()) == 1


def test_silences_that_nobody_noticed_then_are_rehearsed_too():
    cast = firm(CHASE, on=False)
    deal = enquiry(cast, at=MONDAY)
    tell(deal, MONDAY, by=cast.ana, key_holder="Colin")
    cast.mail(deal, "out", MONDAY + HOUR)

    found = rehearsed(cast, "chase", MONDAY + 20 * DAY)

    assert [(case.answer, case.at.date()) for case in found.cases] == [("act", (MONDAY + 7 * DAY).date())]


def test_an_automation_is_switched_on_only_where_the_step_held_by_hand_or_for_a_reason():
    cast = firm(on=False)
    rule = rule_of(current_map().automations["acknowledge"], current_map())
    for number in range(6):
        deal = cast.deal(f"Deal {number}", contact=cast.contact(f"C {number}", f"c{number}@marlowe.example"))
        cast.mail(deal, at=MONDAY)
        cast.mail(deal, "out", MONDAY + (HOUR if number < 4 else 6 * HOUR))

    def on(by=cast.tomas, **more):
        return switching.switch_on("acknowledge", by=by, at=TUESDAY, **({"rule": rule} | more))

    with pytest.raises(Refusal, match="By hand 4 of 6 were on time, 66 %"):
        on()
    with pytest.raises(Refusal, match="Rehearse it first"):
        on(rule="another", because="now")
    with pytest.raises(Refusal, match="Only the owner of the map"):
        on(by=cast.ana, because="now")
    assert on(because="we are four and tired").because == "we are four and tired"


def test_a_step_that_held_by_hand_needs_no_reason():
    cast = firm(on=False)
    for number in range(5):
        deal = cast.deal(f"Deal {number}", contact=cast.contact(f"C {number}", f"c{number}@marlowe.example"))
        cast.mail(deal, at=MONDAY)
        cast.mail(deal, "out", MONDAY + HOUR)

    held = switching.held_by_hand(current_map().automations["acknowledge"], current_map(), TUESDAY)

    assert (held.counted, held.kept, held.verdict.answer) == (5, 5, "allow")


def test_what_stands_on_a_field_is_known_before_it_is_changed():
    cast = firm(PLAN + CHASE.replace("\nautomations:\n", ""), on=False)
    switch_on(cast, "plan")

    assert [each.id for each in standing_on("key_holder", current_map())] == ["plan", "chase"]
    assert [each.id for each in standing_on("contact.email", current_map())] == ["chase"]
