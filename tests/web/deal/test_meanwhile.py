"""What came to a deal while somebody typed: it is in nobody's way, unless it is the very value that they typed."""

import pytest

from baton.kernel.verdict import Conflict
from baton.map.current import current_map
from baton.web.deal.fields import save
from baton.web.deal.seen import DealSeen
from tests.cast import MINUTE, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
TYPED = {"value": "14 floors", "because": "", "fact": None, "version": None}


@pytest.fixture
def cast() -> Cast:
    return Cast()


def looked_at(cast: Cast, deal) -> DealSeen:
    return DealSeen(fresh(deal), cast.ana, current_map(), MONDAY + MINUTE)


def test_another_value_of_the_same_moment_does_not_refuse_what_was_typed(cast):
    deal = cast.deal()
    seen = looked_at(cast, deal)
    cast.tell("deal", deal.pk, by=cast.bram, start_date="2026-12-01")

    save(seen, seen.field("scope"), TYPED)

    assert fresh(deal).value("scope") == "14 floors"


def test_the_same_value_said_by_somebody_else_in_the_same_moment_is_shown_first(cast):
    deal = cast.deal()
    seen = looked_at(cast, deal)
    cast.tell("deal", deal.pk, by=cast.bram, scope="12 floors")

    with pytest.raises(Conflict):
        save(seen, seen.field("scope"), TYPED)

    assert fresh(deal).value("scope") == "12 floors"
