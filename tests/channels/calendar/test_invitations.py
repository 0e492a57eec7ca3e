"""Invitations, changes, callings off and answers that come by mail are one meeting on the deal, in whatever order."""

from datetime import timedelta
from itertools import permutations

import pytest

from baton.capture.reading import read_waiting
from baton.channels.calendar.lasting import look_further
from baton.ledger.models import Event, Fact, Interaction
from baton.work.checking import check
from baton.work.meeting_plans import people_of, times
from baton.work.models import Meeting
from tests.capture.letters import from_mailbox, letter, to_member
from tests.cast import HOUR, MONDAY, TUESDAY, Cast, fresh
from tests.channels.calendar.invitations import (
    ANA,
    DANA,
    THURSDAY,
    arrive,
    carried,
    ics,
    last_delivery,
    meetings,
    the_plan,
    the_time,
)

pytestmark = pytest.mark.django_db
FRIDAY = THURSDAY + timedelta(days=1)
MOVED = ics(starts=FRIDAY, seq=1, stamp=MONDAY + HOUR)
CALLED_OFF = ics("CANCEL", seq=2, stamp=TUESDAY, people={})


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def rows():
    return [(row.starts_at, row.cancelled) for row in Meeting.objects.unscoped("tests").order_by("starts_at")]


def answers():
    return {one["address"]: one["answer"] for one in people_of(the_plan())}


def test_an_invitation_becomes_a_meeting_on_the_deal_of_whoever_invites(cast, deal):
    arrive(cast.ana, ics())

    (meeting,) = meetings()
    assert (meeting.deal_id, meeting.contact_id, meeting.subject) == (deal.pk, deal.contact_id, "Site visit")
    assert (meeting.direction, meeting.from_address, meeting.audience) == ("in", DANA, "full")
    assert rows() == [(THURSDAY, False)]
    mail = Interaction.objects.unscoped("tests").get(kind="email")
    assert meeting.thread == mail.thread
    planned = Event.objects.unscoped("tests").get(kind="meeting.planned")
    assert (planned.deal_id, planned.due_at) == (deal.pk, THURSDAY + HOUR)
    assert check().differences == []


def test_it_goes_to_the_deal_of_the_customer_who_is_invited_too(cast, deal):
    stranger = "pa@office.example"
    arrive(cast.ana, ics(organizer=stranger, people={DANA: "ACCEPTED", ANA: ""}), sender=stranger)

    (meeting,) = meetings()
    assert (meeting.deal_id, meeting.contact_id) == (deal.pk, deal.contact_id)


@pytest.mark.parametrize("order", list(permutations([ics(), MOVED, CALLED_OFF])))
def test_the_order_in_which_versions_arrive_changes_nothing(cast, deal, order):
    arrive(cast.ana, *order, order[0])

    assert len(meetings()) == 1
    one = the_time()
    assert (one.starts, one.cancelled) == (FRIDAY, True)
    assert rows() == [(FRIDAY, True)]
    assert check().differences == []


def test_a_meeting_that_was_moved_keeps_when_it_was_to_be(cast, deal):
    arrive(cast.ana, ics(), MOVED)

    plans = Fact.objects.unscoped("tests").filter(field="plan").order_by("seq")
    assert [plan.value["plan"]["parts"][""]["said"]["starts"] for plan in plans] == [
        THURSDAY.isoformat(),
        FRIDAY.isoformat(),
    ]
    assert rows() == [(FRIDAY, False)]


def test_a_calling_off_that_counts_no_further_is_meant_all_the_same(cast, deal):
    arrive(cast.ana, ics(), ics("CANCEL", stamp=MONDAY + HOUR))

    assert rows() == [(THURSDAY, True)]


def test_whoever_was_not_the_one_to_invite_calls_nothing_off(cast, deal):
    arrive(cast.ana, ics())

    arrive(cast.ana, CALLED_OFF, sender="rival@elsewhere.example")

    (meeting,) = meetings()
    assert rows() == [(THURSDAY, False)]
    assert meeting.values["doubted"]["v"]["by"] == "rival@elsewhere.example"
    because = "rival@elsewhere.example isn’t who invited to it: dana@marlowe.example is. Nothing was changed."
    assert (last_delivery().state, last_delivery().because) == ("known", because)


def test_an_organizer_who_is_claimed_in_the_calendar_alone_calls_nothing_off(cast, deal):
    arrive(cast.ana, ics())

    arrive(
        cast.ana,
        ics("CANCEL", seq=3, stamp=TUESDAY, organizer="rival@elsewhere.example"),
        sender="rival@elsewhere.example",
    )

    assert rows() == [(THURSDAY, False)]


def test_nobody_outside_changes_a_meeting_of_ours(cast, deal):
    ours = {"organizer": ANA, "people": {DANA: "NEEDS-ACTION"}}
    arrive(cast.ana, ics(**ours), sender=ANA, to=DANA)
    assert (meetings()[0].direction, meetings()[0].trust) == ("out", "own")

    forged = letter_of(ics("CANCEL", seq=5, stamp=TUESDAY, **ours))
    from_mailbox(cast.bram, forged)
    read_waiting(MONDAY + HOUR)

    assert rows() == [(THURSDAY, False)]
    assert "nothing shows that it does" in last_delivery().because


def letter_of(calendar: str) -> bytes:
    """A mail that claims to come from Ana and was delivered by a server."""
    return b"Return-Path: <x@evil.example>\r\n" + carried(calendar, sender=ANA, to="bram@lime.example")


def test_an_answer_stands_with_whoever_gave_it(cast, deal):
    arrive(cast.ana, ics(organizer=ANA, people={DANA: "NEEDS-ACTION"}), sender=ANA, to=DANA)
    assert answers() == {DANA: ""}

    reply = ics("REPLY", organizer=ANA, people={DANA: "ACCEPTED"}, stamp=MONDAY + HOUR, more=("COMMENT:Gate 4",))
    arrive(cast.ana, reply, at=MONDAY + HOUR)

    assert answers() == {DANA: "yes"}
    assert people_of(the_plan())[0]["comment"] == "Gate 4"
    assert check().differences == []


def test_an_answer_that_comes_before_its_invitation_waits_for_it(cast, deal):
    reply = ics("REPLY", organizer=ANA, people={DANA: "DECLINED"}, stamp=MONDAY + HOUR)
    arrive(cast.ana, reply)
    assert (meetings(), last_delivery().state) == ([], "waiting")

    arrive(cast.ana, ics(organizer=ANA, people={DANA: "NEEDS-ACTION"}), sender=ANA, to=DANA, at=MONDAY + HOUR)
    read_waiting(MONDAY + 2 * HOUR)

    assert answers() == {DANA: "no"}


def test_an_answer_to_what_nobody_knows_is_let_go_after_a_day(cast, deal):
    arrive(cast.ana, ics("REPLY", organizer=ANA, people={DANA: "DECLINED"}))

    read_waiting(TUESDAY + HOUR)

    assert (last_delivery().state, last_delivery().because) == (
        "known",
        "It answers an invitation that Baton doesn’t know.",
    )


def test_nobody_answers_for_somebody_else(cast, deal):
    arrive(cast.ana, ics(organizer=ANA, people={DANA: "NEEDS-ACTION"}), sender=ANA, to=DANA)

    arrive(cast.ana, ics("REPLY", organizer=ANA, people={DANA: "DECLINED"}), sender="rival@elsewhere.example")

    assert answers() == {DANA: ""}


def test_an_answer_to_the_earlier_time_says_nothing_of_the_new_one(cast, deal):
    ours = {"organizer": ANA, "people": {DANA: "NEEDS-ACTION"}}
    arrive(cast.ana, ics(**ours), sender=ANA, to=DANA)
    arrive(cast.ana, ics("REPLY", organizer=ANA, people={DANA: "ACCEPTED"}, stamp=MONDAY + HOUR))

    arrive(cast.ana, ics(starts=FRIDAY, seq=1, stamp=TUESDAY, **ours), sender=ANA, to=DANA, at=TUESDAY)

    assert answers() == {DANA: ""}


def test_another_time_that_they_propose_is_shown_and_moves_nothing(cast, deal):
    arrive(cast.ana, ics(organizer=ANA, people={DANA: "NEEDS-ACTION"}), sender=ANA, to=DANA)

    arrive(cast.ana, ics("COUNTER", organizer=ANA, people={DANA: "TENTATIVE"}, starts=FRIDAY, stamp=MONDAY + HOUR))

    assert rows() == [(THURSDAY, False)]
    assert people_of(the_plan())[0]["proposes"]["starts"] == FRIDAY.isoformat()


WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=4",)


def test_one_occurrence_is_moved_and_one_called_off(cast, deal):
    second, third = THURSDAY + timedelta(days=7), THURSDAY + timedelta(days=14)
    moved = ics(starts=second + HOUR, seq=1, more=(f"RECURRENCE-ID:{second:%Y%m%dT%H%M%SZ}",), stamp=TUESDAY)
    off = ics("CANCEL", starts=third, seq=1, more=(f"RECURRENCE-ID:{third:%Y%m%dT%H%M%SZ}",), stamp=TUESDAY)

    arrive(cast.ana, off, ics(more=WEEKLY), moved)

    assert rows() == [
        (THURSDAY, False),
        (second + HOUR, False),
        (third, True),
        (THURSDAY + timedelta(days=21), False),
    ]
    assert len(meetings()) == 1
    assert check().differences == []


def test_from_one_occurrence_on_all_are_moved(cast, deal):
    third = THURSDAY + timedelta(days=14)
    onwards = (f"RECURRENCE-ID;RANGE=THISANDFUTURE:{third:%Y%m%dT%H%M%SZ}",)
    arrive(cast.ana, ics(more=WEEKLY), ics(starts=third + HOUR, seq=1, stamp=TUESDAY, more=onwards))

    hours = [one.starts - THURSDAY for one in times(the_plan())]
    assert hours == [timedelta(days=day, hours=hour) for day, hour in ((0, 0), (7, 0), (14, 1), (21, 1))]


def test_what_came_in_is_held_by_everyone_of_us_who_is_invited(cast, deal):
    arrive(cast.ana, ics(people={DANA: "", ANA: "", "ben@lime.example": ""}))

    (meeting,) = meetings()
    assert {holder.member for holder in meeting.holders.all()} == {cast.ana, cast.ben}


def test_an_invitation_of_a_stranger_waits_with_its_mail_and_is_filed_with_it(cast, deal):
    from baton.capture.following import follow
    from baton.capture.inbox import waiting

    arrive(cast.ana, ics(organizer="new@nowhere.example", people={ANA: ""}), sender="new@nowhere.example")
    assert [row.kind for row in waiting(cast.ana)] == ["email"]

    mail = Interaction.objects.unscoped("tests").get(kind="email")
    cast.tell("interaction", mail.pk, by=cast.ana, filed={"deal": str(deal.pk), "audience": "full"})
    follow(TUESDAY)

    (meeting,) = meetings()
    assert meeting.deal_id == deal.pk
    assert check().differences == []


def test_a_forwarded_invitation_counts_as_passed_on_by_us(cast, deal):
    to_member(cast.ana, carried(ics(), sender=ANA))
    read_waiting(MONDAY + HOUR)

    assert len(meetings()) == 1


def test_an_answer_asks_us_nothing(cast, deal):
    arrive(cast.ana, ics("REPLY", organizer=ANA, people={DANA: "ACCEPTED"}))

    assert fresh(Interaction.objects.unscoped("tests").get(kind="email")).parts["thanks"] is True


def test_a_mail_without_a_calendar_is_as_before(cast, deal):
    from_mailbox(cast.ana, letter())
    read_waiting(MONDAY + HOUR)

    assert meetings() == []


def test_what_repeats_without_end_is_looked_at_further_in_time(cast, deal):
    arrive(cast.ana, ics(more=("RRULE:FREQ=WEEKLY",)))
    assert look_further(TUESDAY) == 0
    last = times(the_plan())[-1].starts

    assert look_further(last - timedelta(days=10)) == 1

    assert times(the_plan())[-1].starts > last + timedelta(days=300)
    assert look_further(last - timedelta(days=10)) == 0
    assert Event.objects.unscoped("tests").filter(kind="meeting.planned").count() == 1
    assert check().differences == []
