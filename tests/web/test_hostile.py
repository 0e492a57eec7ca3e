"""What no form of ours sends, and somebody's program does: it is refused in words, never a fault of Baton's."""

import pytest
from django.urls import reverse

from tests.cast import Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana)
    return client


@pytest.mark.parametrize("asked", ["https://evil.example/", "//evil.example", "/\\evil.example", "deals", "31 Feb", ""])
def test_a_form_leads_on_to_our_own_pages_only(ana, cast, asked):
    deal = cast.deal()

    moved = ana.post(reverse("board-move", args=[deal.pk]), {"stage": "quoted", "next": asked})
    named = ana.post(reverse("deal-title", args=[deal.pk]), {"title": "Another", "next": asked})

    assert (moved.status_code, moved.headers["Location"].partition("?")[0]) == (302, reverse("board"))
    assert (named.status_code, named.headers["Location"]) == (302, reverse("deal", args=[deal.pk]))


@pytest.mark.parametrize("page", ["/account/login/", "/account/password/reset/done/"])
@pytest.mark.parametrize("asked", ["http://[::1", "https://evil.example/", "//evil.example", "\x00"])
def test_the_page_to_sign_in_on_is_there_whatever_it_should_lead_on_to(client, cast, page, asked):
    assert client.get(page, {"next": asked}).status_code == 200


def test_a_form_leads_on_to_the_page_that_it_names(ana, cast):
    answer = ana.post(reverse("board-move", args=[cast.deal().pk]), {"stage": "quoted", "next": "/today/?desk=sales"})

    assert answer.headers["Location"] == "/today/?desk=sales"


@pytest.mark.parametrize("amount", ["9" * 30, "9" * 17, "1,000,000,000,000,000,000,000,000,000,000"])
def test_a_sum_that_no_ledger_holds_is_refused(ana, cast, amount):
    deal = cast.deal()

    typed = ana.post(reverse("deal-field-value", args=[deal.pk, "amount"]), {"value": amount})
    in_the_list = ana.post(reverse("deals-cell", args=[deal.pk, "amount"]), {"value": amount})

    assert (typed.status_code, in_the_list.status_code, fresh(deal).amount) == (422, 422, None)


@pytest.mark.parametrize(
    "query", [{"page": "9" * 30}, {"page": "9" * 5000, "q": "tower"}, {"page": "-1"}, {"page": "²"}]
)
def test_a_page_that_no_list_has_is_one_of_its_pages(ana, cast, query):
    cast.deal()

    assert ana.get(reverse("deals-list"), query).status_code == 200


def test_a_draft_that_says_nonsense_about_its_own_age_is_still_kept(ana):
    sent = {"text": "business: Lime & Co", "seen": "yesterday", "based_on": "9" * 30}

    assert ana.post(reverse("map-draft"), sent).headers["Location"] == reverse("map-draft")


def test_nul_is_left_out_of_what_is_asked_and_typed(ana, cast):
    deal = cast.deal()

    found = ana.get(reverse("deals-list"), {"q": "Quay\x00side"})
    named = ana.post(reverse("deal-title", args=[deal.pk]), {"title": "Ano\x00ther", "\x00": "x"})

    assert (found.status_code, named.status_code, fresh(deal).title) == (200, 302, "Another")


def test_a_host_that_is_not_ours_is_refused_and_nothing_breaks(client, cast):
    answer = client.get("/account/login/", headers={"host": "evil.example", "referer": "http://evil.example/"})

    assert answer.status_code == 400
