"""Seats follow the map, and people whom somebody seated besides stay where they are."""

import pytest

from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.map.publishing import publish
from baton.members.models import DeskSeat
from baton.members.seats import desks_of, seat
from tests.cast import FIRM, MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _publish(text: str, by) -> None:
    publish(text, by=by, at=MONDAY)


def test_publishing_seats_the_people_of_the_map(cast):
    DeskSeat.objects.all().delete()

    _publish(FIRM.replace("operations: {lead: ben}", "operations: {lead: ben, members: [mia]}"), cast.tomas)

    assert sorted(desks_of(cast.mia)) == ["intake", "operations"]


def test_whom_a_new_map_no_longer_names_loses_the_seat(cast):
    _publish(FIRM.replace(", members: [bram]", ""), cast.tomas)

    assert (desks_of(cast.ana), desks_of(cast.bram)) == (["sales"], [])


def test_whom_a_person_seated_stays_when_a_map_is_published(cast):
    seat(cast.mia, ["intake", "sales"], by=cast.tomas, named=current_map().seating)

    _publish(FIRM.replace("lead: ana", "lead: bram").replace("[bram]", "[ana]"), cast.tomas)

    assert desks_of(cast.mia) == ["intake", "sales"]


def test_a_desk_that_is_gone_has_no_seats(cast):
    seat(cast.mia, ["intake", "sales"], by=cast.tomas, named=current_map().seating)
    DeskSeat.objects.create(member=cast.ana, desk="archive")

    _publish(FIRM + "\n", cast.tomas)

    assert set(DeskSeat.objects.values_list("desk", flat=True)) == {"intake", "sales", "operations"}


def test_a_seat_that_the_map_gives_is_taken_away_in_the_map(cast):
    with pytest.raises(Refusal, match="The map names Mia Lind"):
        seat(cast.mia, ["sales"], by=cast.tomas, named=current_map().seating)

    assert desks_of(cast.mia) == ["intake"]


def test_nobody_sits_at_a_desk_that_the_map_does_not_have(cast):
    with pytest.raises(Refusal, match="no desk called “cellar”"):
        seat(cast.mia, ["intake", "cellar"], by=cast.tomas, named=current_map().seating)


def test_a_member_seats_nobody(cast):
    with pytest.raises(Refusal, match="Only the owner and managers"):
        seat(cast.mia, ["intake", "sales"], by=cast.ana, named=current_map().seating)
