"""Ring, write and say what was said, from the deal and the contact; with no line there is only the number to tap."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.capture.models import Outgoing, OwnNumber
from baton.ledger.models import Contact
from tests.cast import Cast
from tests.channels.telephones import ANAS_PHONE, DANA, line, own_phone, recorded, with_phone, words_of

pytestmark = pytest.mark.django_db
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    contact = with_phone(cast, cast.contact(company=company), "07700 900123")
    return cast.deal(contact=contact, company=company)


def client(member) -> Client:
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def acts(response) -> list[dict[str, str]]:
    links = LexborHTMLParser(response.content.decode()).css("a[data-spoken], a[hx-get*='/text/']")
    return [{name: link.attributes.get(name) for name in ("href", "hx-get")} for link in links]


def address(deal, what: str) -> str:
    return f"/contacts/{deal.contact_id}/{what}/"


def test_without_a_line_a_number_is_only_tapped(cast, deal):
    assert acts(client(cast.ana).get(f"/deals/{deal.pk}/")) == [{"href": f"tel:{DANA}", "hx-get": None}]


def test_with_lines_one_is_connected_and_writes(cast, deal):
    line("calls"), line("sms"), own_phone(cast.ana)
    about = f"?deal={deal.pk}"

    on_deal, on_contact = (
        client(cast.ana).get(f"/deals/{deal.pk}/"),
        client(cast.ana).get(f"/contacts/{deal.contact_id}/"),
    )

    text = address(deal, "text")
    assert acts(on_deal) == [
        {"href": f"tel:{DANA}", "hx-get": address(deal, "call") + about},
        {"href": text + about, "hx-get": text + about},
    ]
    assert acts(on_contact) == [
        {"href": f"tel:{DANA}", "hx-get": address(deal, "call")},
        {"href": text, "hx-get": text},
    ]


def test_a_call_is_asked_for_once_and_the_line_to_write_in_is_there(cast, deal, settings):
    settings.BATON_URL = "https://baton.example"
    line("calls"), own_phone(cast.ana)
    ana = client(cast.ana)

    for _twice in range(2):
        answer = ana.post(address(deal, "call"), {"key": "k", "deal": deal.pk}, **PART)

    [asked] = Outgoing.objects.unscoped("tests")
    assert (asked.to, asked.body["from"], asked.deal_id) == (DANA, ANAS_PHONE, deal.pk)
    assert 'name="line"' in answer.content.decode()


def test_what_was_said_is_recorded_as_a_call(cast, deal):
    ana = client(cast.ana)
    asked = ana.get(address(deal, "spoken"), **PART).content.decode()

    ana.post("/quick/", {"line": "Agreed on Tuesday, quote by Friday", "kind": "call", "deal": deal.pk, "key": "k"})

    assert f'name="deal" value="{deal.pk}"' in asked
    [call] = recorded()
    assert (call.kind, call.deal_id, words_of(call)) == ("call", deal.pk, "Agreed on Tuesday, quote by Friday")


@pytest.mark.parametrize(
    ("number", "status"), [("%2B447700900123", 200), ("07700900123", 200), ("%2B4412", 204), ("", 204)]
)
def test_any_number_that_was_tapped_leads_to_whose_it_is(cast, deal, number, status):
    answer = client(cast.ana).get(f"/spoken/?number={number}", **PART)

    assert (answer.status_code, "Dana Whitlock" in answer.content.decode()) == (status, status == 200)


def test_a_text_is_put_in_the_outbox_once(cast, deal):
    line("sms")
    ana = client(cast.ana)

    for _twice in range(2):
        ana.post(address(deal, "text"), {"key": "k", "by": "text", "words": "On our way", "deal": deal.pk})

    [sent] = Outgoing.objects.unscoped("tests")
    assert (sent.channel, sent.to, sent.body["text"], sent.deal_id) == ("sms", DANA, "On our way", deal.pk)


def test_what_can_not_be_sent_says_why(cast, deal):
    answer = client(cast.ana).post(address(deal, "text"), {"by": "text", "words": "On our way"}, **PART)

    assert answer.status_code == 422
    assert "No line for texts is connected." in answer.content.decode()


def test_who_may_only_read_sends_nothing(cast, deal):
    line("sms")

    answer = client(cast.rita).post(address(deal, "text"), {"by": "text", "words": "On our way"})

    assert (answer.status_code, Outgoing.objects.unscoped("tests").count()) == (403, 0)


def test_a_phone_is_asked_to_be_proven_shown_and_forgotten(cast):
    ana = client(cast.ana)
    line("sms")
    ana.post("/settings/phone/")
    code = OwnNumber.objects.get().code

    asked = ana.get("/settings/phone/").content.decode()
    own_phone(cast.ana)
    ana.post("/settings/phone/removal/", {"number": ANAS_PHONE})

    assert f"baton {code}" in asked
    assert "020 7946 0000" in asked
    assert OwnNumber.objects.filter(number=ANAS_PHONE).count() == 0


@pytest.mark.parametrize("channel", ["calls", "sms", "telephone", "whatsapp"])
def test_each_line_can_be_connected_from_its_page(cast, channel):
    assert client(cast.tomas).get(f"/channels/{channel}/shared/connection/").status_code == 200
    assert client(cast.tomas).get(f"/connections/{line(channel, secret={'auth_token': 'x'}).pk}/").status_code == 200


def test_contacts_know_their_country(cast):
    contact = with_phone(cast, cast.contact(), "020 7946 0958")

    assert Contact.objects.unscoped("tests").filter(addresses__value="+442079460958").get() == contact
