"""The forecast from the ledger: as of any second, by person, in one currency, over what the member sees."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.decide import forecast
from baton.decide.forecast.rates import Dated, read_file, set_rates
from baton.kernel.verdict import Refusal
from tests.cast import HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast
from tests.decide.forecast.scene import NOVEMBER, Q4, deal, decide_by_it, eur, gbp, win

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def test_won_and_open_stand_in_the_period_in_which_they_count():
    cast = Cast()
    deal(cast, "Pier 9", 1000)
    deal(cast, "Alder House", 2000, "2027-02-01", category="Commit")
    win(cast, deal(cast, "Quayside Tower", 5000, "2027-03-01"))

    found = forecast.at(cast.ana, WEDNESDAY, by="quarter", count=2)

    assert [one.key for one in found.periods] == ["2026-Q4", "2027-Q1"]
    assert (found.of(0).won, found.of(0).open, found.of(0).sums["pipeline"]) == (500_000, 100_000, 100_000)
    assert (found.of(1).won, found.of(1).sums["commit"], found.of(1).called) == (0, 200_000, 200_000)


def test_a_deal_whose_work_is_done_counts_when_it_was_won():
    cast = Cast()
    one = deal(cast, "Quayside Tower", 5000, at=MONDAY - timedelta(days=80))
    win(cast, one, at=MONDAY - timedelta(days=60))
    cast.tell("deal", one.pk, at=MONDAY, status="done")

    assert forecast.at(cast.ana, TUESDAY, count=1).of(0).won == 0
    assert forecast.at(cast.ana, TUESDAY, count=1, first=date(2026, 9, 1)).of(0).won == 500_000


def test_what_is_won_stays_theirs_who_won_it_whoever_goes_on_with_it():
    cast = Cast()
    one = deal(cast, "Quayside Tower", 5000)
    win(cast, one)
    cast.tell("deal", one.pk, at=WEDNESDAY, owner=str(cast.ben.pk), desk="operations")

    by_person, by_desk = (forecast.at(cast.ana, group=group, first=Q4.start) for group in ("owner", "desk"))

    assert (by_person.groups(), by_desk.groups()) == ([cast.ana.pk], ["sales"])
    assert forecast.at(cast.ana, narrow={"owner": cast.ben.pk}, first=Q4.start).of(0).won == 0
    assert [row.owner for row in forecast.rows(cast.ana, None, Q4, narrow={"owner": cast.ana.pk})] == ["Ana Horvat"]


def test_it_is_read_as_it_was_recorded_to_the_second():
    cast = Cast()
    one = deal(cast, "Pier 9", 1000)
    cast.tell("deal", one.pk, at=MONDAY + HOUR, amount=gbp(4000))

    sums = [
        forecast.at(cast.ana, at).of(0).open for at in (MONDAY - SECOND, MONDAY, MONDAY + HOUR - SECOND, MONDAY + HOUR)
    ]

    assert sums == [0, 100_000, 100_000, 400_000]
    assert forecast.at(cast.ana).of(0).open == 400_000


@pytest.mark.parametrize("group", forecast.GROUPS)
def test_the_groups_add_up_to_the_whole(group):
    cast = Cast()
    deal(cast, "Pier 9", 1000, service="Cleaning", source="Fair")
    deal(cast, "Alder House", 300, owner=cast.bram, desk="intake", source="Fair")
    win(cast, deal(cast, "Quayside Tower", 50, owner=cast.bram))

    found = forecast.at(cast.ana, WEDNESDAY, group=group)

    assert sum(found.of(0, who).won + found.of(0, who).open for who in found.groups()) == 135_000
    assert len(found.groups()) == 2


def test_what_is_only_said_weighs_nothing_until_something_shows_it():
    cast = Cast()
    one = deal(cast, "Pier 9", 1001)
    said = forecast.at(cast.ana, TUESDAY).of(0).weighted
    row = type(one).objects.unscoped("tests").get(pk=one.pk)

    cast.mail(row, "out", at=WEDNESDAY, files=(("Quote Q-1.pdf", "application/pdf", 9, "0" * 64, False, ""),),
              parts={"documents": [{"kind": "quote", "number": "Q-1"}]})  # fmt: skip

    assert said == 0
    assert forecast.at(cast.ana, WEDNESDAY + HOUR).of(0).weighted == 40_040


def test_the_database_weighs_as_the_rows_do():
    cast = Cast()
    for number in range(12):
        one = deal(cast, f"Deal {number}", stage="agreed" if number % 3 else "quoted", status="open")
        cast.tell("deal", one.pk, at=TUESDAY, amount={"minor": 12_345 * number + number % 2, "currency": "GBP"})

    found, rows = forecast.at(cast.ana, WEDNESDAY).of(0), forecast.rows(cast.ana, WEDNESDAY, Q4)

    assert (found.weighted, found.open) == (sum(row.counts for row in rows), sum(row.worth for row in rows))


def test_currencies_are_converted_deal_by_deal_at_dated_rates_and_what_has_none_is_counted():
    cast = Cast()
    deal(cast, "Pier 9", amount={"minor": 150, "currency": "EUR"})
    deal(cast, "Alder House", amount={"minor": 150, "currency": "EUR"})
    deal(cast, "Nordhafen", amount={"minor": 700, "currency": "NOK"})
    rates = [Dated(date(2026, 1, 1), "EUR", Decimal("0.85")), Dated(date(2026, 11, 17), "EUR", Decimal("0.8637"))]
    set_rates(rates, by=cast.tomas, at=MONDAY)

    early, late = forecast.at(cast.ana, MONDAY).of(0), forecast.at(cast.ana, TUESDAY).of(0)

    assert (early.open, late.open) == (2 * 128, 2 * 130)
    assert (late.unrated, late.count) == ({"NOK": 1}, 2)
    [left_out] = [row for row in forecast.rows(cast.ana, TUESDAY, Q4) if row.worth is None]
    assert (left_out.title, left_out.why_not) == ("Nordhafen", "unrated")


def test_a_won_deal_keeps_the_rate_of_its_day_and_a_later_entry_is_unknown_before():
    cast = Cast()
    win(cast, deal(cast, "Pier 9", amount=eur(100)), at=MONDAY)
    set_rates([Dated(date(2026, 1, 1), "EUR", Decimal("0.80"))], by=cast.tomas, at=TUESDAY)
    set_rates([Dated(date(2026, 11, 18), "EUR", Decimal("0.90"))], by=cast.tomas, at=TUESDAY)

    assert forecast.at(cast.ana, TUESDAY - SECOND).of(0).unrated == {"EUR": 1}
    assert forecast.at(cast.ana, WEDNESDAY + HOUR).of(0).won == 8_000


def test_only_the_owner_enters_rates_and_nonsense_is_refused():
    cast = Cast()
    one = Dated(date(2026, 1, 1), "EUR", Decimal("0.85"))

    for who in (cast.ana, cast.rita):
        with pytest.raises(Refusal):
            set_rates([one], by=who, at=MONDAY)
    for wrong in (Dated(date(2026, 1, 1), "GBP", Decimal(1)), Dated(date(2026, 1, 1), "EURO", Decimal(1))):
        with pytest.raises(Refusal):
            set_rates([wrong], by=cast.tomas, at=MONDAY)
    assert (set_rates([one], by=cast.tomas, at=MONDAY), set_rates([one], by=cast.tomas, at=TUESDAY)) == (1, 0)


def test_rates_are_read_from_a_list_and_from_the_banks_table():
    Cast()

    listed = read_file(b"Date;Currency;Rate\n2026-10-01;eur;0,86\n")
    plain = read_file(b"2026-10-01,EUR,0.86\n")
    bank = read_file(b"Date,USD,GBP,ISK,\n2026-10-01,1.17,0.86,N/A,\n")

    assert listed == plain == [Dated(date(2026, 10, 1), "EUR", Decimal("0.86"))]
    assert [(one.currency, one.rate) for one in bank] == [
        ("EUR", Decimal("0.86")), ("USD", Decimal("0.7350427350")),
    ]  # fmt: skip
    for wrong in (b"", b"a,b\n1,2", b"2026-10-01,EUR,many\n", b"\xff\xfe"):
        with pytest.raises(Refusal):
            read_file(wrong)


def test_sums_and_rows_are_over_what_the_member_sees():
    cast = Cast("own")
    deal(cast, "Canary", 77_777, owner=cast.mia, desk="intake")
    deal(cast, "Pier 9", 1000, owner=cast.bram)

    for at in (None, WEDNESDAY):
        mine = forecast.at(cast.bram, at, count=1, first=Q4.start)
        assert (mine.of(0).open, mine.of(0).count) == (100_000, 1)
        assert [row.title for row in forecast.rows(cast.bram, at, Q4)] == ["Pier 9"]
        assert forecast.at(cast.tomas, at, count=1, first=Q4.start).of(0).open == 7_877_700
    fall = forecast.waterfall(cast.bram, MONDAY - HOUR, WEDNESDAY, period=Q4, measure="open")
    assert (fall.end, [len(found) for found in fall.moved.values()]) == (100_000, [1])


def test_the_waterfall_adds_up_and_each_bar_opens_its_deals_and_their_facts():
    cast = Cast()
    grown, slipped, won, lost = (deal(cast, title, 1000) for title in ("Grown", "Slipped", "Won", "Lost"))
    pulled = deal(cast, "Pulled", 500, "2027-02-01")
    cast.tell("deal", grown.pk, at=TUESDAY, amount=gbp(1500), by=cast.ana)
    cast.tell("deal", slipped.pk, at=TUESDAY, close_date="2027-01-10")
    cast.tell("deal", pulled.pk, at=TUESDAY, close_date="2026-12-20")
    win(cast, won, at=TUESDAY)
    cast.tell("deal", lost.pk, at=TUESDAY, status="lost")
    deal(cast, "New", 70, at=TUESDAY)

    fall = forecast.waterfall(cast.ana, MONDAY + HOUR, WEDNESDAY, period=Q4, measure="open")

    assert [(bar, minor) for bar, minor, _deals in fall.bars] == [
        ("new", 7_000), ("pulled_in", 50_000), ("grown", 50_000), ("won", -100_000), ("slipped", -100_000),
        ("lost", -100_000),
    ]  # fmt: skip
    assert (fall.start, fall.end) == (400_000, 207_000)
    assert fall.start + sum(minor for _bar, minor, _deals in fall.bars) == fall.end
    [moved] = fall.moved["grown"]
    [fact] = forecast.facts_between(cast.ana, moved.deal, MONDAY + HOUR, WEDNESDAY)
    assert (fact.field, fact.value["minor"], fact.said_by) == ("amount", 150_000, cast.ana)


def test_a_lost_deal_that_is_taken_up_again_is_reopened():
    cast = Cast()
    one = deal(cast, "Pier 9", 1000)
    cast.tell("deal", one.pk, at=TUESDAY, status="lost")
    cast.tell("deal", one.pk, at=WEDNESDAY, status="open")

    fall = forecast.waterfall(cast.ana, TUESDAY + HOUR, None, period=Q4, measure="open")

    assert fall.bars == [("reopened", 100_000, 1)]


def test_the_number_of_queries_does_not_grow_with_the_deals():
    cast = Cast()
    counts = []
    for _round in range(2):
        for number in range(3):
            win(cast, deal(cast, f"Won {number}", at=MONDAY))
            deal(cast, f"Open {number}", amount=eur(number), owner=(cast.ana, cast.bram, cast.ben)[number])
        with CaptureQueriesContext(connection) as asked:
            forecast.at(cast.ana, WEDNESDAY, group="owner")
            forecast.waterfall(cast.ana, MONDAY - HOUR, WEDNESDAY, period=Q4)
            forecast.rows(cast.ana, WEDNESDAY, NOVEMBER)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_no_decision_no_forecast():
    cast = Cast()
    assert not forecast.is_on()

    decide_by_it(cast)

    assert forecast.is_on()
    assert [forecast.decides(who) for who in (cast.tomas, cast.ben, cast.ana)] == [True, True, False]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_between_two_moments_the_bars_lead_from_one_sum_to_the_other(seed):
    cast, dice = Cast(), Random(seed)
    set_rates([Dated(date(2026, 1, 1), "EUR", Decimal("0.85"))], by=cast.tomas, at=MONDAY)
    deals = [deal(cast, f"Deal {number}", dice.randint(1, 999), owner=cast.ana) for number in range(6)]
    moments = [MONDAY + timedelta(hours=number) for number in range(1, 25)]
    for at in moments:
        said, one = _something(cast, dice), dice.choice(deals)
        if said == {"status": "void"}:
            deals.remove(one)
        cast.tell("deal", one.pk, at=at, **said)
        deals = deals or [deal(cast, "Another", at=at)]
    set_rates([Dated(date(2026, 11, 17), "EUR", Decimal("0.8637"))], by=cast.tomas, at=moments[12])

    for measure in ("expected", "open"):
        for narrow in ({}, {"owner": cast.ana.pk}):
            then, later = sorted(dice.sample([MONDAY - HOUR, *moments], 2))
            now = dice.choice((later, None))
            fall = forecast.waterfall(cast.tomas, then, now, period=Q4, measure=measure, narrow=narrow)
            sums = [_sum_at(cast, at, measure, narrow) for at in (then, now)]
            assert [fall.start, fall.end] == sums
            assert fall.start + sum(minor for _bar, minor, _deals in fall.bars) == fall.end


def _something(cast, dice):
    return dice.choice(
        [
            {"amount": gbp(dice.randint(0, 999))},
            {"amount": eur(dice.randint(0, 999))},
            {"amount": None},
            {"close_date": dice.choice(("2026-12-31", "2027-01-01", None))},
            {"status": "won", "stage": "agreed"},
            {"status": "lost"},
            {"status": "open", "stage": "quoted"},
            {"stage": dice.choice(("enquiry", "agreed"))},
            {"owner": str(dice.choice((cast.ana, cast.bram)).pk)},
            {"category": dice.choice(("Commit", "Omitted", ""))},
            {"status": "void"},
        ]
    )


def _sum_at(cast, at, measure, narrow):
    figures = forecast.at(cast.tomas, at, count=1, first=Q4.start, narrow=narrow).of(0)
    return figures.expected if measure == "expected" else figures.open
