"""How long something may take."""

from datetime import UTC, datetime, time

import pytest
from django.utils import translation

from baton.map.durations import AT_ITS_TIME, SAME_DAY, Within, parse_days, parse_within
from baton.members.hours import weekdays

HOURS = weekdays("Europe/London", time(8), time(17, 30))
FRIDAY = datetime(2026, 11, 13, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("2 working hours", Within(120)),
        ("1 hour", Within(60)),
        ("30 min", Within(30)),
        ("90 minutes", Within(90)),
        ("1 working day", Within(1, "working days")),
        ("2 working weeks", Within(10, "working days")),
        ("14 days", Within(14, "days")),
        ("2 weeks", Within(14, "days")),
        ("the same working day", SAME_DAY),
        ("at its time", AT_ITS_TIME),
        ("2 working hours after its time", Within(120, after_its_time=True)),
        ("same working day after its time", Within(0, "same day", after_its_time=True)),
    ],
)
def test_a_time_is_read_and_written_back_with_the_same_meaning(text, within):
    assert parse_within(text) == within
    assert parse_within(str(within)) == within


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("4 working hours", "4 working hours", "4 Arbeitsstunden"),
        ("1 working hour", "1 working hour", "1 Arbeitsstunde"),
        ("30 min", "30 working minutes", "30 Arbeitsminuten"),
        ("same working day", "the same working day", "am selben Arbeitstag"),
        ("14 days", "14 days", "14 Tage"),
    ],
)
def test_a_time_is_told_in_the_language_of_who_reads_it(text, english, german):
    within = parse_within(text)

    assert within.told == english
    with translation.override("de"):
        assert within.told == german
        assert parse_within(str(within)) == within


@pytest.mark.parametrize("text", ["soon", "0 days", "-1 days", "2", "hours", "99999 days"])
def test_what_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write for instance `2 working hours`"):
        parse_within(text)


def test_freshness_is_in_days():
    assert parse_days("90 days") == 90
    with pytest.raises(ValueError, match="`90 days`"):
        parse_days("3 working hours")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2 working hours", datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
        ("1 working day", datetime(2026, 11, 16, 16, 30, tzinfo=UTC)),
        ("same working day", datetime(2026, 11, 13, 17, 30, tzinfo=UTC)),
        ("1 day", datetime(2026, 11, 16, 8, 0, tzinfo=UTC)),
        ("at its time", MONDAY),
        ("1 working hour after its time", datetime(2026, 11, 16, 11, 0, tzinfo=UTC)),
        ("same working day after its time", datetime(2026, 11, 16, 17, 30, tzinfo=UTC)),
    ],
)
def test_a_duty_opened_on_friday_evening_about_monday_at_ten_falls_due(text, due):
    assert parse_within(text).due(FRIDAY, HOURS, its_time=MONDAY) == due


def test_without_a_time_of_its_own_the_clock_starts_with_the_event():
    assert AT_ITS_TIME.due(FRIDAY, HOURS) == FRIDAY


def test_a_working_day_is_as_long_as_the_business_is_open():
    assert parse_within("2 working days").working_minutes(HOURS) == 2 * 570
