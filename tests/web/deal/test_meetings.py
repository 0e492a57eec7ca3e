"""Meetings on the deal page: booked, changed and called off by who may; seen with who answered what."""

import pytest

from baton.channels.calendar import booking
from baton.kernel.clock import now
from baton.work.meetings import plan_of
from baton.work.models import Meeting
from tests.cast import HOUR, MONDAY
from tests.channels.calendar.invitations import DANA, arrive, ics, meetings
from tests.web.deal.scene import quayside
from tests.web.deal.test_page import on

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db]
TYPED = {
    "subject": "Second visit",
    "starts": "1 December 2027 14:00",
    "minutes": "90",
    "place": "Gate 4",
    "people": f"Dana Whitlock <{DANA}>",
    "text": "",
    "key": "1",
}


@pytest.fixture
def deal(cast):
    return quayside(cast)


@pytest.fixture
def booked(cast, deal, signed_in):
    signed_in(cast.ana).post(f"{on(deal)}meetings/", TYPED)
    return meetings()[0]


def test_a_meeting_is_booked_as_it_was_typed(cast, deal, booked, signed_in):
    (row,) = Meeting.objects.visible_to(cast.ana)
    assert (row.subject, row.place, row.ends_at - row.starts_at) == ("Second visit", "Gate 4", 1.5 * HOUR)

    page = signed_in(cast.bram).get(on(deal)).content.decode()
    assert "Second visit" in page
    assert "the invitation hasn’t gone out yet" in page
    assert f"/meetings/{booked.pk}/" not in page


def test_who_booked_it_changes_it_and_calls_it_off(cast, deal, booked, signed_in):
    client = signed_in(cast.ana)
    form = client.get(f"/meetings/{booked.pk}/").content.decode()
    assert "Second visit" in form

    client.post(f"/meetings/{booked.pk}/", TYPED | {"starts": "2 December 2027 9:00"})
    assert [row.starts_at.day for row in Meeting.objects.visible_to(cast.ana)] == [2]

    client.post(f"/meetings/{booked.pk}/cancellation/")
    assert [row.cancelled for row in Meeting.objects.visible_to(cast.ana)] == [True]


@pytest.mark.parametrize("address", ["", "cancellation/"])
def test_nobody_else_changes_it(cast, deal, booked, signed_in, address):
    response = signed_in(cast.bram).post(f"/meetings/{booked.pk}/{address}", TYPED)

    assert response.status_code == 422
    assert "Only who invited" in response.content.decode()


def test_whoever_may_only_read_books_nothing(cast, deal, signed_in):
    response = signed_in(cast.rita).post(f"{on(deal)}meetings/", TYPED)

    assert response.status_code == 403
    assert meetings() == []


def test_a_meeting_nobody_shared_is_not_there_for_others(cast, deal, signed_in):
    arrive(cast.ana, ics(organizer="x@nowhere.example", people={"ana@lime.example": ""}), sender="x@nowhere.example")

    assert signed_in(cast.bram).get(f"/meetings/{meetings()[0].pk}/").status_code == 404
    assert signed_in(cast.ana).get(f"/meetings/{meetings()[0].pk}/").status_code == 404  # on no deal yet


def test_what_is_claimed_and_not_believed_stands_beside_it(cast, deal, signed_in):
    arrive(cast.ana, ics())
    arrive(cast.ana, ics("CANCEL", seq=1), sender="rival@elsewhere.example")

    page = signed_in(cast.ana).get(on(deal)).content.decode()

    assert "rival@elsewhere.example isn’t who invited to it" in page


@pytest.mark.parametrize("typed", [{"starts": "yesterday 9:00"}, {"people": "Dana"}, {"subject": ""}, {"minutes": "7"}])
def test_what_can_t_be_meant_is_refused_with_nothing_lost(cast, deal, signed_in, typed):
    response = signed_in(cast.ana).post(f"{on(deal)}meetings/", TYPED | typed)

    assert response.status_code == 422
    assert meetings() == []


def test_the_plan_holds_what_was_typed(cast, booked):
    said = plan_of(booked)["parts"][""]["said"]

    assert (said["subject"], said["people"][0]["address"], said["seq"]) == ("Second visit", DANA, 0)
    assert booking.may_change(booked, cast.ana)
    assert now() > MONDAY - HOUR
