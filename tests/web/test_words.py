"""Times, sums and names in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from baton.kernel.money import Money
from baton.web import words
from baton.web.templatetags import baton as tags

MONDAY = datetime(2026, 11, 16, 8, 52, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _an_english_reader_in_london():
    with translation.override("en-gb"), timezone.override("Europe/London"):
        yield


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (8_460_000, "GBP", "£84,600"),
        (8_460_050, "GBP", "£84,600.50"),
        (-4_600, "GBP", "-£46"),
        (5_000_000, "JPY", "JP¥5,000,000"),
        (1_200_000, "USD", "US$12,000"),
    ],
)
def test_a_sum_is_written_with_its_currency_and_decimals_only_where_it_has_them(minor, currency, written):
    assert words.money(minor, currency) == written


def test_a_sum_is_written_as_its_reader_writes_it():
    with translation.override("de"):
        assert words.money(8_460_000, "EUR") == "84.600\xa0€"


def test_the_filter_takes_money_or_minor_units_and_writes_nothing_for_nothing():
    written = [tags.money(Money(4_600_000, "GBP")), tags.money(4_600_000, "GBP"), tags.money(None, "GBP")]

    assert written == ["£46,000", "£46,000", ""]


def test_a_day_stands_before_its_month_and_has_its_year_only_when_that_is_another_one():
    written = [
        words.day(date(2026, 11, 13)),
        words.day(date(2026, 11, 13), MONDAY),
        words.day(date(2027, 1, 15), MONDAY),
        words.long_day(MONDAY),
    ]

    assert written == ["Fri 13 Nov", "Fri 13 Nov", "15 Jan 2027", "Monday 16 November"]


def test_the_time_of_day_has_24_hours_in_the_readers_zone():
    summer = datetime(2026, 7, 1, 13, 5, tzinfo=UTC)

    assert words.clocktime(summer) == "14:05"


@pytest.mark.parametrize(
    ("ago", "written"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (-timedelta(minutes=5), "in 5 min"),
        (timedelta(hours=2), "today 06:52"),
        (timedelta(hours=16), "yesterday 16:52"),
        (timedelta(days=3), "Fri 08:52"),
        (timedelta(days=10), "Fri 6 Nov 08:52"),
        (timedelta(days=400), "12 Oct 2025"),
    ],
)
def test_a_moment_is_named_as_seen_from_now(ago, written):
    assert words.when(MONDAY - ago, MONDAY) == written


@pytest.mark.parametrize(
    ("due", "written"),
    [
        (datetime(2026, 11, 16, 11, 12, tzinfo=UTC), "by 11:12"),
        (datetime(2026, 11, 13, 17, 30, tzinfo=UTC), "since Fri 17:30"),
        (datetime(2026, 11, 16, 8, 0, tzinfo=UTC), "since 08:00"),
        (datetime(2026, 11, 19, 9, 30, tzinfo=UTC), "Thu 09:30"),
        (datetime(2026, 11, 25, 9, 30, tzinfo=UTC), "Wed 25 Nov"),
        (date(2026, 11, 18), "Wed 18 Nov"),
    ],
)
def test_what_is_owed_says_by_when_or_since_when(due, written):
    assert words.due(due, MONDAY) == written


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (0.4, ("same minute", "minute")),
        (22, ("22 min later", "hour")),
        (250, ("4 h later", "hour")),
        (25 * 60, ("a day later", "day")),
        (9 * 24 * 60, ("9 days later", "late")),
    ],
)
def test_the_lag_of_a_record_is_a_word_and_a_kind(minutes, written):
    assert words.lag(minutes) == written


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Nell Harrow", "NH"), ("Ana", "AN"), ("Željka Šimić-Kovač", "ŽK"), ("", ""), ("J. R. (Bob) Ewing", "JE")],
)
def test_a_person_has_two_letters(name, letters):
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("text", "written"), [("Ring Dana", "Ring Dana."), ("One or five?", "One or five?"), ("Done.", "Done.")]
)
def test_words_end_with_one_mark(text, written):
    assert words.ended(text) == tags.ended(text) == written
