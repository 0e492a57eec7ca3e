"""A meeting booked from a deal stands there, invites, is moved and called off; once over, it asks what came of it."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from baton.capture import outbox
from baton.capture.ingesting import kept_raw
from baton.capture.models import Outgoing
from baton.capture.reading import read_waiting
from baton.channels.calendar import booking
from baton.channels.calendar.booking import Wanted
from baton.kernel.verdict import Refusal
from baton.ledger.models import Interaction
from baton.work import notes
from baton.work.checking import check
from baton.work.diary import diary
from baton.work.meeting_plans import people_of
from baton.work.meetings import notice_over, plan_of
from baton.work.models import Duty, Meeting
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh
from tests.channels.calendar.invitations import ANA, DANA, THURSDAY, arrive, ics, meetings

pytestmark = pytest.mark.django_db
OUTCOME = "baton:say-outcome"
VISIT = Wanted("Site visit", TUESDAY, TUESDAY + HOUR, [("Dana Whitlock", DANA)], "Gate 4", "See you there.")


@pytest.fixture
def cast(settings) -> Cast:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


@pytest.fixture
def visit(cast, deal):
    return booking.book(deal, VISIT, by=cast.ana, at=MONDAY, key="1")


def duties():
    rows = Duty.objects.unscoped("tests").filter(behavior=OUTCOME).order_by("opened_at")
    return [(row.owed_by.short_name, row.state) for row in rows]


def sent():
    """The invitations on their way: (method, sequence, to whom)."""
    found = []
    for row in Outgoing.objects.unscoped("tests").filter(channel="sending").order_by("asked_at", "pk"):
        mail = message_from_bytes(kept_raw(row.raw_id), policy=policy.default)
        part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
        text = part.get_content()
        seq = text.partition("SEQUENCE:")[2].split()[0]
        found.append((part.get_param("method"), int(seq), row.body["recipients"]))
    return found


def test_it_stands_on_the_deal_and_an_invitation_goes_out(cast, deal, visit):
    assert (visit.deal_id, visit.kind, visit.direction, visit.trust) == (deal.pk, "meeting", "out", "own")
    assert (visit.author, visit.audience) == (cast.ana, "full")
    (row,) = Meeting.objects.visible_to(cast.bram)
    assert (row.starts_at, row.place) == (TUESDAY, "Gate 4")
    assert sent() == [("REQUEST", 0, [DANA])]
    assert check().differences == []


def test_the_same_form_sent_twice_books_once(cast, deal, visit):
    again = booking.book(deal, VISIT, by=cast.ana, at=MONDAY, key="1")

    assert again.pk == visit.pk
    assert (len(meetings()), len(sent())) == (1, 1)


def test_the_copy_of_the_invitation_is_the_same_meeting(cast, deal, visit):
    outbox.send_due(MONDAY + MINUTE)
    read_waiting(MONDAY + MINUTE)

    mail = Interaction.objects.unscoped("tests").get(kind="email")
    assert (mail.deal_id, mail.trust) == (deal.pk, "own")
    assert len(meetings()) == 1
    assert check().differences == []


def test_their_answer_lands_as_theirs(cast, visit):
    uid = plan_of(visit)["uid"]
    reply = ics("REPLY", uid=uid, organizer=ANA, people={DANA: "ACCEPTED"}, starts=TUESDAY, stamp=MONDAY + HOUR)

    arrive(cast.ana, reply, at=MONDAY + HOUR)

    assert [one["answer"] for one in people_of(plan_of(fresh(visit)))] == ["yes"]


def test_moved_it_is_asked_anew_and_called_off_it_is_off(cast, visit):
    booking.change(
        visit, Wanted("Site visit", WEDNESDAY, WEDNESDAY + HOUR, VISIT.people), by=cast.ana, at=MONDAY + HOUR
    )
    assert [row.starts_at for row in Meeting.objects.visible_to(cast.ana)] == [WEDNESDAY]

    booking.call_off(fresh(visit), by=cast.ana, at=MONDAY + 2 * HOUR)

    assert [row.cancelled for row in Meeting.objects.visible_to(cast.ana)] == [True]
    assert sent() == [("REQUEST", 0, [DANA]), ("REQUEST", 1, [DANA]), ("CANCEL", 2, [DANA])]
    assert check().differences == []


def test_only_who_invited_changes_it(cast, visit):
    with pytest.raises(Refusal, match="Only who invited"):
        booking.call_off(visit, by=cast.bram, at=MONDAY)
    with pytest.raises(Refusal, match="Only who invited"):
        booking.change(visit, VISIT, by=cast.tomas, at=MONDAY)


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Wanted("x", MONDAY - HOUR, MONDAY, VISIT.people), "still to come"),
        (Wanted("x", TUESDAY, TUESDAY, VISIT.people), "how long"),
        (Wanted("  ", TUESDAY, TUESDAY + HOUR, VISIT.people), "what it is about"),
        (Wanted("x", TUESDAY, TUESDAY + HOUR), "whom you meet"),
    ],
)
def test_what_can_t_be_meant_is_refused(cast, deal, wanted, why):
    with pytest.raises(Refusal, match=why):
        booking.book(deal, wanted, by=cast.ana, at=MONDAY, key="2")


def test_whoever_may_only_read_books_nothing(cast, deal):
    with pytest.raises(Refusal, match="read only"):
        booking.book(deal, VISIT, by=cast.rita, at=MONDAY, key="3")


# What came of it


def test_a_meeting_that_is_over_opens_the_duty_to_say_what_came_of_it(cast, visit):
    notice_over(TUESDAY + 30 * MINUTE)
    assert duties() == []

    notice_over(TUESDAY + HOUR)

    assert duties() == [("Ana", "open")]
    notice_over(TUESDAY + 2 * HOUR)
    assert duties() == [("Ana", "open")]
    assert check().differences == []


def test_what_came_of_it_closes_it_also_when_said_before_it_was_over(cast, deal, visit):
    notes.log(deal, "meeting", "Both lifts, at night", by=cast.ana, at=TUESDAY + 30 * MINUTE)

    notice_over(TUESDAY + HOUR)

    assert duties() == [("Ana", "closed")]


def test_one_outcome_is_that_of_one_meeting(cast, deal, visit):
    other = booking.book(
        deal, Wanted("Second", TUESDAY + 2 * HOUR, TUESDAY + 3 * HOUR, VISIT.people), by=cast.ana, at=MONDAY, key="2"
    )
    notice_over(TUESDAY + 3 * HOUR)

    notes.log(deal, "meeting", "Fine", by=cast.ana, at=TUESDAY + 4 * HOUR, of=f"{other.pk}:")

    assert duties() == [("Ana", "open"), ("Ana", "closed")]
    assert check().differences == []


def test_moved_after_it_was_to_be_it_asks_once_it_was(cast, visit):
    notice_over(TUESDAY + HOUR)

    later = Wanted("Site visit", WEDNESDAY, WEDNESDAY + HOUR, VISIT.people)
    booking.change(visit, later, by=cast.ana, at=TUESDAY + 2 * HOUR)
    assert duties() == [("Ana", "closed")]

    notice_over(WEDNESDAY + HOUR)
    assert duties() == [("Ana", "closed"), ("Ana", "open")]
    assert check().differences == []


def test_moved_forward_while_we_speak_it_still_asks(cast, visit):
    sooner = Wanted("Site visit", MONDAY + 30 * MINUTE, MONDAY + HOUR, VISIT.people)
    booking.change(visit, sooner, by=cast.ana, at=MONDAY + 20 * MINUTE)

    notice_over(MONDAY + HOUR)

    assert duties() == [("Ana", "open")]


def test_called_off_it_asks_nothing(cast, visit):
    booking.call_off(visit, by=cast.ana, at=TUESDAY - HOUR)

    notice_over(TUESDAY + HOUR)

    assert duties() == []


def test_called_off_late_it_asks_no_more(cast, deal):
    arrive(cast.ana, ics(starts=TUESDAY))
    notice_over(TUESDAY + HOUR)
    assert duties() == [("Ana", "open")]

    arrive(cast.ana, ics("CANCEL", starts=TUESDAY, seq=1, stamp=TUESDAY), at=TUESDAY + 2 * HOUR)

    assert duties() == [("Ana", "closed")]


def test_each_time_of_one_that_repeats_asks_for_itself(cast, deal):
    arrive(cast.ana, ics(starts=TUESDAY, more=("RRULE:FREQ=DAILY;COUNT=2",)))

    notice_over(WEDNESDAY + HOUR)

    assert duties() == [("Ana", "open"), ("Ana", "open")]
    assert check().differences == []


def test_what_was_over_when_baton_heard_of_it_asks_nothing(cast, deal):
    arrive(cast.ana, ics(starts=MONDAY - 2 * HOUR, stamp=MONDAY - timedelta(days=3)))

    notice_over(TUESDAY)

    assert duties() == []


def test_it_stands_in_the_day_of_who_is_there(cast, deal):
    arrive(cast.ana, ics(people={DANA: "", ANA: "", "ben@lime.example": ""}))

    assert [one.what for one in diary(cast.ben, THURSDAY) if one.deal_id] == ["Site visit"]
    assert [one.what for one in diary(cast.ana, THURSDAY) if one.deal_id] == ["Site visit"]
    assert [one.what for one in diary(cast.mia, THURSDAY) if one.deal_id] == []
