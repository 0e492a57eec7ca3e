"""The page of duplicates: side by side, merged, said to be two, taken apart; nobody sees a pair they may not see."""

import pytest
from django.urls import reverse

from baton.capture.duplicates.finding import compare_due
from baton.capture.models import Twins
from baton.ledger.models import Contact
from tests.cast import MONDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ana(client, cast):
    return signed_in(client, cast.ana)


def signed_in(client, member):
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def twins(cast):
    cast.contact("Dana Whitlock", "dana@marlowe.example", cast.company())
    cast.contact("Dana Whitlok", "dana@gmail.com")
    compare_due(WEDNESDAY)
    return Twins.objects.get()


def text(answer):
    return answer.content.decode()


def test_the_list_names_both_and_says_why(ana, twins):
    page = text(ana.get(reverse("duplicates")))

    for words in ("Dana Whitlock and Dana Whitlok", "a similar name", "a similar address"):
        assert words in page
    assert "Perhaps the same (1)" in text(ana.get(reverse("contacts")))


def test_a_pair_stands_side_by_side_with_what_becomes_of_it(ana, twins):
    page = text(ana.get(reverse("duplicate", args=[twins.pk])))

    assert "dana@marlowe.example, dana@gmail.com" in page
    assert "kept beside: Dana Whitlok" in page


def test_the_other_one_may_be_kept(ana, twins):
    whitlok = Contact.objects.unscoped("tests").get(name="Dana Whitlok")

    answer = ana.post(reverse("duplicate-merge", args=[twins.pk]), {"kept": str(whitlok.pk)})

    assert answer.url == reverse("contact", args=[whitlok.pk])
    assert fresh(whitlok).company_id is not None


def test_a_merge_is_taken_apart_from_the_contact_s_page(ana, twins):
    merged = ana.post(reverse("duplicate-merge", args=[twins.pk]))
    page = text(ana.get(merged.url))
    gone = Contact.objects.unscoped("tests").get(merged_into__isnull=False)

    assert "Take apart" in page
    ana.post(reverse("separation", args=["contact", gone.pk]))
    assert fresh(gone).merged_into_id is None
    assert text(ana.get(reverse("contact", args=[gone.pk]))).count("<h1>Dana Whitl") == 1


def test_two_are_two(ana, twins):
    ana.post(reverse("duplicate-difference", args=[twins.pk]))

    assert "Nobody seems to be here twice" in text(ana.get(reverse("duplicates")))


def test_a_pair_with_somebody_unseen_is_no_pair(ana, cast, twins):
    Contact.objects.unscoped("tests").filter(pk=twins.one).update(merged_into=cast.contact("Omar Sy").pk)

    assert ana.get(reverse("duplicate", args=[twins.pk])).status_code == 404
    assert ana.post(reverse("duplicate-merge", args=[twins.pk])).status_code == 404
    assert "Whitlok" not in text(ana.get(reverse("duplicates")))


def test_whoever_only_reads_settles_nothing(client, cast, twins):
    rita = signed_in(client, cast.rita)

    for name in ("duplicate-merge", "duplicate-difference"):
        assert rita.post(reverse(name, args=[twins.pk])).status_code == 403
    assert Twins.objects.get().state == Twins.State.OPEN


def test_the_list_asks_no_more_for_many_pairs(ana, cast, twins, django_assert_max_num_queries):
    for number in range(6):
        cast.contact(f"Petra Kova{number}č", f"petra{number}@x{number}.example")
        cast.tell("contact", cast.contact(f"Petra Kova{number}č", f"p@y{number}.example").pk, at=MONDAY, job="x")
    compare_due(WEDNESDAY)
    ana.get(reverse("duplicates"))

    with django_assert_max_num_queries(25):
        ana.get(reverse("duplicates"))
