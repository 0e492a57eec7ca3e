"""Working time: minutes of real time inside the opening hours of the business."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.members.hours import NeverOpen, WorkingHours, every_day, knows_holidays, public_holidays, weekdays

LONDON = weekdays("Europe/London", time(8), time(17, 30), "GB-ENG")
ZAGREB = weekdays("Europe/Zagreb", time(9), time(17), "HR")
NIGHTS = WorkingHours("Europe/London", (((0, 360), (1320, 1440)),) * 7)
SYDNEY = WorkingHours("Australia/Sydney", (((540, 720), (780, 1020)),) * 5 + (((600, 720),), ()))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))
all_hours = st.sampled_from([LONDON, ZAGREB, NIGHTS, SYDNEY, every_day("America/New_York")])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_what_is_left_on_friday_evening_is_done_on_monday_morning():
    friday_16_42 = utc(2026, 11, 13, 16, 42)

    assert LONDON.add(friday_16_42, 4 * 60) == utc(2026, 11, 16, 11, 12)


def test_time_that_ends_with_the_working_day_is_due_that_evening_and_not_the_next_morning():
    assert LONDON.add(utc(2026, 11, 16, 17, 0), 30) == utc(2026, 11, 16, 17, 30)


def test_what_comes_in_at_night_begins_to_count_when_the_business_opens():
    assert LONDON.add(utc(2026, 11, 16, 2, 0), 60) == utc(2026, 11, 16, 9, 0)


def test_public_holidays_are_closed_where_the_business_is():
    good_friday_morning = utc(2026, 4, 3, 9, 0)

    assert LONDON.next_open(good_friday_morning) == utc(2026, 4, 7, 7, 0)
    assert ZAGREB.next_open(good_friday_morning) == good_friday_morning


def test_a_part_of_a_country_has_holidays_of_its_own():
    assert date(2026, 11, 30) in public_holidays("GB-SCT", 2026)
    assert date(2026, 11, 30) not in public_holidays("GB-ENG", 2026)
    assert (knows_holidays("GB-SCT"), knows_holidays("GB-XX"), knows_holidays("ZZ")) == (True, False, False)


def test_a_country_without_known_holidays_is_refused():
    with pytest.raises(ValueError, match="“ZZ”"):
        public_holidays("ZZ", 2026)


def test_a_closed_day_is_skipped_and_an_extra_day_wins_over_everything():
    christmas, sunday = date(2026, 12, 25), date(2026, 12, 20)
    hours = WorkingHours(
        LONDON.zone,
        LONDON.week,
        "GB-ENG",
        closed=frozenset({date(2026, 12, 24)}),
        extra=((christmas, ((600, 660),)), (sunday, ((600, 720),))),
    )

    assert hours.add(utc(2026, 12, 23, 17, 0), 60) == utc(2026, 12, 25, 10, 30)
    assert hours.between(utc(2026, 12, 19), utc(2026, 12, 21)) == 120


def test_a_night_shift_is_an_hour_shorter_when_clocks_go_forward_and_longer_when_they_go_back():
    last_sunday_of_march, last_sunday_of_october = date(2026, 3, 29), date(2026, 10, 25)

    def worked_on(day: date) -> int:
        midnight = datetime.combine(day, time(), UTC)
        return sum(int((end - start).total_seconds()) // 60 for start, end in NIGHTS.spans_on(midnight.date()))

    assert worked_on(last_sunday_of_march) == 7 * 60
    assert worked_on(last_sunday_of_october) == 9 * 60
    assert worked_on(date(2026, 6, 7)) == 8 * 60


def test_an_opening_time_that_the_clock_skips_keeps_its_length_an_hour_later():
    skipped = WorkingHours("Europe/London", (((75, 105),),) * 7)

    assert skipped.between(utc(2026, 3, 28), utc(2026, 3, 30)) == 60
    assert skipped.between(utc(2026, 3, 29, 0, 0), utc(2026, 3, 29, 2, 0)) == 30


def test_the_same_working_day_ends_when_the_business_closes():
    assert LONDON.closing(utc(2026, 11, 16, 9, 0)) == utc(2026, 11, 16, 17, 30)
    assert LONDON.closing(utc(2026, 11, 14, 9, 0)) == utc(2026, 11, 16, 17, 30)


def test_three_quarters_of_the_time_allowed_are_counted_in_working_time():
    opened = utc(2026, 11, 13, 16, 30)
    due = LONDON.add(opened, 4 * 60)

    assert LONDON.share_used(opened, due, utc(2026, 11, 15, 12, 0)) == 0.25
    assert LONDON.share_used(opened, due, utc(2026, 11, 16, 10, 0)) == 0.75
    assert LONDON.share_used(opened, due, due + timedelta(hours=4)) == 2.0


def test_a_duty_without_any_time_is_late_at_once_when_its_moment_comes():
    at = utc(2026, 11, 14, 9, 0)

    assert LONDON.share_used(at, at, at) == 1.0
    assert LONDON.share_used(at, at, at - timedelta(seconds=1)) == 0.0


def test_a_working_day_is_the_middle_one_of_the_week():
    assert LONDON.minutes_a_day == 570
    assert SYDNEY.minutes_a_day == 420


def test_hours_that_are_never_open_are_refused():
    with pytest.raises(NeverOpen):
        WorkingHours("Europe/London", ((),) * 7)


def test_moments_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="aware"):
        LONDON.between(datetime(2026, 1, 1), datetime(2026, 1, 2))


@given(all_hours, moments, st.integers(0, 200_000))
def test_the_time_between_a_start_and_what_was_added_is_what_was_added(hours, start, minutes):
    assert hours.between(start, hours.add(start, minutes)) == minutes


@given(all_hours, moments, st.integers(1, 50_000), st.integers(1, 50_000))
def test_more_time_is_never_due_earlier(hours, start, fewer, more):
    assert hours.add(start, fewer) < hours.add(start, fewer + more)


@given(all_hours, moments, moments, moments)
def test_working_time_adds_up_over_any_moment_between(hours, one, two, three):
    first, middle, last = sorted((one, two, three))
    whole = hours.between(first, last)

    assert whole - (hours.between(first, middle) + hours.between(middle, last)) in (0, 1)
    assert hours.between(last, first) == -whole


@given(all_hours, moments)
def test_the_next_opening_is_open_and_no_working_time_lies_before_it(hours, at):
    opening = hours.next_open(at)

    assert hours.is_open(opening)
    assert hours.between(at, opening) == 0


def test_adding_is_quick_once_the_year_is_known():
    start = utc(2026, 11, 13, 16, 42)
    LONDON.add(start, 240)

    best = min(_seconds_for_a_thousand(start) for _ in range(5))

    assert best < 0.05


def _seconds_for_a_thousand(start: datetime) -> float:
    began = perf_counter()
    for minutes in range(1000):
        LONDON.add(start, minutes)
    return perf_counter() - began
