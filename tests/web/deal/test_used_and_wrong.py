"""On the value itself: which decisions used it, who calls it wrong, and one click to do so."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from baton.decide.review import deciding
from baton.decide.review.reviews import begin, decision_of
from baton.work.models import Question
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
EARLIER = MONDAY - timedelta(days=3)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    made = cast.deal("Gantry Works", at=EARLIER)
    cast.tell("deal", made.pk, by=cast.ana, at=EARLIER, amount={"minor": 3_300_000, "currency": "GBP"})
    return fresh(made)


def looked_at(member, deal, *, field="amount", htmx=True):
    client = Client()
    client.force_login(member)
    with travel(MONDAY + HOUR):
        answer = client.get(
            reverse("deal-field", args=[deal.pk, field]), headers={"HX-Request": "true"} if htmx else {}
        )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def flagged(member, deal, **headers):
    client = Client()
    client.force_login(member)
    with travel(MONDAY + HOUR):
        return client.post(reverse("deal-flag", args=[deal.pk, "amount"]), {"words": "they want half"}, headers=headers)


def test_a_value_says_which_decision_used_it_by_whom_and_when(cast, deal):
    review = begin(decision_of(), by=cast.tomas, at=MONDAY)
    deciding.decide(review, deal, deciding.give_to(deal, cast.bram), by=cast.tomas, at=MONDAY + MINUTE)

    assert "Used Monday review, Tomas Okafor, Mon 16 Nov" in looked_at(cast.ana, deal)
    assert "Used" not in looked_at(cast.ana, deal, field="title")


def test_one_click_calls_a_value_wrong_and_shows_who_answers(cast, deal):
    answer = flagged(cast.tomas, deal, **{"HX-Request": "true"})

    assert answer.status_code == 200
    page = looked_at(cast.mia, deal)
    assert "Tomas Okafor: “Amount, £33,000, is wrong: they want half” Ana Horvat answers." in page
    assert Question.objects.unscoped("tests").get().asked_of_id == cast.ana.pk


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("mia", 302), ("ana", 422), ("rita", 302)])
def test_who_may_call_a_value_wrong(cast, deal, who, status):
    assert flagged(getattr(cast, who), deal).status_code == status


def test_it_is_offered_to_those_who_may_and_didn_t_say_it_themselves(cast, deal):
    offered = {who: " Wrong " in looked_at(getattr(cast, who), deal) for who in ("tomas", "mia", "ana", "rita")}

    assert offered == {"tomas": True, "mia": True, "ana": False, "rita": True}
