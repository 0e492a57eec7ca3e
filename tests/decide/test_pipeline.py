"""The board: counts and sums over every deal the member may see, and a few cards of each column."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.decide.pipeline import board, more_cards
from baton.decide.views import View
from baton.kernel.ids import uuid7
from baton.kernel.money import Money
from baton.ledger.entries import Author, Entry, NewInteraction, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def gbp(minor):
    return {"minor": minor, "currency": "GBP"}


def column(member, stage, **more):
    [found] = [one for one in board(member, at=WEDNESDAY, **more).columns if one.stage.id == stage]
    return found


def many_deals(cast, count, stage="enquiry"):
    """Write rows straight into the table: what is measured here is reading."""
    rows = [
        Deal(
            recorded_at=MONDAY,
            touched_at=MONDAY,
            title=f"Deal {i}",
            title_folded=f"deal {i}",
            stage=stage,
            stage_since=MONDAY + timedelta(minutes=i),
            desk="sales",
            owner=cast.ana,
            amount=100,
            currency="GBP",
        )
        for i in range(count)
    ]
    Deal.objects.bulk_create(rows)


def test_columns_come_in_the_order_of_work_the_empty_ones_too(cast):
    found = board(cast.ana, at=MONDAY)

    assert [one.stage.id for one in found.columns] == ["enquiry", "visited", "quoted", "agreed", "mobilising"]
    assert (found.count, found.sums, found.weighted) == (0, [], [])


def test_sums_are_over_all_deals_not_over_the_cards(cast):
    many_deals(cast, 45)

    enquiries = column(cast.ana, "enquiry")

    assert (enquiries.count, enquiries.sums, len(enquiries.cards), enquiries.more_count) == (
        45,
        [Money(4500, "GBP")],
        20,
        25,
    )


def test_further_cards_follow_where_the_first_ended(cast):
    many_deals(cast, 45)
    first = [card.id for card in column(cast.ana, "enquiry").cards]

    rest = more_cards(cast.ana, "enquiry", at=WEDNESDAY, first=20, most=100)

    assert len(rest) == 25
    assert not {card.id for card in rest} & set(first)


def test_a_stage_that_is_only_said_weighs_nothing(cast):
    cast.deal(stage="quoted", amount=gbp(10_000))

    quoted = column(cast.ana, "quoted")

    assert (quoted.sums, quoted.weighted, quoted.said) == ([Money(10_000, "GBP")], [], 1)


def test_a_stage_that_is_shown_weighs_what_the_map_says(cast):
    deal = cast.deal(stage="quoted", amount=gbp(10_001))
    parts = {"documents": [{"kind": "quote", "number": "Q-1"}]}
    cast.mail(deal, "out", parts=parts)
    assert Deal.objects.unscoped("tests").get(pk=deal.pk).shown

    quoted = column(cast.ana, "quoted")

    assert (quoted.weighted, quoted.said, quoted.cards[0].proof) == ([Money(4000, "GBP")], 0, "document.out")


def test_currencies_stay_apart_the_main_one_first(cast):
    for currency, minor in (("EUR", 700), ("GBP", 500), ("CHF", 300), ("GBP", 20)):
        cast.deal(amount={"minor": minor, "currency": currency})

    found = board(cast.ana, at=MONDAY)

    assert found.sums == [Money(520, "GBP"), Money(300, "CHF"), Money(700, "EUR")]


def test_what_was_only_suggested_counts_in_no_sum(cast):
    deal = cast.deal(amount=gbp(500))
    record([Entry("deal", deal.pk, "amount", gbp(99_999), status="suggested")], by=Author(None, "email"), at=TUESDAY)

    assert column(cast.ana, "enquiry").sums == [Money(500, "GBP")]


def test_closed_deals_are_not_on_the_board_unless_asked_for(cast):
    cast.deal(status="lost", amount=gbp(500))

    assert board(cast.ana, at=MONDAY).count == 0
    assert board(cast.ana, View.from_pairs([("status.any", "lost")]), at=MONDAY).sums == [Money(500, "GBP")]


def test_a_card_says_who_whose_what_next_and_how_long_nothing_happened(cast):
    company = cast.company()
    deal = cast.deal(company=company, contact=cast.contact(company=company), amount=gbp(1200))
    cast.tell("deal", deal.pk, next_step={"what": "call Dana", "at": "2026-11-20T10:00:00Z"})

    [card] = column(cast.ana, "enquiry").cards

    assert (card.title, card.company, card.owner_initials, card.amount, card.next_step, card.shown, card.still) == (
        "Quayside Tower",
        "Marlowe",
        "AH",
        Money(1200, "GBP"),
        "call Dana",
        False,
        2,
    )


def test_a_card_carries_the_handoff_that_waits(cast):
    deal = cast.deal()
    key = uuid7()
    told = said(
        "handoff",
        key,
        deal=str(deal.pk),
        handoff="sales-operations",
        from_desk="sales",
        to_desk="operations",
        packet=[{"item": "scope", "has": "there"}],
        offered={"by": str(cast.ana.pk), "at": "2026-11-16T09:00:00Z"},
        state="offered",
    )
    record(told, by=Author(cast.ana), at=MONDAY)

    [card] = column(cast.ana, "enquiry").cards

    assert (card.handoff.pk, card.handoff.to_desk) == (key, "operations")
    assert card.handoff.packet == [{"item": "scope", "has": "there"}]


def test_another_team_s_deals_are_in_no_count_sum_or_card():
    cast = Cast("own")
    cast.deal("Canary", amount=gbp(777), owner=cast.bram, desk="operations")
    cast.deal("Mine", amount=gbp(5), owner=cast.mia, desk="intake")

    found = board(cast.mia, at=MONDAY)

    assert (found.count, found.sums) == (1, [Money(5, "GBP")])
    assert [card.title for one in found.columns for card in one.cards] == ["Mine"]
    assert board(cast.tomas, at=MONDAY).sums == [Money(782, "GBP")]


def test_the_board_takes_as_many_queries_at_2500_deals_as_at_25(cast, django_assert_num_queries):
    many_deals(cast, 25)
    board(cast.ana, at=MONDAY)
    with CaptureQueriesContext(
        connection,
    ) as few:
        board(cast.ana, at=MONDAY)
    many_deals(cast, 2475)

    with django_assert_num_queries(len(few)):
        found = board(cast.ana, at=MONDAY)

    assert (found.count, found.sums) == (2500, [Money(250_000, "GBP")])


def test_mail_on_a_deal_ends_its_stillness(cast):
    deal = cast.deal()
    one = NewInteraction(
        "email", "in", "email", TUESDAY, filed={"deal": str(deal.pk), "contact": None, "audience": "full"}
    )
    record(interactions=[one], by=Author(None, "email"), at=TUESDAY + HOUR)

    assert column(cast.ana, "enquiry").cards[0].still == 1
