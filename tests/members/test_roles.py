"""What each role may do about people, as truth tables; and the owner who never disappears."""

from itertools import product

import pytest

from baton.kernel.verdict import Refusal
from baton.members.models import Member, Role
from baton.members.people import bring_back, change_role, part_with
from baton.members.roles import may_change, may_give, may_look_after_people, roles_given_by
from tests.cast import MONDAY, Cast

OWNER, MANAGER, MEMBER, READ_ONLY = Role.OWNER, Role.MANAGER, Role.MEMBER, Role.READ_ONLY
ALL = [OWNER, MANAGER, MEMBER, READ_ONLY]
GIVES = {
    (OWNER, OWNER), (OWNER, MANAGER), (OWNER, MEMBER), (OWNER, READ_ONLY),
    (MANAGER, MEMBER), (MANAGER, READ_ONLY),
}  # fmt: skip


@pytest.mark.parametrize(("who", "role"), list(product(ALL, ALL)))
def test_owners_give_every_role_managers_those_below_them_and_others_none(who, role):
    by, member = Member(name="Who", role=who), Member(name="Whom", role=role)

    answers = (may_give(by, role).answer, may_change(by, member).answer)

    assert answers == (("allow", "allow") if (who, role) in GIVES else ("refuse", "refuse"))


@pytest.mark.parametrize(("who", "may"), [(OWNER, True), (MANAGER, True), (MEMBER, False), (READ_ONLY, False)])
def test_only_owners_and_managers_look_after_people(who, may):
    assert (may_look_after_people(Member(role=who)).answer == "allow") is may


def test_who_has_left_gives_nothing():
    assert roles_given_by(Member(role=OWNER, is_active=False)) == ()


@pytest.mark.django_db
class TestTheOwner:
    def test_the_last_owner_can_neither_step_down_nor_leave(self):
        cast = Cast()

        for away in (
            lambda: change_role(cast.tomas, MEMBER, by=cast.tomas),
            lambda: part_with(cast.tomas, by=cast.tomas, at=MONDAY),
        ):
            with pytest.raises(Refusal, match="only owner"):
                away()

    def test_once_somebody_else_is_an_owner_the_first_may_step_down(self):
        cast = Cast()
        change_role(cast.ben, OWNER, by=cast.tomas)

        change_role(cast.tomas, MANAGER, by=cast.ben)

        assert set(Member.objects.filter(role=OWNER)) == {cast.ben}

    def test_an_owner_who_left_does_not_count(self):
        cast = Cast()
        change_role(cast.ben, OWNER, by=cast.tomas)
        part_with(cast.ben, by=cast.tomas, at=MONDAY)

        with pytest.raises(Refusal, match="only owner"):
            part_with(cast.tomas, by=cast.tomas, at=MONDAY)

    def test_who_comes_back_sits_where_the_map_names_them(self):
        from baton.map.current import current_map
        from baton.members.seats import desks_of

        cast = Cast()
        part_with(cast.ben, by=cast.tomas, at=MONDAY)
        assert desks_of(cast.ben) == []

        bring_back(cast.ben, by=cast.tomas, named=current_map().seating)

        assert (cast.ben.is_active, cast.ben.left_at, desks_of(cast.ben)) == (True, None, ["operations"])
