"""Address books in and out: dropped on a page, and handed out as vCards of what one sees."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from baton.capture import imports
from baton.channels.contacts.reading import read_cards
from baton.kernel.clock import now
from baton.ledger.merging import merge
from baton.ledger.models import Contact
from tests.cast import TUESDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def ana(client, cast):
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_dropped_book_is_read_in_the_background(ana, cast, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    file = SimpleUploadedFile("../../book.vcf", b"BEGIN:VCARD\nFN:Dana Whitlock\nTEL:+44 7700 900123\nEND:VCARD\n")

    answer = ana.post(reverse("contacts-imports"), {"files": [file]})
    imports.work(now)

    assert "All 1 cards are read." in ana.get(answer.url).content.decode()
    assert Contact.objects.visible_to(cast.ana).get().phone == "+44 7700 900123"
    assert "book.vcf" in ana.get(reverse("contacts-imports")).content.decode()


def test_nothing_chosen_is_said(ana):
    assert ana.post(reverse("contacts-imports")).status_code == 422


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_a_contact_is_handed_out_as_a_card(ana, cast, version):
    dana = cast.contact("Dana Đurić", company=cast.company())

    answer = ana.get(reverse("contact-card", args=[dana.pk]), {"version": version})

    (card,) = read_cards(body(answer))
    assert (card.name, card.family, card.organisation, card.version) == ("Dana Đurić", "Đurić", "Marlowe", version)
    assert [one.value for one in card.emails] == ["dana@marlowe.example"]


def test_the_cards_of_a_list_are_those_that_one_sees_there(ana, cast):
    dana, double = cast.contact(), cast.contact("D. Whitlock", "d@gmail.com")
    cast.contact("Omar Sy", "omar@sy.example")
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=TUESDAY)

    every = read_cards(body(ana.get(reverse("contacts-cards"))))
    some = read_cards(body(ana.get(reverse("contacts-cards"), {"q": "whit"})))

    assert [card.name for card in every] == ["Dana Whitlock", "Omar Sy"]
    assert [one.value for one in some[0].emails] == ["dana@marlowe.example", "d@gmail.com"]


def test_the_page_of_a_merged_contact_leads_to_the_one_that_stands_for_it(ana, cast):
    dana, double = cast.contact(), cast.contact("D. Whitlock", "d@gmail.com")
    merge("contact", double.pk, into=dana.pk, by=cast.ana, at=TUESDAY)

    answer = ana.get(reverse("contact", args=[double.pk]))

    assert (answer.status_code, answer.url) == (302, reverse("contact", args=[dana.pk]))


def test_a_company_s_addresses_are_lists_and_free_mail_is_refused(ana, cast):
    company = cast.company()
    typed = {"name": "Marlowe", "version": company.version, "phones": "+44 20 7946 0991\n+44 7700 900123"}

    refused = ana.post(reverse("company-details", args=[company.pk]), typed | {"domains": "gmail.com"})
    kept = ana.post(reverse("company-details", args=[company.pk]), typed | {"domains": "marlowe.example"})

    assert (refused.status_code, kept.status_code) == (422, 302)
    assert "+44 7700 900123" in ana.get(reverse("company", args=[company.pk])).content.decode()
