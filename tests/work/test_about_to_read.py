"""An old value is asked for when somebody is about to read it, and not because the calendar says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from baton.map.publishing import publish
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.work import moves, watches
from baton.work.about_to_read import Place, read_next
from baton.work.checking import check
from baton.work.models import Duty, Watch
from baton.work.rehearsing import rehearse
from tests.cast import FIRM, MONDAY, Cast

DAY = timedelta(days=1)
STALE = """
  keep-fresh:
    opens: fact stale key_holder
    closes: fact confirmed key_holder
    owed_by: deal owner, else desk lead
    within: 1 working day
    so_that: the first crew gets in

decisions:"""
FRESH = FIRM.replace("\ndecisions:", STALE)
READ = FRESH.replace("next_step]}", "next_step, key_holder]}")


def drawn(text: str):
    found, problems = read_map(text)
    assert found, problems
    return by_id(found)


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "stage", "old_at", "asked"),
    [
        (FRESH, "enquiry", moment(18, 9), None),
        (FRESH, "agreed", moment(18, 9), moment(18, 9)),
        (READ, "enquiry", moment(18, 9), moment(20, 9)),
        (READ, "enquiry", moment(20, 12), moment(20, 12)),
        (READ, "enquiry", moment(23, 9), moment(23, 9)),
        (READ, "enquiry", moment(23, 11), moment(27, 9)),
        (READ, "agreed", moment(18, 9), moment(18, 9)),
    ],
)
def test_when_an_old_value_is_asked_for(text, stage, old_at, asked):
    """Monday's review is at 10:00; the working day before is a Friday, and a packet is offered from “agreed”."""
    known = drawn(text)

    assert read_next(known.fields["key_holder"], Place(stage, MONDAY), old_at, known) == asked


def test_a_packet_that_is_offered_later_asks_when_the_deal_comes_there():
    known = drawn(FRESH)

    assert read_next(known.fields["key_holder"], Place("agreed", moment(25, 9)), moment(18, 9), known) == moment(25, 9)


def test_holidays_are_no_day_before():
    known = drawn(READ.replace("hours: {zone: Europe/London,", 'hours: {zone: Europe/London, closed: ["2026-11-20"],'))

    assert known.hours.spans_on(date(2026, 11, 20)) == []
    assert read_next(known.fields["key_holder"], Place("enquiry"), moment(17, 9), known) == moment(19, 9)


# Live


def states() -> list[str]:
    rows = Duty.objects.unscoped("tests").filter(behavior="keep-fresh").order_by("opened_at")
    return list(rows.values_list("state", flat=True))


@pytest.mark.django_db
def test_nobody_is_asked_until_the_deal_comes_where_the_value_is_read():
    cast = Cast()
    publish(FRESH, by=None, at=MONDAY - DAY)
    deal = cast.deal(contact=cast.contact())
    cast.tell("deal", deal.pk, key_holder="Colin Hart", at=MONDAY)
    noticed = [watches.notice(MONDAY + days * DAY) for days in (91, 120)]

    moves.move(deal, "agreed", by=cast.ana, at=MONDAY + 121 * DAY)

    assert (noticed, watches.notice(MONDAY + 122 * DAY), states()) == ([0, 0], 1, ["open"])
    assert check().differences == []


def asked(text: str) -> list[date]:
    [tally] = rehearse(drawn(text), since=MONDAY, until=MONDAY + 9 * DAY, only=["keep-fresh"]).tallies
    return [case.opened_at.date() for case in tally.cases]


@pytest.mark.django_db
def test_a_rehearsal_asks_for_old_values_when_they_are_read():
    cast = Cast()
    deal = cast.deal(contact=cast.contact(), at=MONDAY - 200 * DAY)
    cast.tell("deal", deal.pk, key_holder="Colin Hart", at=MONDAY - 190 * DAY)
    moves.move(deal, "agreed", by=cast.ana, at=MONDAY + 3 * DAY)

    counts = [asked(text) for text in (FRESH, READ)]

    assert counts == [[date(2026, 11, 19)], [date(2026, 11, 16)]]


@pytest.mark.django_db
def test_other_readers_or_hours_move_the_moments():
    cast = Cast()
    publish(FRESH, by=None, at=MONDAY - DAY)
    deal = cast.deal(contact=cast.contact())
    cast.tell("deal", deal.pk, key_holder="Colin Hart", at=MONDAY)
    before = Watch.objects.unscoped("tests").get().due_at

    publish(READ, by=None, at=MONDAY + DAY)
    watches.notice(MONDAY + 2 * DAY)

    assert (before, Watch.objects.unscoped("tests").get().due_at is not None) == (None, True)
    assert check().differences == []
