"""The mirror against planted businesses, of seeds that were never looked at: what it finds, how late, what it invents.

A sample; `python -m bench.planted` prints the whole table.
"""

import pytest

from tests.mirror.finding_out import Outcome, find_out, table
from tests.mirror.planting import EIGHT, HEALTHY, PLANTED, SEEDS_TO_TEST, SEEDS_TO_TUNE, Plan

pytestmark = pytest.mark.django_db
LATEST = 9
"""Weeks within which what went wrong is said."""


def test_the_seeds_of_the_tests_are_none_that_thresholds_were_chosen_by():
    assert not set(SEEDS_TO_TEST) & set(SEEDS_TO_TUNE)


@pytest.mark.parametrize("plan", PLANTED, ids=lambda plan: plan.name)
def test_what_goes_wrong_is_found_within_weeks(plan: Plan):
    found = find_out(plan, SEEDS_TO_TEST[0])

    assert found.weeks_late is not None, table([found])
    assert found.weeks_late <= LATEST


def test_in_a_healthy_business_nothing_is_raised():
    found: Outcome = find_out(HEALTHY, SEEDS_TO_TEST[0])

    assert found.false == set()


def test_in_a_firm_of_eight_with_five_deals_a_week_there_is_too_little_to_say():
    found = find_out(EIGHT, SEEDS_TO_TEST[0])

    assert found.false == set()
    assert found.unsaid > 0
