"""Goals are measured from what happened, never typed."""

import pytest

from baton.map.publishing import publish
from baton.mirror.goals import Measuring, progress
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
GOALS = """
goals:
  - {metric: first_response_p80, baseline: 9 h, target: 2 h, by: 2027-03-31}
  - {metric: next_step_set, baseline: measuring until 2026-12-31, target: 90%, by: 2027-03-31}
"""


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    publish(FIRM + GOALS, by=None, at=MONDAY - 24 * HOUR)
    return cast


def answered(cast: Cast, hours: int) -> None:
    deal = cast.deal(contact=cast.contact(email=f"c{hours}@marlowe.example"))
    cast.mail(deal, "in", MONDAY)
    cast.mail(deal, "out", MONDAY + hours * HOUR)


def test_the_first_answer_is_measured_in_working_hours_of_the_duties_that_were_closed(cast):
    for hours in (1, 2, 3, 4, 5):
        answered(cast, hours)

    found = progress(cast.tomas, TUESDAY)[0]

    assert (found.measured.amount, found.measured.of, found.stands) == (4.0, 5, "4 h")
    assert found.share == pytest.approx(5 / 7)
    assert not found.is_reached


def test_what_is_open_now_is_counted_now_and_a_baseline_still_measured_shows_no_way(cast):
    with_step, _without = cast.deal(), cast.deal(title="Mill Lane")
    cast.tell("deal", with_step.pk, next_step={"what": "Call Dana", "at": None, "by": None})

    found = progress(cast.tomas, TUESDAY)[1]

    assert (found.measured.amount, found.measured.of, found.share) == (50.0, 2, None)


def test_a_business_in_which_nothing_happened_has_nothing_measured(cast):
    measuring = Measuring(cast.tomas, TUESDAY)

    assert [measuring.metric(key).amount for key in ("duties_on_time", "promises_kept", "handoffs_first_time")] == [
        None
    ] * 3
    assert measuring.metric("customers_waiting").amount == 0


def test_a_metric_that_an_older_map_named_freely_measures_nothing(cast):
    assert Measuring(cast.tomas, TUESDAY).metric("happiness").amount is None
