"""Importing calendars: each meeting once, whatever becomes of it; nothing of the past asks for anything."""

import json
import tarfile
import threading
import zipfile
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from baton.capture import imports
from baton.capture.inbox import waiting
from baton.capture.models import Delivery
from baton.capture.untrusted import Unreadable, parse_many, parse_untrusted
from baton.channels.calendar import importing
from baton.channels.calendar.adapter import READ_MEETING, SPLIT
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.work.checking import check
from baton.work.meeting_plans import main_of, people_of, times
from baton.work.meetings import plan_of
from baton.work.models import Duty, Meeting
from tests.cast import HOUR, MONDAY, TUESDAY, Cast
from tests.channels.calendar.invitations import ANA, DANA, THURSDAY, ics, meetings, the_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def bring_in(member, *paths):
    job = importing.start([str(path) for path in paths], by=member, at=MONDAY)
    imports.run(job, lambda: MONDAY, lambda one: None, threading.Event())
    return job.read, job.recorded, job.already_known, job.parked


@pytest.fixture
def bring(cast, tmp_path):
    def bring(text: str, name: str = "calendar.ics"):
        (tmp_path / name).write_text(text)
        return bring_in(cast.ana, tmp_path / name)

    return bring


def test_a_meeting_with_a_customer_goes_on_their_deal(bring, deal):
    assert bring(ics("PUBLISH", organizer=ANA, people={DANA: "ACCEPTED"})) == (1, 1, 0, 0)

    (meeting,) = meetings()
    assert (meeting.deal_id, meeting.live) == (deal.pk, False)
    assert list(Duty.objects.unscoped("tests").filter(subject_id=meeting.pk)) == []
    assert check().differences == []


def test_the_same_calendar_again_is_known_and_a_newer_one_tells_what_is_new(bring, deal):
    bring(ics("PUBLISH"))

    assert bring(ics("PUBLISH")) == (1, 0, 1, 0)
    assert bring(ics("PUBLISH", starts=THURSDAY + HOUR, seq=1, stamp=TUESDAY)) == (1, 1, 0, 0)
    assert the_time().starts == THURSDAY + HOUR


def test_what_names_no_customer_is_its_members_alone_and_asks_nobody(bring, cast):
    assert bring(ics(organizer=ANA, people={"dentist@teeth.example": ""}, subject="Dentist")) == (1, 1, 0, 0)

    assert [row.subject for row in Meeting.objects.visible_to(cast.ana)] == ["Dentist"]
    assert list(Meeting.objects.visible_to(cast.tomas)) == []
    assert list(waiting(cast.ana)) == []


def test_a_broken_meeting_is_parked_alone(bring):
    broken = ics(uid="broken").replace("DTSTART:", "DTSTART:someday")

    assert bring(ics() + broken) == (2, 1, 0, 1)
    assert bring(ics() + broken) == (2, 0, 1, 1)
    parked = Delivery.objects.unscoped("tests").get(state="parked")
    assert parked.because == "The meeting says no time that can be read."


def test_what_is_no_calendar_is_parked_with_why(bring):
    assert bring("Dear all,\nsee you on Monday.\n", "letter.ics") == (1, 0, 0, 1)

    parked = Delivery.objects.unscoped("tests").get(state="parked")
    assert parked.because == "letter.ics: It is no calendar: it doesn’t begin like one."


def test_an_archive_of_calendars(cast, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("work.ics", ics(uid="1") + ics(uid="2"))
        archive.writestr("home/private.ics", ics(uid="3"))
        archive.writestr("readme.txt", "no calendar")

    assert bring_in(cast.ana, tmp_path / "all.zip") == (3, 3, 0, 0)


def test_the_command_answers_with_one_line_of_json(cast, tmp_path):
    (tmp_path / "mine.ics").write_text(ics())
    out = StringIO()

    call_command("import", "calendar", str(tmp_path / "mine.ics"), "--as", "ana@lime.example", "--json", stdout=out)

    counts = json.loads(out.getvalue())
    assert {name: counts[name] for name in ("read", "recorded", "already_known", "parked")} == {
        "read": 1, "recorded": 1, "already_known": 0, "parked": 0,
    }  # fmt: skip


def test_whoever_may_only_read_imports_nothing(cast, tmp_path):
    (tmp_path / "mine.ics").write_text(ics())

    with pytest.raises(Refusal, match="may only read"):
        importing.start([str(tmp_path / "mine.ics")], by=cast.rita, at=MONDAY)


def test_a_member_changes_no_meeting_of_others(cast, deal, tmp_path):
    (tmp_path / "a.ics").write_text(ics(people={DANA: "", ANA: ""}))
    (tmp_path / "b.ics").write_text(ics("CANCEL", seq=9, people={DANA: "", ANA: ""}))
    bring_in(cast.ana, tmp_path / "a.ics")

    assert bring_in(cast.bram, tmp_path / "b.ics") == (1, 0, 1, 0)
    assert the_time().cancelled is False


def test_a_calendar_that_is_dropped_where_mail_is_comes_in(cast, deal, client):
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    files = [SimpleUploadedFile("mine.ics", ics().encode())]

    answer = client.post("/imports/", {"files": files})

    assert answer.status_code == 302
    assert imports.work(now) == 1
    assert [row.deal_id for row in meetings()] == [deal.pk]


# What others wrote


@pytest.fixture(scope="module")
def samples(shared, tmp_path_factory):
    """The sample calendars, unpacked."""
    folder = tmp_path_factory.mktemp("calendars")
    for name in ("ics", "invites-updates-cancellations"):
        with tarfile.open(shared / "calendar" / f"{name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
    return folder


def test_every_sample_calendar_is_read_or_refused_with_a_sentence(samples):
    files = sorted(path for path in samples.rglob("*") if path.is_file())

    refused, meetings_read = [], 0
    for path in files:
        try:
            parts = parse_untrusted(SPLIT, path.read_bytes())
        except Unreadable as why:
            refused.append(str(why))
            continue
        read = parse_many(READ_MEETING, parts, seconds=3.0, zone="Europe/London", at=MONDAY)
        meetings_read += sum(not isinstance(one, Unreadable) for one in read)
        refused += [str(one) for one in read if isinstance(one, Unreadable)]

    assert (len(files), meetings_read, len(refused)) == (229, MEETINGS, REFUSED)
    assert set(refused) == {
        "It is no calendar: it doesn’t begin like one.",
        "The calendar holds no meeting.",
        "The meeting says no time that can be read.",
    }


MEETINGS, REFUSED = 819, 105
"""Of the sample; what is refused is no calendar, holds tasks or times alone, or an event that says no time."""


def test_a_fifth_of_the_sample_goes_through_and_is_known_afterwards(cast, samples):
    """Every fifth file, by name; all of them, twice, take 15 seconds."""
    files = sorted(path for path in samples.rglob("*") if path.is_file())[::5]

    read, recorded, known, parked = bring_in(cast.ana, *files)

    assert read == recorded + known + parked
    assert bring_in(cast.ana, *files) == (read, 0, recorded + known, parked)
    assert check().differences == []


def nylas(samples, *names):
    return [samples / "nylas" / f"{name}.ics" for name in names]


def test_gcal_v2_is_a_later_version_of_v1_though_its_number_is_the_same(cast, samples):
    assert bring_in(cast.ana, *nylas(samples, "gcal_v2", "gcal_v1")) == (2, 1, 1, 0)

    (meeting,) = meetings()
    said = main_of(plan_of(meeting))
    assert (said["seq"], said["stamp"]) == (0, "2015-03-18T19:04:31+00:00")


def test_self_sent_v2_is_an_update_of_v1(cast, samples):
    bring_in(cast.ana, *nylas(samples, "self_sent_v1", "self_sent_v2"))

    (meeting,) = meetings()
    assert main_of(plan_of(meeting))["seq"] == 1


@pytest.mark.parametrize(
    "order", [("google_cancelled1", "google_cancelled2"), ("google_cancelled2", "google_cancelled1")]
)
def test_google_cancelled_is_off_in_either_order(cast, samples, order):
    bring_in(cast.ana, *nylas(samples, *order))

    assert the_time().cancelled is True


def test_replies_with_an_id_of_their_own_answer_nothing(cast, samples):
    counts = bring_in(cast.ana, *nylas(samples, "invite_w_rsvps1", "invite_w_rsvps2", "invite_w_rsvps3"))

    assert counts == (3, 1, 2, 0)
    (meeting,) = meetings()
    assert times(plan_of(meeting))[0].starts.isoformat() == "2015-04-01T14:00:00+00:00"  # Romance Standard Time


@pytest.mark.parametrize(
    ("name", "subject", "people"),
    [
        ("event_with_no_participants", "An all-day meeting about meetings", 0),
        ("event_without_sequence", "An all-day meeting about meetings", 0),
        ("multiple_summaries", "The Strokes", 2),
    ],
)
def test_what_is_missing_or_stands_twice(cast, samples, name, subject, people):
    bring_in(cast.ana, *nylas(samples, name))

    (meeting,) = meetings()
    assert (meeting.subject, len(people_of(plan_of(meeting)))) == (subject, people)


def test_two_events_with_one_id_are_one_meeting_and_the_later_stands(cast, samples):
    bring_in(cast.ana, *nylas(samples, "multiple_events"))

    assert (the_time().subject, the_time().all_day) == ("More meetings", True)
