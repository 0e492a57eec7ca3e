"""The private feed: one's own duties and meetings at an address that only one knows, until it is renewed or ended."""

import pytest
from django.test import Client
from icalendar import Calendar

from baton.channels.calendar.feeding import calendar_at, end_feed, make_feed
from baton.channels.calendar.models import CalendarFeed
from tests.cast import MONDAY, Cast
from tests.channels.calendar.invitations import ANA, DANA, THURSDAY, arrive, ics

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr("baton.web.calendar.feed.now", lambda: MONDAY)


def client_of(member) -> Client:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def said(token: str) -> list[str]:
    calendar = Calendar.from_ical(calendar_at(token, MONDAY))
    return sorted(str(event["SUMMARY"]) for event in calendar.walk("VEVENT"))


def address(page: str) -> str:
    return page.partition('id="feed-link" value="')[2].partition('"')[0]


def test_what_one_owes_and_where_one_is_expected(cast, deal):
    arrive(cast.ana, ics())

    owed = ["Due: Reply to Dana Whitlock", "Due: Set the next step for Quayside Tower"]
    assert said(make_feed(cast.ana, MONDAY)) == [*owed, "Site visit"]
    assert said(make_feed(cast.ben, MONDAY)) == []


def test_a_meeting_says_when_where_with_whom_and_on_which_deal(cast, deal):
    arrive(cast.ana, ics(more=("LOCATION:Gate 4",)))

    calendar = Calendar.from_ical(calendar_at(make_feed(cast.ana, MONDAY), MONDAY))

    visit = next(event for event in calendar.walk("VEVENT") if event["SUMMARY"] == "Site visit")
    assert (visit["DTSTART"].dt, str(visit["LOCATION"]), str(visit["DESCRIPTION"])) == (THURSDAY, "Gate 4", deal.title)
    assert [str(one) for one in visit["ATTENDEE"]] == [f"mailto:{DANA}", f"mailto:{ANA}"]


def test_what_was_called_off_is_gone(cast, deal):
    arrive(cast.ana, ics(), ics("CANCEL", seq=1))

    assert "Site visit" not in said(make_feed(cast.ana, MONDAY))


def test_the_address_is_shown_once_and_reads_without_signing_in(cast, deal):
    arrive(cast.ana, ics())
    made = client_of(cast.ana).post("/calendar/").content.decode()
    link = address(made)

    answer = Client().get(link)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Site visit" in answer.content
    assert "no-cache" in answer["Cache-Control"]
    assert link.rpartition("/")[2].removesuffix(".ics") not in client_of(cast.ana).get("/calendar/").content.decode()
    assert Client().get(link, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_renewed_or_ended_the_old_address_leads_nowhere(cast, deal):
    client = client_of(cast.ana)
    first, second = (
        address(client.post("/calendar/").content.decode()),
        address(client.post("/calendar/").content.decode()),
    )
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)

    client.post("/calendar/removal/")

    assert Client().get(second).status_code == 404


def test_who_left_reads_nothing_more(cast):
    token = make_feed(cast.ana, MONDAY)
    cast.ana.is_active = False
    cast.ana.save()

    assert calendar_at(token, MONDAY) is None


def test_nothing_of_the_token_is_kept_or_logged(cast, caplog):
    token = make_feed(cast.ana, MONDAY)
    end_feed(cast.bram)

    Client().get(f"/feeds/calendar/{token}.ics")
    Client().get(f"/feeds/calendar/{token}x.ics")

    assert token not in caplog.text
    assert token not in str(CalendarFeed.objects.values_list())


def test_whoever_may_only_read_has_a_feed_too(cast):
    assert address(client_of(cast.rita).post("/calendar/").content.decode()).endswith(".ics")
