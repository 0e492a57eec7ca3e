"""What a calendar says of a meeting: zones by every name, whole days, repetition, people; nothing without bounds."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.calendar.adapter import READ_MEETING, SPLIT
from baton.channels.calendar.reading import read_meeting
from baton.channels.calendar.splitting import split_calendar
from baton.channels.calendar.zones import zone_named
from tests.cast import MONDAY
from tests.channels.calendar.invitations import ics


def read(*lines: str, head: tuple[str, ...] = (), zone: str = "Europe/London"):
    text = ["BEGIN:VCALENDAR", "VERSION:2.0", *head, "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    return read_meeting("\r\n".join(text).encode(), zone=zone, at=MONDAY).meeting["parts"][0]


@pytest.mark.parametrize(
    ("name", "hour"),
    [
        ("Europe/Zagreb", 8),
        ("W. Europe Standard Time", 8),
        ("GMT Standard Time", 9),
        ("/mozilla.org/20070129_1/Europe/Zagreb", 8),
        ("(UTC-05:00) Eastern Time (US & Canada)", 14),
        ("Amsterdam, Belgrade, Berlin, Brussels, Budapest, Madrid, Paris, Prague, Stockholm", 8),
        ("UTC+11", 22),
        ("Customized Time Zone 1", 9),
        ("tzone", 9),
        ("\x01\x02", 9),
    ],
)
def test_a_time_zone_by_whatever_name(name, hour):
    told = read(f'DTSTART;TZID="{name}":20261119T090000', "DURATION:PT1H")

    assert datetime.fromisoformat(told["starts"]).hour == hour


def test_a_zone_that_the_calendar_defines_itself_means_what_it_defines():
    zone = ("BEGIN:VTIMEZONE", "TZID:Ours", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0300")
    head = (*zone, "TZOFFSETTO:+0300", "END:STANDARD", "END:VTIMEZONE")

    assert read("DTSTART;TZID=Ours:20261119T090000", head=head)["starts"] == "2026-11-19T06:00:00+00:00"


def test_times_without_a_zone_are_those_of_the_calendar_else_of_the_business():
    assert read("DTSTART:20261119T090000", zone="Europe/Zagreb")["starts"] == "2026-11-19T08:00:00+00:00"
    named = read("DTSTART:20261119T090000", head=("X-WR-TIMEZONE:America/New_York",))
    assert named["starts"] == "2026-11-19T14:00:00+00:00"


def test_whole_days_begin_at_midnight_where_the_business_is():
    told = read("DTSTART;VALUE=DATE:20261119", "DTEND;VALUE=DATE:20261121", zone="Europe/Zagreb")

    assert (told["starts"], told["ends"], told["all_day"]) == (
        "2026-11-18T23:00:00+00:00",
        "2026-11-20T23:00:00+00:00",
        True,
    )


def test_an_hour_stays_an_hour_of_the_clock_when_summer_ends():
    told = read("DTSTART;TZID=Europe/London:20261019T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=2")

    assert [start for start, _end in told["times"]] == ["2026-10-19T08:00:00+00:00", "2026-10-26T09:00:00+00:00"]


def test_what_is_excepted_and_what_is_added():
    told = read(
        "DTSTART:20261119T090000Z",
        "RRULE:FREQ=DAILY;COUNT=3",
        "EXDATE:20261120T090000Z",
        "RDATE:20261125T100000Z",
    )

    assert [start[8:13] for start, _end in told["times"]] == ["19T09", "21T09", "25T10"]


def test_what_repeats_without_end_is_looked_at_for_a_year_and_no_further_than_it_goes():
    told = read("DTSTART:20200101T090000Z", "RRULE:FREQ=DAILY")

    assert len(told["times"]) == 120
    assert datetime.fromisoformat(told["times"][0][0]) > MONDAY - timedelta(days=62)


def test_people_with_names_and_answers_once_each():
    told = read(
        "DTSTART:20261119T090000Z",
        "ATTENDEE;CN=Dana Whitlock;PARTSTAT=ACCEPTED:MAILTO:Dana@Marlowe.example",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:dana@marlowe.example",
        "ATTENDEE;CN=Room 4:urn:uuid:4",
        "ATTENDEE;CN=ben@lime.example:invalid:nomail",
    )

    assert [(one["name"], one["address"], one["answer"]) for one in told["people"]] == [
        ("Dana Whitlock", "dana@marlowe.example", "yes"),
        ("", "ben@lime.example", ""),
    ]


def test_an_end_before_the_start_is_none():
    assert read("DTSTART:20261119T090000Z", "DTEND:20261119T080000Z")["ends"] == "2026-11-19T09:00:00+00:00"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("SUMMARY:?",), "no time"),
        (("DTSTART:20261332T090000Z",), "no time"),
        (("DTSTART:00010101T000000Z",), "year|time"),
    ],
)
def test_a_meeting_at_no_time_is_none(lines, why):
    with pytest.raises(Unreadable, match=why):
        read(*lines)


# What means harm


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1", "FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=NEVER"],
)
def test_a_rule_without_bounds_is_bounded(rule):
    began = time.monotonic()
    raw = ics(more=(f"RRULE:{rule}",), starts=datetime(1970, 1, 1, tzinfo=UTC)).encode()

    told = parse_untrusted(READ_MEETING, raw, seconds=3.0, zone="UTC", at=MONDAY).meeting["parts"][0]

    assert len(told.get("times", ())) <= 120
    assert time.monotonic() - began < 10  # the child may have to start first


def test_a_rule_that_takes_too_long_is_given_up():
    every = "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60)))
    raw = ics(
        more=(f"RRULE:{every};BYSECOND=" + ",".join(map(str, range(60))),), starts=datetime(1970, 1, 1, tzinfo=UTC)
    )

    with pytest.raises(Unreadable, match=r"longer than|more memory|reading process"):
        parse_untrusted(READ_MEETING, raw.encode(), seconds=1.0, zone="UTC", at=MONDAY)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"BEGIN:VALARM\r\n" * 50_000, "nested"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:" + b"x" * 10_000_000, "million"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 25_000, "20,000"),
        (b"BEGIN:VCALENDAR\r\n" + b" " * 20_000_001, "20 MB"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no meeting"),
        (b"\x00\xff" * 1000, "no calendar"),
    ],
)
def test_what_no_program_writes_is_refused_at_once(raw, why):
    began = time.monotonic()

    with pytest.raises(Unreadable, match=why):
        split_calendar(raw)

    assert time.monotonic() - began < 5


def test_a_meeting_of_many_megabytes_is_parked_and_not_built_up():
    raw = ics(more=tuple(f"ATTENDEE:mailto:{n}@x.example" for n in range(90_000))).encode()
    [one] = parse_untrusted(SPLIT, raw, seconds=10.0)

    with pytest.raises(Unreadable, match="2 MB"):
        read_meeting(one, at=MONDAY)


def test_nothing_but_its_own_zones_goes_along_with_a_meeting():
    zone = "BEGIN:VTIMEZONE\r\nTZID:{}\r\nEND:VTIMEZONE\r\n"
    text = ics().replace("BEGIN:VEVENT", zone.format("Ours") + zone.format("Theirs") + "BEGIN:VEVENT", 1)
    [one] = split_calendar(text.replace("DTSTART:", "DTSTART;TZID=Ours:").encode())

    assert (b"TZID:Ours" in one, b"TZID:Theirs" in one) == (True, False)


def test_zones_are_found_once():
    assert zone_named("Europe/Zagreb") is zone_named("Europe/Zagreb")
