"""What the mirror keeps: today as far as it goes, weeks as sums, changed days anew; and all of it is checked."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from baton.ledger.checking import Report
from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from baton.members.models import DeskSeat
from baton.mirror.checking import check_days
from baton.mirror.days import days_seen_by
from baton.mirror.early import early, news
from baton.mirror.keeping import keep_days
from baton.mirror.models import Day, Week
from baton.mirror.reading import mirror
from baton.mirror.signs import Sign, Warnings
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=20)


def kept(at) -> None:
    while keep_days(at):
        pass


def differences() -> list[tuple[str, str, str]]:
    report = Report()
    check_days(report)
    return [(one.kind, one.record_id, one.what) for one in report.differences]


def test_what_came_since_today_was_counted_is_added_to_it():
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    cast.mail(deal, at=TUESDAY)
    kept(TUESDAY + 2 * HOUR)
    cast.mail(deal, "out", at=TUESDAY + 3 * HOUR)

    found = mirror(cast.tomas, at=TUESDAY + 4 * HOUR)

    assert Day.objects.get(on=TUESDAY.date()).counted_at == TUESDAY + 2 * HOUR - MINUTE
    assert found.glass.now.total("lag") == 2


def test_a_day_that_went_on_after_it_was_counted_is_counted_on_the_spot_until_it_is_kept():
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    kept(TUESDAY)
    cast.mail(deal, at=TUESDAY + HOUR)

    assert mirror(cast.tomas, at=WEDNESDAY).glass.now.total("lag") == 1
    kept(WEDNESDAY)
    assert mirror(cast.tomas, at=WEDNESDAY).glass.now.total("lag") == 1


def test_weeks_are_the_sums_of_their_days_and_windows_that_cut_them_are_as_exact():
    cast = Cast()
    for back in range(0, 60, 3):
        cast.mail(cast.deal(f"Deal {back}", at=MONDAY - timedelta(days=back)), at=MONDAY - timedelta(days=back))
    before = {window: mirror(cast.tomas, at=WEDNESDAY, window=window).glass.now for window in (30, 90)}

    kept(WEDNESDAY)

    assert Week.objects.filter(monday=date(2026, 11, 9)).exists()
    assert {window: mirror(cast.tomas, at=WEDNESDAY, window=window).glass.now for window in (30, 90)} == before


def test_a_day_that_settled_is_counted_anew_when_something_of_it_changes():
    cast = Cast()
    mail = cast.mail(cast.deal(contact=cast.contact()), at=MONDAY)
    kept(LATER)
    record([Entry("interaction", mail.pk, "audience", "private")], by=Author(cast.tomas), at=LATER + HOUR)
    assert Day.objects.get(on=MONDAY.date()).changed_at == LATER + HOUR

    kept(LATER + 2 * HOUR)

    day = Day.objects.get(on=MONDAY.date())
    assert (day.changed_at, [row for row in day.tally if row[0] == "lag"]) == (None, [])
    assert differences() == []


def test_baton_check_finds_a_tally_that_the_ledger_doesn_t_give():
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    cast.mail(deal, at=MONDAY)
    kept(LATER)
    assert differences() == []
    day = Day.objects.get(on=MONDAY.date())
    Day.objects.filter(pk=day.pk).update(tally=[row for row in day.tally if row[0] != "lag"])
    Week.objects.filter(monday=MONDAY.date()).update(tally=[])

    assert differences() == [("day", "2026-11-16", "lag"), ("week", "2026-11-16", "tally")]


def test_who_left_or_moved_to_another_desk_changes_nothing_of_what_was_counted():
    cast = Cast()
    cast.tell("deal", cast.deal(at=MONDAY).pk, by=cast.ana, at=MONDAY + HOUR, source="Referral")
    kept(LATER)

    cast.ana.is_active = False
    cast.ana.save()
    DeskSeat.objects.filter(member=cast.ana).delete()

    assert differences() == []


def test_the_check_of_the_command_line_looks_at_days_too(capsys):
    cast = Cast()
    cast.mail(cast.deal(), at=MONDAY)
    kept(LATER)
    Day.objects.filter(on=MONDAY.date()).update(tally=[["lag", "email", "email", "3", 7]])

    with pytest.raises(SystemExit):
        call_command("check")

    assert "day 2026-11-16, lag" in capsys.readouterr().out


SIGN = Sign("late", "sales", date(2026, 11, 9), 9, 20, 180, 200, 0.001)


def test_a_sign_is_news_in_the_first_week_that_has_it_and_not_when_it_comes_back():
    cast = Cast()
    kept(WEDNESDAY)
    assert news(cast.tomas, WEDNESDAY) == []
    Week.objects.filter(monday=date(2026, 11, 9)).update(warned=Warnings([SIGN], [("later", "sales")]).as_data())

    assert [one.key for one in news(cast.tomas, WEDNESDAY)] == ["sign/late/sales"]
    assert [one.sentence for one in early(cast.tomas, WEDNESDAY).warned] == [
        "Sales lets duties go late: 9 of 20 kept, 90 % of 200 before"
    ]
    Week.objects.filter(monday=date(2026, 11, 2)).update(warned=Warnings([SIGN], []).as_data())
    assert news(cast.tomas, WEDNESDAY) == []


def test_a_page_asks_for_sums_of_weeks_and_not_for_every_day():
    cast = Cast()
    kept(WEDNESDAY)

    days = days_seen_by(cast.tomas, WEDNESDAY, 180)

    assert (len(days.by_week), len(days.tallies) < 14) == (25, True)
