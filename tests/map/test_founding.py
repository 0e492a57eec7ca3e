"""A business is founded once: its owner and its first map together, or neither."""

import pytest

from baton.kernel.verdict import Refusal
from baton.map.current import current_map, current_version
from baton.map.founding import found
from baton.map.ready import READY, ready_map
from baton.members.models import Member
from baton.members.seats import desks_of
from baton.members.setup import is_empty
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
GOOD = "a long quiet river"
ANA = "ana@vidik.example"


def _found(text: str, password: str = GOOD, email: str = ANA) -> Member:
    return found(text, name="Ana Horvat", email=email, password=password, at=MONDAY)


@pytest.mark.parametrize("name", READY)
def test_the_founder_owns_the_map_and_sits_at_every_desk_of_a_ready_one(name):
    owner = _found(ready_map(name, ANA, "Vidik", "Europe/Zagreb"))

    drawn = current_map()
    assert (drawn.owner, drawn.business, owner.role) == (ANA, "Vidik", "owner")
    assert sorted(desks_of(owner)) == sorted(drawn.desks)
    assert not is_empty()


def test_a_second_business_is_refused_for_good():
    Cast()
    Member.objects.update(is_active=False)

    with pytest.raises(Refusal, match="There is a business here already"):
        _found(ready_map("agency", ANA, "Vidik"))


@pytest.mark.parametrize(
    ("text", "password", "email", "why"),
    [
        ("business: Vidik", GOOD, ANA, "owner"),
        (ready_map("agency", ANA, "Vidik"), "short", ANA, "too short"),
        (ready_map("agency", ANA, "Vidik"), GOOD, "ivo@vidik.example", "owner of the map"),
    ],
)
def test_where_a_part_of_it_is_refused_nothing_is_founded(text, password, email, why):
    with pytest.raises(Refusal, match=why):
        _found(text, password, email)

    assert is_empty()
    assert current_version() == 0
