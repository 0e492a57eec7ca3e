"""Everybody sees their own statement, who leads the business all; numbers follow each other without a gap."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from time_machine import travel

from baton.decide.commission.models import GivenNumber
from baton.decide.commission.numbers import give
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.recording import record
from baton.map.current import forget_parsed
from baton.map.publishing import publish
from tests.cast import FIRM, HOUR, MONDAY, Cast, fresh

RULES = """
commission:
  contracts: {who: [ana, bram], paid_on: won, rate: 5%, target: 20000}
numbers: {quote: Q-0413, job: J-1}
"""
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


def firm():
    cast = Cast()
    publish(FIRM + RULES, by=None, at=MONDAY - timedelta(days=300))
    forget_parsed()
    return cast


@pytest.fixture
def cast(db):
    return firm()


@pytest.fixture
def deal(cast):
    made = cast.deal("Quayside", at=MONDAY - HOUR, amount={"minor": 1_000_000, "currency": "GBP"})
    yes = cast.mail(
        made,
        "in",
        at=MONDAY,
        text="Yes, go ahead.",
    )
    cast.tell("interaction", yes.pk, by=cast.ana, at=MONDAY, shows={"kind": "approval", "detail": ""})
    cast.tell("deal", made.pk, at=MONDAY + HOUR, stage="agreed", status="won")
    return fresh(made)


def asked(member, address, method="get", at=DECEMBER, **told):
    client = Client()
    client.force_login(member)
    with travel(at, tick=False):
        return getattr(client, method)(address, told)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_everybody_sees_their_own_and_who_leads_sees_all(cast, deal):
    pages = {who: text_of(asked(getattr(cast, who), "/commission/")) for who in ("tomas", "ana", "mia")}

    assert [("Ana Horvat" in pages[who], "Bram Castell" in pages[who]) for who in pages] == [
        (True, True), (True, False), (False, False),
    ]  # fmt: skip
    assert "£10,000 of £20,000" in pages["ana"]
    assert "No statement of yours" in pages["mia"]


@pytest.mark.parametrize(("who", "status"), [("tomas", 200), ("ana", 200), ("bram", 404), ("rita", 404)])
def test_whose_statement_may_be_read(cast, deal, who, status):
    answer = asked(getattr(cast, who), f"/commission/{cast.ana.pk}/2026-11/")

    assert answer.status_code == status
    assert ("Quayside" in text_of(answer) and "£500" in text_of(answer)) is (status == 200)


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("ana", 422), ("bram", 404), ("rita", 403)])
def test_who_closes_a_period(cast, deal, who, status):
    assert asked(getattr(cast, who), f"/commission/{cast.ana.pk}/2026-11/closing/", "post").status_code == status


def test_a_closed_statement_says_by_whom_and_offers_nothing(cast, deal):
    address = f"/commission/{cast.ana.pk}/2026-11/"
    assert "Close the period" in text_of(asked(cast.tomas, address))
    asked(cast.tomas, f"{address}closing/", "post")

    page = text_of(asked(cast.tomas, address))
    assert "Closed Wed 2 Dec by Tomas Okafor" in page
    assert "Close the period" not in page


def test_no_such_period_is_no_such_page(cast):
    assert asked(cast.tomas, f"/commission/{cast.ana.pk}/2026-99/").status_code == 404


def test_without_rules_there_is_no_such_page_and_nothing_in_the_menu(db):
    cast = Cast()

    page = asked(cast.tomas, "/commission/")

    assert "The map pays no commission" in text_of(page)
    assert "/commission/" not in asked(cast.tomas, "/people/").content.decode()


def test_the_map_tells_the_rules(cast):
    page = text_of(asked(cast.mia, "/map/decisions/"))

    assert "Whose deals Ana Horvat, Bram Castell" in page
    assert "Paid on a deal that was won, each month" in page


def test_a_deal_is_given_the_next_number_and_shows_it(cast, deal):
    other = cast.deal("Other")
    for one, series in ((deal, "quote"), (other, "quote"), (deal, "job"), (deal, "quote")):
        asked(cast.ana, f"/deals/{one.pk}/numbers/", "post", series=series)

    assert list(GivenNumber.objects.order_by("given_at", "pk").values_list("number", flat=True)) == [
        "Q-0413", "Q-0414", "J-1", "Q-0415",
    ]  # fmt: skip
    assert [one["number"] for one in fresh(deal).value("numbers")] == ["Q-0413", "J-1", "Q-0415"]
    assert "Quayside Q-0413 J-1 Q-0415" in text_of(asked(cast.ana, f"/deals/{deal.pk}/"))
    assert "Q-0414" in text_of(asked(cast.mia, "/numbers/"))


def test_what_is_refused_takes_no_number(cast, deal):
    with pytest.raises(Refusal):
        give(deal, "quote", by=cast.rita, at=MONDAY)
    with pytest.raises(Refusal, match="gives out no such numbers"):
        give(deal, "invoice", by=cast.ana, at=MONDAY)

    assert give(deal, "quote", by=cast.ana, at=MONDAY) == "Q-0413"


@pytest.mark.parametrize(("who", "status"), [("ana", 302), ("rita", 403)])
def test_who_may_give_numbers(cast, deal, who, status):
    assert asked(getattr(cast, who), f"/deals/{deal.pk}/numbers/", "post", series="quote").status_code == status


def test_a_paper_with_a_number_and_no_deal_is_found_and_listed(cast, deal):
    company = cast.company()
    filed = {"deal": None, "contact": None, "company": str(company.pk), "audience": "full", "because": ""}
    for number, place in (("Q-9001", filed), ("Q-9002", filed | {"deal": str(deal.pk)})):
        paper = NewInteraction("email", "out", "email", MONDAY, subject="Our quote", trust="own", filed=place)
        paper.parts = {"documents": [{"kind": "quote", "number": number}]}
        record(interactions=[paper], by=Author(None, "email"), at=MONDAY)

    page = text_of(asked(cast.mia, "/numbers/"))

    assert "1 paper lies on no deal." in page
    assert ("Q-9001" in page, "Q-9002" in page) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_numbers_asked_for_in_the_same_moment_follow_each_other_without_a_gap():
    cast = firm()
    deal = cast.deal("Quayside")
    failed = []

    def ask():
        try:
            for _time in range(4):
                give(deal, "quote", by=cast.ana, at=MONDAY)
        except Exception as why:  # noqa: BLE001 - whatever goes wrong in a thread fails the test
            failed.append(why)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert sorted(GivenNumber.objects.values_list("number", flat=True)) == [
        f"Q-{number:04}" for number in range(413, 425)
    ]


def test_numbers_are_found_from_the_list_of_deals_and_from_commission(cast):
    pages = [asked(cast.tomas, address).content.decode() for address in ("/deals/list/", "/commission/")]

    assert ['href="/numbers/"' in page for page in pages] == [True, True]
