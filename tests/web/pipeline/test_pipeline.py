"""The pipeline on screen: exact sums, moves that always save, edits that overwrite nobody, views of questions."""

import re

import pytest
from django.urls import reverse

from baton.decide.models import SavedView
from baton.ledger.models import Deal
from tests.cast import MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana, backend=BACKEND)
    return client


def pounds(amount: int) -> dict:
    return {"minor": amount * 100, "currency": "GBP"}


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_board_adds_up_over_all_deals_not_over_its_cards(ana, cast):
    for number in range(25):
        cast.deal(f"Deal {number}", amount=pounds(1_000))

    page = text_of(ana.get(reverse("board")))

    assert "£25,000" in page
    assert "More of this stage" in page


def test_a_card_that_is_moved_without_evidence_stands_there_as_said(ana, cast):
    deal = cast.deal()

    ana.post(reverse("board-move", args=[deal.pk]), {"stage": "quoted", "version": deal.version})

    assert (fresh(deal).stage, fresh(deal).shown) == ("quoted", False)


def test_a_card_somebody_else_changed_meanwhile_stays_where_it_is(ana, cast):
    deal = cast.deal()
    cast.tell("deal", deal.pk, by=cast.bram, at=TUESDAY, service="gritting")

    answer = ana.post(reverse("board-move", args=[deal.pk]), {"stage": "quoted", "version": deal.version})

    assert (answer.status_code, fresh(deal).stage) == (409, "enquiry")


def test_a_deal_at_operations_is_still_on_the_board(ana, cast):
    cast.deal("Marsh Lane", stage="mobilising", status="won")

    assert "Marsh Lane" in text_of(ana.get(reverse("board")))


@pytest.mark.parametrize("query", ["sort=-amount", "sort=scope", "owner.any=", "amount.from=12k", "q=tower", "page=3"])
def test_the_list_answers_to_any_sort_and_filter(ana, cast, query):
    cast.deal(amount=pounds(20_000))

    assert ana.get(f"{reverse('deals-list')}?{query}").status_code == 200


@pytest.mark.parametrize("query", ["sort=password", "sort=owner__password", "deal__title.is=x", "title.regex=(a"])
def test_a_hostile_name_is_refused_with_a_sentence(ana, cast, query):
    assert ana.get(f"{reverse('deals-list')}?{query}").status_code == 422


def test_a_cell_is_edited_in_the_words_a_person_types(ana, cast):
    deal = cast.deal()

    answer = ana.post(reverse("deals-cell", args=[deal.pk, "amount"]), {"value": "12.5k", "version": deal.version})

    assert answer.status_code == 302
    assert fresh(deal).amount == 1_250_000


def test_an_edit_never_overwrites_a_newer_one(ana, cast):
    deal = cast.deal()
    cast.tell("deal", deal.pk, by=cast.bram, at=TUESDAY, amount=pounds(9_000))

    answer = ana.post(reverse("deals-cell", args=[deal.pk, "amount"]), {"value": "12k", "version": deal.version})

    assert (answer.status_code, fresh(deal).amount) == (409, 900_000)


@pytest.mark.parametrize("name", ["stage", "status", "shown", "password"])
def test_what_isn_t_edited_in_place_can_t_be(ana, cast, name):
    deal = cast.deal()

    answer = ana.post(reverse("deals-cell", args=[deal.pk, name]), {"value": "quoted", "version": deal.version})

    assert answer.status_code in {404, 422}
    assert fresh(deal).version == deal.version


def test_several_deals_are_moved_at_once(ana, cast):
    deals = [cast.deal(f"Deal {number}") for number in range(3)]

    ana.post(reverse("deals-choice"), {"deal": [str(d.pk) for d in deals], "do": "move", "stage": "visited"})

    assert [fresh(deal).stage for deal in deals] == ["visited"] * 3


def test_a_view_is_kept_and_shared(ana, client, cast):
    ana.post(reverse("views"), {"name": "Big ones", "definition": "amount.from=10k&sort=-amount", "shared": "on"})
    kept = SavedView.objects.get()
    client.force_login(cast.bram, backend=BACKEND)

    page = text_of(client.get(f"{reverse('deals-list')}?view={kept.pk}"))

    assert (kept.owner, kept.shared) == (cast.ana, True)
    assert "Big ones" in page


def test_a_read_only_member_looks_and_changes_nothing(client, cast):
    deal = cast.deal()
    client.force_login(cast.rita, backend=BACKEND)

    assert client.get(reverse("board")).status_code == 200
    assert client.post(reverse("board-move", args=[deal.pk]), {"stage": "quoted"}).status_code == 403
    assert fresh(deal).stage == "enquiry"


def test_what_one_may_not_see_is_in_no_count_sum_or_list(client):
    cast = Cast("own")
    hidden = cast.deal("Canary", owner=cast.ben, desk="operations", amount=pounds(777_777))
    client.force_login(cast.bram, backend=BACKEND)

    for name in ("board", "deals-list", "today", "search"):
        page = client.get(reverse(name), {"q": "Canary"} if name == "search" else {}).content.decode()
        assert "777,777" not in page
        assert str(hidden.pk) not in page


@pytest.mark.parametrize("name", ["board", "deals-list"])
def test_the_page_asks_the_database_as_often_for_many_as_for_few(ana, cast, name, django_assert_max_num_queries):
    counts = []
    for number in (2, 12):
        for one in range(number):
            company = cast.company(f"C {number} {one}", f"c{number}{one}.example")
            cast.deal(
                f"Deal {number} {one}", company=company, contact=cast.contact(f"P {one}", f"p@c{number}{one}.example")
            )
        ana.get(reverse(name))
        with django_assert_max_num_queries(60) as queries:
            ana.get(reverse(name))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_deal_opened_by_hand_finds_who_is_known(ana, cast):
    company = cast.company()
    contact = cast.contact(company=company)

    ana.post(reverse("deal-new"), {"title": "Gritting", "contact": "Dana", "email": "dana@marlowe.example"})

    deal = Deal.objects.unscoped("tests").get(title="Gritting")
    assert (deal.contact_id, deal.company_id, deal.desk) == (contact.pk, company.pk, "intake")


def test_search_finds_as_one_types(ana, cast):
    cast.deal("Quayside Tower", at=MONDAY)

    assert "Quayside Tower" in text_of(ana.get(reverse("search"), {"q": "qua tow"}))
