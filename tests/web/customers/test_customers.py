"""Contacts and companies: found, read, and changed without overwriting anybody."""

import pytest
from django.urls import reverse

from baton.ledger.merging import merge
from tests.cast import TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_contact_s_page_says_who_they_are_and_what_was_said(ana, cast):
    company = cast.company()
    contact = cast.contact(company=company)
    cast.mail(cast.deal(contact=contact, company=company))

    page = ana.get(reverse("contact", args=[contact.pk])).content.decode()

    for words in ("Dana Whitlock", "Marlowe", "Quayside Tower", "Start", "dana@marlowe.example"):
        assert words in page


def test_a_company_s_page_names_its_people(ana, cast):
    company = cast.company()
    cast.contact(company=company)

    assert "Dana Whitlock" in ana.get(reverse("company", args=[company.pk])).content.decode()


@pytest.mark.parametrize("name", ["contacts", "companies"])
@pytest.mark.parametrize("query", ["", "q=dan", "sort=-heard", "sort=heard"])
def test_lists_are_sorted_and_searched(ana, cast, name, query):
    cast.contact(company=cast.company())

    assert ana.get(f"{reverse(name)}?{query}").status_code == 200


def test_a_contact_is_changed_and_what_was_not_changed_is_no_news(ana, cast):
    contact = cast.contact()
    typed = {"name": "Dana Whitlock", "job": "Bursar", "emails": "dana@marlowe.example\ndana@home.example"}

    ana.post(reverse("contact-details", args=[contact.pk]), typed | {"version": contact.version})

    now = fresh(contact)
    assert (now.job, now.values["emails"]["v"]) == ("Bursar", ["dana@marlowe.example", "dana@home.example"])
    assert now.version == contact.version + 2


def test_a_newer_change_is_never_overwritten(ana, cast):
    contact = cast.contact()
    cast.tell("contact", contact.pk, by=cast.bram, at=TUESDAY, job="Head of estates")

    answer = ana.post(reverse("contact-details", args=[contact.pk]), {"name": "D", "version": contact.version})

    assert (answer.status_code, fresh(contact).name) == (409, "Dana Whitlock")


def test_a_page_says_who_said_each_value_also_of_a_contact_that_was_merged_into_this_one(ana, cast):
    kept, gone = cast.contact(), cast.contact("D. Whitlock", "d@gmail.example")
    cast.tell("contact", gone.pk, job="Facilities manager")
    merge("contact", gone.pk, into=kept.pk, by=cast.ana, at=TUESDAY)

    page = ana.get(reverse("contact-sources", args=[kept.pk])).content.decode()

    for words in ("Facilities manager", "d@gmail.example", "Said of D. Whitlock, merged into this", "By "):
        assert words in page


def test_sources_of_what_is_not_there_are_not_there(ana, cast):
    company = cast.company()

    told = [ana.get(reverse(name, args=[pk])).status_code for name, pk in
            (("company-sources", company.pk), ("contact-sources", company.pk))]  # fmt: skip

    assert told == [200, 404]
