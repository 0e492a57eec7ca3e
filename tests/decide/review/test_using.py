"""How management itself uses Baton: counted by name, and shown first to the person named."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from time_machine import travel

from baton.decide.requests.models import Request
from baton.decide.review import deciding
from baton.decide.review.capturing import begin_deal
from baton.decide.review.models import Review
from baton.decide.review.reviews import begin, decision_of
from baton.decide.review.using import own_use, use_of_others
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.recording import record
from tests.cast import HOUR, MINUTE, MONDAY, Cast

pytestmark = pytest.mark.django_db
TENTH_OF_DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


@pytest.fixture
def cast():
    cast = Cast()
    deals = [cast.deal(name, at=MONDAY - timedelta(days=3)) for name in ("One", "Two")]
    review = begin(decision_of(), by=cast.tomas, at=MONDAY)
    for minute, deal in enumerate(deals, 1):
        deed = deciding.give_to(deal, cast.bram)
        deciding.decide(review, deal, deed, by=cast.tomas, at=MONDAY + minute * MINUTE, decided_by=cast.ana)
    Request.objects.create(key="r1", asked_by=cast.ana, asked_at=MONDAY, raw="f" * 64, file_name="pack.xlsx")
    Request.objects.create(key="r2", asked_by=cast.ana, asked_at=MONDAY, words="what closes in Q4?")
    sheet = NewInteraction("email", "internal", "mailbox", MONDAY, from_address="Ana@lime.example", trust="own")
    sheet.parts, sheet.holders = {"side_channel": [{"file": "week47.csv"}]}, (cast.ben.pk,)
    record(interactions=[sheet], by=Author(None, "mailbox"), at=MONDAY)
    return cast


def told(found):
    return [(one.name, one.period, one.decided, one.asked_for, one.sent_round) for one in found]


def test_one_s_own_months_are_there_at_once(cast):
    assert told(own_use(cast.ana, MONDAY + HOUR, months=2)) == [
        ("Ana Horvat", "2026-11", 2, 1, 1), ("Ana Horvat", "2026-10", 0, 0, 0),
    ]  # fmt: skip
    assert own_use(cast.ana, MONDAY + HOUR)[0].outside == 2


@pytest.mark.parametrize(
    ("at", "period"),
    [(MONDAY, "2026-10"), (datetime(2026, 12, 5, tzinfo=UTC), "2026-10"), (TENTH_OF_DECEMBER, "2026-11")],
)
def test_others_are_told_of_to_the_owner_a_week_after_the_month_is_over(cast, at, period):
    found = use_of_others(cast.tomas, at)

    assert {one.period for one in found} == {period}
    assert [one.name for one in found] == ["Ana Horvat", "Ben Raman"]
    assert found[0].decided == (2 if period == "2026-11" else 0)


@pytest.mark.parametrize("who", ["ana", "ben", "mia", "rita"])
def test_nobody_else_is_told_of_others(cast, who):
    assert use_of_others(getattr(cast, who), TENTH_OF_DECEMBER) == []


def test_the_page_shows_each_their_own_first(cast):
    pages = {}
    for who in ("tomas", "ana"):
        client = Client()
        with travel(TENTH_OF_DECEMBER):
            client.force_login(getattr(cast, who))
            pages[who] = client.get("/use/").content.decode()

    assert "2 decisions from Baton, 1 sheet asked for, 1 sent around" in pages["ana"]
    assert ["Ben Raman" in pages[who] for who in pages] == [True, False]


def test_a_deal_kept_beside_baton_is_counted_for_whoever_has_it_and_shown_to_them_first(cast):
    review = Review.objects.get()
    for title, owner in (("Kept in a notebook", cast.bram), ("Kept in a sheet", cast.bram), ("Mine", cast.tomas)):
        begun = begin_deal(review, title, by=cast.tomas, at=MONDAY + HOUR)
        cast.tell("deal", begun.pk, owner=str(owner.pk), at=MONDAY + 2 * HOUR)

    assert (own_use(cast.bram, MONDAY + 3 * HOUR)[0].beside, own_use(cast.ana, MONDAY + 3 * HOUR)[0].beside) == (2, 0)
    assert "Bram Castell" not in {one.name for one in use_of_others(cast.tomas, MONDAY + 3 * HOUR)}
    assert {one.name: one.beside for one in use_of_others(cast.tomas, TENTH_OF_DECEMBER)}["Bram Castell"] == 2


def test_the_page_says_what_was_beside(cast):
    begin_deal(Review.objects.get(), "Mine", by=cast.tomas, at=MONDAY + HOUR)
    client = Client()
    client.force_login(cast.tomas)

    with travel(MONDAY + 2 * HOUR):
        assert "1 deal that wasn’t in Baton until a review" in client.get("/use/").content.decode()
