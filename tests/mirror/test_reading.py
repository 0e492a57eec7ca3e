"""What the mirror says of a small firm: cases instead of shares, nobody named, and only what one may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from baton.mirror.keeping import count_anew
from baton.mirror.models import Day
from baton.mirror.reading import Mirror, mirror
from baton.work import handoffs
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db


def sentences(found: Mirror) -> list[str]:
    return [one.sentence for one in found.all]


def test_a_firm_in_which_little_happened_is_told_that_there_is_too_little_to_say():
    cast = Cast()
    deal = cast.deal()
    cast.mail(deal, at=MONDAY + HOUR)

    found = mirror(cast.tomas, at=TUESDAY)

    assert found.answer("clear") == "Too little to say"
    assert not [one for one in found.all if "%" in one.sentence]


def test_a_handoff_that_came_back_counts_once_and_says_what_was_missing():
    cast = Cast()
    deal = cast.deal(stage="agreed")
    first = handoffs.offer(deal, by=cast.ana, at=MONDAY)
    handoffs.send_back(first, missing=["scope"], because="Which floors?", by=cast.ben, at=MONDAY + HOUR)
    again = handoffs.offer(deal, by=cast.ana, at=TUESDAY)
    handoffs.accept(again, by=cast.ben, at=TUESDAY + HOUR)

    found = mirror(cast.tomas, at=WEDNESDAY)

    assert "Sales → Operations: 0 of 1 accepted first time" in sentences(found)
    assert "Scope was missing at Sales → Operations 1 time" in sentences(found)


def test_evidence_that_comes_within_a_week_of_the_move_counts():
    cast = Cast()
    deal = cast.deal(stage="enquiry", at=MONDAY)
    cast.mail(deal, at=TUESDAY)

    found = mirror(cast.tomas, at=WEDNESDAY)

    assert "1 of 1 moves of deals had evidence" in sentences(found)


def test_who_sees_their_own_deals_alone_has_counted_those_alone():
    cast = Cast(visibility="own")
    cast.tell("deal", cast.deal("Quayside", at=MONDAY).pk, at=TUESDAY, amount={"minor": 100, "currency": "GBP"})
    cast.deal("Bram's own", owner=cast.bram, at=MONDAY)

    of_bram, of_all = mirror(cast.bram, at=WEDNESDAY), mirror(cast.tomas, at=WEDNESDAY)

    assert "0 of 1 moves of deals had evidence" in sentences(of_bram)
    assert "0 of 2 moves of deals had evidence" in sentences(of_all)
    assert not of_bram.glass.days.whole


def test_what_only_its_holder_reads_is_counted_for_nobody():
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    mail = cast.mail(deal, at=MONDAY)
    record([Entry("interaction", mail.pk, "audience", "private")], by=Author(cast.tomas), at=MONDAY + HOUR)

    found = mirror(cast.tomas, at=TUESDAY)

    assert found.glass.now.total("lag") == 0


def test_days_that_are_over_are_kept_and_counted_anew_to_the_same():
    cast = Cast()
    deal = cast.deal(stage="agreed", at=MONDAY)
    cast.mail(deal, at=TUESDAY)
    before = mirror(cast.tomas, at=WEDNESDAY).glass.now

    count_anew(WEDNESDAY)

    assert Day.objects.filter(on=TUESDAY.date()).exists()
    assert Day.objects.get(on=WEDNESDAY.date()).counted_at < WEDNESDAY
    assert mirror(cast.tomas, at=WEDNESDAY).glass.now == before


def test_the_number_of_questions_stays_the_same_however_much_there_is():
    cast = Cast()
    cast.mail(cast.deal(), at=MONDAY)
    with CaptureQueriesContext(connection) as few:
        mirror(cast.tomas, at=WEDNESDAY)
    for number in range(6):
        cast.mail(cast.deal(f"Deal {number}", stage="quoted"), at=MONDAY + HOUR)
    with CaptureQueriesContext(connection) as many:
        mirror(cast.tomas, at=WEDNESDAY)

    assert len(many) == len(few)
