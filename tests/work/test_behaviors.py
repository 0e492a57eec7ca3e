"""The behaviors in force: those of the map, and those that every business has."""

import pytest

from baton.map.catalog import EVENTS
from baton.map.current import current_version
from baton.work.behaviors import in_force
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_every_behavior_can_say_what_opens_and_what_closes_it():
    Cast()
    behaviors = in_force(current_version()).values()

    assert {kind for one in behaviors for kind in one.opens.kinds | one.closes.kinds} <= EVENTS.keys()
    assert all(one.opens.sentence and one.closes.sentence for one in behaviors)
