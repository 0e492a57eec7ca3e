from datetime import UTC, datetime

import pytest

from baton.capture.grammar import read_text

from .reading import MONDAY, of_kind, read, values

ENGLISH = [
    ("start on 1 December", "2026-12-01"),
    ("start on 1st Dec 2026", "2026-12-01"),
    ("the 2nd of December", "2026-12-02"),
    ("December 4, 2026", "2026-12-04"),
    ("Dec. 4, 2026", "2026-12-04"),
    ("from 2026-12-01 on", "2026-12-01"),
    ("on 31/12/2026", "2026-12-31"),
    ("on 31/12/26", "2026-12-31"),
    ("on 1.12.2026", "2026-12-01"),
    ("Friday", "2026-11-20"),
    ("by Friday", "2026-11-20"),
    ("by Weds", "2026-11-18"),
    ("Monday", "2026-11-23"),
    ("next Tue", "2026-11-24"),
    ("this Thursday", "2026-11-19"),
    ("last Friday", "2026-11-13"),
    ("we met on Friday", "2026-11-13"),
    ("tomorrow morning", "2026-11-17"),
    ("yesterday", "2026-11-15"),
    ("the day after tomorrow", "2026-11-18"),
    ("the end of the month", "2026-11-30"),
    ("end of next week", "2026-11-27"),
    ("end of November", "2026-11-30"),
    ("end of the year", "2026-12-31"),
    ("by EOD", "2026-11-16"),
    ("in two weeks", "2026-11-30"),
    ("within 3 working days", "2026-11-19"),
    ("two weeks ago", "2026-11-02"),
    ("on the 19th", "2026-11-19"),
    ("on the 5th", "2026-12-05"),
    ("on 5 March", "2027-03-05"),
    ("your invoice of 5 November", "2026-11-05"),
    ("mid-December", "2026-12-15"),
    ("this afternoon", "2026-11-16"),
    ("last night", "2026-11-15"),
    ("a week from Tuesday", "2026-11-24"),
    ("stop by tomorrow", "2026-11-17"),
]
GERMAN = [
    ("am 1. Dezember", "2026-12-01"),
    ("am 1.12.", "2026-12-01"),
    ("am 01.12.2026", "2026-12-01"),
    ("bis Freitag", "2026-11-20"),
    ("bis spätestens Freitag", "2026-11-20"),
    ("nächsten Dienstag", "2026-11-24"),
    ("kommenden Mittwoch", "2026-11-25"),
    ("letzten Freitag", "2026-11-13"),
    ("morgen", "2026-11-17"),
    ("übermorgen", "2026-11-18"),
    ("in zwei Wochen", "2026-11-30"),
    ("in 14 Tagen", "2026-11-30"),
    ("innerhalb von 3 Werktagen", "2026-11-19"),
    ("vor zwei Wochen", "2026-11-02"),
    ("Ende des Monats", "2026-11-30"),
    ("Ende November", "2026-11-30"),
    ("Mitte Dezember", "2026-12-15"),
    ("bis zum 19.", "2026-11-19"),
    ("Ihre Rechnung vom 5. November", "2026-11-05"),
    ("Freitag, den 20. November", "2026-11-20"),
]
CROATIAN = [
    ("do petka", "2026-11-20"),
    ("u srijedu", "2026-11-18"),
    ("idući utorak", "2026-11-24"),
    ("prošli petak", "2026-11-13"),
    ("sutra", "2026-11-17"),
    ("prekosutra", "2026-11-18"),
    ("1. prosinca 2026.", "2026-12-01"),
    ("15. XII. 2026.", "2026-12-15"),
    ("1.12.2026.", "2026-12-01"),
    ("do 1.12.", "2026-12-01"),
    ("do kraja mjeseca", "2026-11-30"),
    ("krajem studenog", "2026-11-30"),
    ("za dva tjedna", "2026-11-30"),
    ("za tjedan dana", "2026-11-23"),
    ("u roku od 8 dana", "2026-11-24"),
    ("petak, 20. studenoga", "2026-11-20"),
    ("do cetvrtka", "2026-11-19"),
]
TIMES = [
    ("en", "next Tue 10:00", "2026-11-24T10:00:00+00:00"),
    ("en", "tomorrow at 3pm", "2026-11-17T15:00:00+00:00"),
    ("en", "3pm tomorrow", "2026-11-17T15:00:00+00:00"),
    ("en", "at 10 on Tuesday", "2026-11-17T10:00:00+00:00"),
    ("en", "by 5pm on Thursday", "2026-11-19T17:00:00+00:00"),
    ("en", "Friday 13 November 16:42", "2026-11-13T16:42:00+00:00"),
    ("en", "on Friday from 3:30 - 4:30pm", "2026-11-20T15:30:00+00:00"),
    ("en", "yesterday at 3", "2026-11-15T15:00:00+00:00"),
    ("en", "before noon tomorrow", "2026-11-17T12:00:00+00:00"),
    ("de", "morgen um 10 Uhr", "2026-11-17T10:00:00+01:00"),
    ("de", "Di 10 Uhr", "2026-11-17T10:00:00+01:00"),
    ("de", "Fr, 20.11. 10 Uhr", "2026-11-20T10:00:00+01:00"),
    ("de", "heute Nachmittag um 15:30", "2026-11-16T15:30:00+01:00"),
    ("hr", "sutra u 10", "2026-11-17T10:00:00+01:00"),
    ("hr", "u utorak u 10 sati", "2026-11-17T10:00:00+01:00"),
    ("hr", "u četvrtak u 14:30", "2026-11-19T14:30:00+01:00"),
]
WEEKS = [
    ("en", "next week", "2026-11-23", "2026-11-27"),
    ("en", "week 48", "2026-11-23", "2026-11-27"),
    ("de", "KW 48", "2026-11-23", "2026-11-27"),
    ("de", "nächste Woche", "2026-11-23", "2026-11-27"),
    ("hr", "sljedeći tjedan", "2026-11-23", "2026-11-27"),
    ("en", "in December", "2026-12-01", "2026-12-31"),
    ("de", "im März", "2027-03-01", "2027-03-31"),
]
NO_DATES = [
    ("en", "we sat in the sun and may do it"),
    ("en", "open 24/7, at 1/2 price"),
    ("en", "call +44 20 7946 0812"),
    ("en", "quote 2026-114 and Q-0412"),
    ("en", "version 3.5 costs 12.50"),
    ("en", "the 5th floor"),
    ("de", "guten Morgen"),
    ("de", "So machen wir das"),
    ("de", "an die 3.500 Mitarbeiter"),
    ("hr", "pet ljudi i sedam stolova"),
]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        *(("en", text, day) for text, day in ENGLISH),
        *(("de", text, day) for text, day in GERMAN),
        *(("hr", text, day) for text, day in CROATIAN),
    ],
)
def test_a_day_is_read_as_it_was_meant_on_the_day_of_writing(language, text, day):
    assert values("date", text, language) == [{"date": day}]


@pytest.mark.parametrize(("language", "text", "moment"), TIMES)
def test_a_time_beside_a_day_is_read_in_the_zone_of_the_writer(language, text, moment):
    assert values("date", text, language) == [{"at": moment}]


@pytest.mark.parametrize(("language", "text", "first", "last"), WEEKS)
def test_a_week_or_month_has_a_first_and_a_last_day(language, text, first, last):
    assert values("date", text, language) == [{"date": first, "until": last}]


@pytest.mark.parametrize(("language", "text"), NO_DATES)
def test_words_and_numbers_that_only_look_like_days_are_left_alone(language, text):
    assert values("date", text, language) == []


def test_strokes_are_day_first_except_in_the_united_states():
    london, chicago = (
        read_text("on 12/1/2026", written_at=MONDAY, zone=zone, language="en", from_us=True)[0]
        for zone in ("Europe/London", "America/Chicago")
    )

    assert (london.value, chicago.value) == ({"date": "2026-01-12"}, {"date": "2026-12-01"})


def test_a_caller_may_say_which_comes_first():
    [reading] = read_text(
        "on 12/1/2026", written_at=MONDAY, zone="Europe/London", language="en", from_us=True, day_first=False
    )

    assert reading.value == {"date": "2026-12-01"}


def test_what_can_be_read_in_two_ways_is_less_sure():
    [unclear] = of_kind("date", "on 12/1/2026")
    [clear] = of_kind("date", "on 31/12/2026")

    assert unclear.confidence < 0.7 < clear.confidence


def test_the_day_of_the_week_tells_the_year():
    assert values("date", "Sunday 15 November")[0] == {"date": "2026-11-15"}


def test_a_day_of_the_week_that_disagrees_costs_confidence():
    [reading] = of_kind("date", "Monday 20 November 2026")

    assert (reading.value, reading.confidence) == ({"date": "2026-11-20"}, 0.6)


def test_the_same_day_of_the_week_means_the_next_one():
    friday = datetime(2026, 11, 20, 9, tzinfo=UTC)

    assert [r.value for r in read("by Friday", at=friday) if r.kind == "date"] == [{"date": "2026-11-27"}]


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("Visit Thu 14:00", "en", "2026-11-19"),
        ("at 2pm on Thursday", "en", "2026-11-19"),
        ("Donnerstag um 14 Uhr", "de", "2026-11-19"),
        ("Visit Thu 8:30", "en", "2026-11-26"),
        ("Visit next Thu 14:00", "en", "2026-11-26"),
        ("Visit 26 Nov 14:00", "en", "2026-11-26"),
        ("Visit Fri 14:00", "en", "2026-11-20"),
    ],
)
def test_today_s_name_with_a_time_that_is_still_ahead_is_today(text, language, day):
    thursday = datetime(2026, 11, 19, 9, tzinfo=UTC)

    assert [r.value["at"][:10] for r in read(text, language, at=thursday) if r.kind == "date"] == [day]


def test_a_customer_who_names_today_s_day_isn_t_taken_to_mean_today():
    thursday = datetime(2026, 11, 19, 9, tzinfo=UTC)

    [found] = [r.value for r in read("Can we meet Thursday 14:00?", at=thursday, from_us=False) if r.kind == "date"]
    assert found["at"][:10] == "2026-11-26"


def test_the_day_of_writing_is_that_of_the_zone():
    late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)

    assert [r.value for r in read("morgen", "de", at=late)] == [{"date": "2026-11-18"}]


def test_summer_time_is_applied_on_the_day_that_is_meant():
    assert values("date", "1 June 2027 at 10:00") == [{"at": "2027-06-01T10:00:00+01:00"}]


def test_a_date_that_does_not_exist_is_none():
    assert values("date", "on 31 February 2027 and on 2026-13-01") == []


@pytest.mark.parametrize(("language", "text"), [("en", "on the weekend"), ("de", "am Wochenende"), ("hr", "za vikend")])
def test_a_weekend_is_its_saturday_and_sunday(language, text):
    assert values("date", text, language) == [{"date": "2026-11-21", "until": "2026-11-22"}]
