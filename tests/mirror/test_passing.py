"""Deals passing through stages: how long they stood at one, what became of them, and who uses a stage otherwise."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from baton.kernel.ids import uuid7
from baton.ledger.checking import Report
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.mirror.cases import cases
from baton.mirror.checking import check_days
from baton.mirror.counting import count
from baton.mirror.history import history
from baton.mirror.keeping import keep_days
from baton.mirror.reading import mirror
from baton.mirror.sight import Sight
from baton.mirror.tally import Tally, stay, summed
from tests.cast import MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WON = {"stage": "agreed", "status": "won"}
LONG_AGO = MONDAY - 80 * DAY


def counted(since=LONG_AGO - 400 * DAY, until=MONDAY + DAY) -> Tally:
    return summed(count(Sight(), since, until, current_map()).values())


def passes(cast: Cast, owner, *, days: float, at=LONG_AGO, won: bool = True, title: str = "Works"):
    """Let a deal stand at Quoted for so many days and then be won or lost."""
    deal = cast.deal(title, stage="quoted", owner=owner, at=at)
    cast.tell("deal", deal.pk, at=at + days * DAY, **(WON if won else {"status": "lost", "lost_reason": "price"}))
    return deal


def test_a_deal_that_left_a_stage_is_counted_by_how_long_it_stood_and_whose_it_was():
    cast = Cast()
    deal = cast.deal(stage="visited", owner=cast.bram, at=MONDAY - 10 * DAY)
    cast.tell("deal", deal.pk, at=MONDAY - 6 * DAY, amount={"minor": 100, "currency": "GBP"})
    cast.tell("deal", deal.pk, at=MONDAY - 5 * DAY, stage="quoted")

    assert dict(counted().of("stay")) == {("visited", str(stay(5)), str(cast.bram.pk)): 1}


def test_a_deal_that_is_lost_ends_its_stay_and_one_that_stands_has_none_yet():
    cast = Cast()
    passes(cast, cast.ana, days=3, won=False)
    cast.deal(stage="visited", at=LONG_AGO)

    assert dict(counted().of("stay")) == {("quoted", str(stay(3)), str(cast.ana.pk)): 1}


def test_what_stood_before_baton_heard_of_it_is_nobodys_stay():
    cast = Cast()
    key, brought = uuid7(), MONDAY - 200 * DAY
    told = {"title": "Quayside", "stage": "quoted", "desk": "sales", "owner": str(cast.ana.pk)}
    entries = [Entry("deal", key, name, value, happened_at=brought) for name, value in told.items()]
    record(entries, by=Author(cast.tomas), at=MONDAY - 9 * DAY)
    assert Deal.objects.unscoped("tests").get().stage_since == brought
    cast.tell("deal", key, at=MONDAY, **WON)

    assert counted().total("stay", "quoted") == 0


def test_what_became_of_a_deal_counts_at_each_stage_that_it_passed_by_whose_it_was_there():
    cast = Cast()
    deal = cast.deal(stage="visited", owner=cast.bram, at=LONG_AGO)
    cast.tell("deal", deal.pk, at=LONG_AGO + DAY, stage="quoted", owner=str(cast.ana.pk))
    cast.tell("deal", deal.pk, at=LONG_AGO + 2 * DAY, **WON)
    cast.tell("deal", deal.pk, at=LONG_AGO + 3 * DAY, stage="mobilising")

    assert dict(counted().of("outcome")) == {
        ("visited", "won", str(cast.bram.pk)): 1,
        ("quoted", "won", str(cast.ana.pk)): 1,
    }
    assert counted(since=LONG_AGO + 4 * DAY).total("outcome") == 0


def test_a_deal_that_was_lost_and_came_back_counts_twice_and_only_where_it_stood():
    cast = Cast()
    deal = passes(cast, cast.ana, days=2, won=False)
    cast.tell("deal", deal.pk, at=LONG_AGO + 9 * DAY, stage="visited", status="open")
    cast.tell("deal", deal.pk, at=LONG_AGO + 10 * DAY, **WON)

    assert {key[:2] for key in counted().of("outcome")} == {("quoted", "lost"), ("visited", "won")}


@pytest.fixture
def apart():
    """Bram’s deals stand three weeks at Quoted and are lost; the others’ leave it within days and are won."""
    cast = Cast()
    for place in range(18):
        passes(cast, cast.bram, days=20 + place % 3, won=False, at=LONG_AGO + place * DAY, title=f"Bram’s {place}")
        for owner in (cast.ana, cast.ben):
            passes(cast, owner, days=3 + place % 4, at=LONG_AGO + place * DAY, title=f"{owner.name}’s {place}")
    return cast


def test_a_stage_at_which_one_persons_deals_stand_and_end_otherwise_is_said_without_their_name(apart):
    found = {one.key: one for one in mirror(apart.tomas, at=TUESDAY, window=90).all}

    stood, ended = found["drift/stage/quoted/stay"], found["drift/stage/quoted/outcome"]
    assert stood.sentence == (
        "Quoted means different things to different people: half of one person’s deals left it within 21 days, "
        "half of everybody else’s within 4 days"
    )
    assert ended.sentence.endswith(
        "0 of 18 of one person’s deals that stood here were won, 100 % of 36 of everybody else’s"
    )
    assert not any("Bram" in one.sentence + one.note + one.remedy for one in found.values())
    assert (stood.hits, stood.of, ended.hits, ended.of) == (18, 18, 0, 18)


def test_the_cases_are_the_deals_that_left_the_stage_the_longest_first_and_the_months_say_what_they_count(apart):
    found = mirror(apart.tomas, at=TUESDAY, window=90, history=True)

    stood, ended = cases(found.glass, "drift/stage/quoted/stay"), cases(found.glass, "drift/stage/quoted/outcome")

    assert "stood here for 22 days" in {one.note for one in stood}
    assert [one.what[:4] for one in stood[:18]] == ["Bram"] * 18
    assert [(one.note, one.what[:4]) for one in ended[:18]] == [("Lost", "Bram")] * 18
    months = history(found.glass, "drift/stage/quoted/stay")
    assert months.caption == "Deals that left it within 5 days"
    assert (sum(month.hits for month in months.months), sum(month.of for month in months.months)) == (28, 54)
    won = history(found.glass, "drift/stage/quoted/outcome").months
    assert (sum(month.hits for month in won), sum(month.of for month in won)) == (36, 54)


@pytest.mark.parametrize("what", ["stay", "outcome"])
def test_a_finding_of_either_sort_opens_its_page(apart, monkeypatch, what):
    monkeypatch.setattr("baton.web.mirror.page.now", lambda: TUESDAY)
    client = Client()
    client.force_login(apart.tomas)

    answer = client.get(reverse("finding", args=[f"drift/stage/quoted/{what}"]) + "?days=90")

    assert answer.status_code == 200
    assert "Bram’s 3" in answer.content.decode()


def test_who_differs_reads_on_their_own_page_that_it_is_they_and_nobody_else_does(apart, monkeypatch):
    monkeypatch.setattr("baton.web.mirror.page.now", lambda: TUESDAY)
    told = {}
    for member in (apart.bram, apart.ana):
        client = Client()
        client.force_login(member)
        told[member.name] = client.get(reverse("mirror") + "?days=90").content.decode()

    assert "You use Quoted otherwise: half of the deals left it within 21 days" in told[apart.bram.name]
    assert "0 of 18 of the deals that stood here were won" in told[apart.bram.name]
    assert "You use Quoted otherwise" not in told[apart.ana.name]


def test_what_is_kept_of_stays_and_outcomes_is_what_the_ledger_says(apart):
    while keep_days(MONDAY + 20 * DAY):
        pass
    report = Report()

    check_days(report)

    assert report.differences == []
