"""Nobody becomes a member but by an invitation: a secret link, good once and for a week."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.invitations import accept, invite, opened_by, renew, withdraw
from baton.members.models import Invitation, Member, Role
from baton.members.people import part_with
from baton.members.seats import desks_of
from tests.cast import HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
GOOD = "a long quiet river"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _accept(secret: str, at=TUESDAY, name="Nell Harrow", password=GOOD) -> Member:
    return accept(secret, name=name, password=password, at=at, named=current_map().seating)


def test_who_accepts_is_a_member_with_the_role_and_desks_they_were_invited_to(cast):
    _invitation, secret = invite("Nell@Lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER, desks=["sales"])

    nell = _accept(secret)

    assert (nell.email, nell.name, nell.role, desks_of(nell)) == (
        "nell@lime.example",
        "Nell Harrow",
        "member",
        ["sales"],
    )
    assert nell.check_password(GOOD)
    assert len(nell.capture_token) == 16


def test_who_joins_also_sits_where_the_map_names_them_and_not_at_a_desk_that_is_gone(cast):
    Member.objects.filter(pk=cast.bram.pk).update(email="bram@elsewhere.example")
    _invitation, secret = invite(
        "bram@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER, desks=["gone", "intake"]
    )

    bram = _accept(secret)

    assert sorted(desks_of(bram)) == ["intake", "sales"]


def test_the_secret_is_nowhere_in_the_database(cast):
    invitation, secret = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)

    kept = [str(value) for value in Invitation.objects.filter(pk=invitation.pk).values_list().get()]

    assert [value for value in kept if secret in value] == []


def test_a_link_opens_the_door_once(cast):
    _invitation, secret = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)
    _accept(secret)

    with pytest.raises(Refusal, match="doesn’t open anything"):
        _accept(secret)


@pytest.mark.parametrize(("after", "opens"), [(WEEK - HOUR, True), (WEEK, False), (WEEK + HOUR, False)])
def test_a_link_is_good_for_a_week(cast, after, opens):
    invitation, secret = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)

    if opens:
        assert opened_by(secret, at=MONDAY + after) == invitation
    else:
        with pytest.raises(Refusal, match="doesn’t open anything"):
            opened_by(secret, at=MONDAY + after)


def test_sent_again_the_old_link_is_dead_and_the_new_one_has_a_week(cast):
    invitation, old = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)

    new = renew(invitation, by=cast.tomas, at=MONDAY + WEEK)

    assert opened_by(new, at=MONDAY + WEEK + HOUR) == invitation
    with pytest.raises(Refusal):
        opened_by(old, at=MONDAY + HOUR)


def test_a_second_invitation_to_an_address_takes_the_first_back(cast):
    first, old = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)

    invite("nell@lime.example", by=cast.tomas, at=TUESDAY, role=Role.MANAGER)

    first.refresh_from_db()
    assert first.state(TUESDAY) == "withdrawn"
    with pytest.raises(Refusal):
        opened_by(old, at=TUESDAY)


def test_an_invitation_that_was_withdrawn_opens_nothing_and_can_not_be_sent_again(cast):
    invitation, secret = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)

    withdraw(invitation, by=cast.tomas, at=TUESDAY)

    with pytest.raises(Refusal):
        opened_by(secret, at=TUESDAY)
    with pytest.raises(Refusal, match="settled already"):
        renew(invitation, by=cast.tomas, at=TUESDAY)


def test_the_invitations_of_somebody_who_left_are_dead(cast):
    Member.objects.filter(pk=cast.mia.pk).update(role=Role.MANAGER)
    cast.mia.refresh_from_db()
    _invitation, secret = invite("nell@lime.example", by=cast.mia, at=MONDAY, role=Role.MEMBER)

    part_with(cast.mia, by=cast.tomas, at=TUESDAY)

    with pytest.raises(Refusal):
        opened_by(secret, at=TUESDAY)


@pytest.mark.parametrize(
    ("email", "why"),
    [("nell at lime", "isn’t an email address"), ("ANA@lime.example", "Ana Horvat is a member already")],
)
def test_only_an_address_of_somebody_new_can_be_invited(cast, email, why):
    with pytest.raises(Refusal, match=why):
        invite(email, by=cast.tomas, at=MONDAY, role=Role.MEMBER)


@pytest.mark.parametrize(
    ("password", "why"), [("short", "too short"), ("nell@lime.example", "too similar"), ("password123", "common")]
)
def test_a_weak_password_is_refused_and_the_link_stays_good(cast, password, why):
    _invitation, secret = invite("nell@lime.example", by=cast.tomas, at=MONDAY, role=Role.MEMBER)

    with pytest.raises(Refusal, match=why):
        _accept(secret, password=password)

    assert _accept(secret).email == "nell@lime.example"
