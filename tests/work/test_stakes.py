"""One's part in a map: what one would owe by what happened lately, and what one gets for it."""

import pytest

from baton.map.current import current_map
from baton.work.stakes import counted_for_each, part_of
from tests.cast import HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_what_would_have_been_owed_lately_is_counted_for_each(cast):
    deal = cast.deal(contact=cast.contact())
    cast.mail(deal, "in", MONDAY)
    cast.mail(deal, "out", MONDAY + 5 * HOUR)

    counts = counted_for_each(current_map(), TUESDAY)
    part = part_of(cast.ana, current_map(), counts[cast.ana.pk])

    answering = next(each for each in part.owes if each.name == "Answer enquiry")
    assert (answering.opened, answering.late, answering.within) == (1, 1, "2 working hours")
    assert cast.ben.pk not in counts


def test_who_receives_a_handoff_owes_an_answer_and_gets_what_it_carries(cast):
    part = part_of(cast.ben, current_map(), {})

    assert part.desks == ["Operations"]
    assert [each.name for each in part.owes][-1] == "Accept or return what Sales hands over"
    assert part.gets[0].startswith("Sales brings Operations: Scope, Start date, Key holder, Amount.")
    assert part.gets[1] == "Monday review finds there what it decides from: Amount, Close date, Stage, Next step."


def test_who_sits_nowhere_owes_nothing_and_gets_nothing(cast):
    part = part_of(cast.rita, current_map(), {})

    assert (part.desks, part.owes, part.gets) == ([], [], [])
