"""A website's enquiries: each opens a deal once, with its source; what looks like spam waits, none is dropped."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.capture import connections, inbox
from baton.capture.models import Connection, Delivery
from baton.capture.reading import read_waiting
from baton.gate.forms.taking import TRAP
from baton.ledger.models import Deal, Event, Fact, Interaction, InteractionText
from tests.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
SITE = "https://www.lime.example"
SETTINGS = {
    "name": "Ask us", "asks": ["phone", "company", "message"], "questions": "Postcode *\nHow many floors?",
    "consent": "You may write to me about this.", "thanks": "Thank you.", "origins": SITE,
}  # fmt: skip
SAID = {
    "name": "Dana Whitlock", "email": "Dana@Marlowe.example", "phone": "+447700900123", "company": "Marlowe",
    "message": "Could you grit our car park from 1 December?", "q0": "E14 5AB", "consent": "yes",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def form(cast) -> Connection:
    return connections.make("form", "Ask us", SETTINGS, {}, by=cast.tomas, at=MONDAY, desk="intake")


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def key_on(page) -> str:
    return LexborHTMLParser(page.content.decode()).css_first("[name=key]").attributes["value"]


def send(form, seconds=20, clock=None, query="", origin="", **more):
    client, address = Client(), f"/forms/{form.pk}/"
    key = key_on(client.get(address + query))
    with time_machine.travel(MONDAY + timedelta(seconds=seconds), tick=False):
        headers = {"Origin": origin} if origin else {}
        return client.post(address, SAID | {"key": key} | more, headers=headers)


def read() -> None:
    read_waiting(MONDAY + timedelta(minutes=1))


def test_an_enquiry_opens_a_deal_at_its_desk_with_contact_words_and_consent(cast, form):
    answer = send(form)
    read()

    deal, mail = Deal.objects.unscoped("tests").get(), Interaction.objects.unscoped("tests").get()
    text = InteractionText.objects.unscoped("tests").get().own
    assert (answer.status_code, answer.headers["Location"], answer.cookies) == (302, f"/forms/{form.pk}/?sent", {})
    assert (deal.title, deal.desk, deal.stage) == ("Could you grit our car park from 1 December?", "intake", "enquiry")
    assert (mail.kind, mail.direction, mail.from_address) == ("form", "in", "dana@marlowe.example")
    assert "Postcode: E14 5AB" in text
    assert mail.parts["consent"]["words"] == "You may write to me about this."
    told = Fact.objects.unscoped("tests").filter(record_kind="contact")
    assert dict(told.values_list("field", "value"))["phones"] == ["+447700900123"]
    events = Event.objects.unscoped("tests").filter(kind="interaction.in")
    assert list(events.values_list("detail", flat=True)) == ["form"]


def test_where_the_visitor_came_from_is_a_fact_with_its_evidence(cast, form):
    page = "https://www.lime.example/gritting"
    send(
        form, page=page, referrer="https://news.example/", utm_source="google", utm_medium="cpc", utm_campaign="winter"
    )
    read()

    source = Fact.objects.unscoped("tests").get(record_kind="deal", field="source")
    assert (source.value, source.interaction_id) == (
        "Ask us: google / cpc / winter",
        Interaction.objects.unscoped("tests").get().pk,
    )
    assert source.words == f"https://news.example/ utm_campaign=winter&utm_medium=cpc&utm_source=google {page}"


def test_posted_twice_it_is_recorded_once_and_changed_words_are_another_enquiry(cast, form):
    client = Client()
    told = SAID | {"key": key_on(client.get(f"/forms/{form.pk}/"))}
    with time_machine.travel(MONDAY + timedelta(seconds=9), tick=False):
        for words in ("One", "One", "Two"):
            client.post(f"/forms/{form.pk}/", told | {"message": words})
    read()

    assert Interaction.objects.unscoped("tests").count() == 2
    assert Connection.objects.unscoped("tests").get().kept == 2


@pytest.mark.parametrize(
    ("more", "seconds", "why"),
    [
        ({TRAP: "1"}, 20, "A field was filled in that no person sees."),
        ({}, 1, "It was filled in within three seconds."),
        ({"key": "made-up"}, 20, "It came with a page that Baton didn’t make."),
        ({"message": "http://a http://b https://c https://d"}, 20, "It is full of links."),
    ],
)
def test_what_looks_like_spam_opens_nothing_and_waits_in_inbox_with_the_reason(cast, form, more, seconds, why):
    cast.contact(email="dana@marlowe.example")
    send(form, seconds, **more)
    read()

    [waits] = inbox.waiting(cast.mia)
    assert waits.unfiled_because == f"It may be spam. {why}"
    assert (
        Deal.objects.unscoped("tests").count(),
        Event.objects.unscoped("tests").filter(interaction=waits.pk).count(),
    ) == (0, 0)


def test_many_from_one_address_wait_for_a_look_and_none_is_dropped(cast, form):
    for number in range(7):
        send(form, message=f"Offer {number}")
    read()

    assert (Interaction.objects.unscoped("tests").count(), inbox.waiting(cast.mia).count()) == (7, 2)


def test_too_many_from_one_connection_are_asked_to_wait_and_keep_what_they_typed(cast, form):
    answers = [send(form, message=f"Offer {number}", email=f"p{number}@x.example") for number in range(12)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2
    assert "Offer 11" in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ({"email": "nobody"}, 422, "We need your email address to answer."),
        ({"consent": ""}, 422, "Tick this, so that we may answer."),
        ({"q0": ""}, 422, "This has to be answered."),
        ({"message": "x" * 10_001}, 422, "This is too long: up to 10000 characters."),
        ({"message": "x" * 70_000}, 413, "This is too long to be sent at once."),
    ],
)
def test_what_is_incomplete_or_too_large_is_said_beside_what_was_typed(cast, form, more, status, said):
    answer = send(form, **more)

    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert Delivery.objects.unscoped("tests").count() == 0


def test_the_script_of_a_listed_website_may_read_the_answer_and_any_other_website_is_refused(cast, form):
    client, address = Client(), f"/forms/{form.pk}/"
    told, asks = SAID, {"Accept": "application/json"}

    good = client.post(address, told, headers=asks | {"Origin": SITE})
    bad = client.post(address, told, headers=asks | {"Origin": "https://evil.example"})

    assert (good.status_code, json.loads(good.content), good.headers["Access-Control-Allow-Origin"]) == (
        200,
        {"said": "Thank you."},
        SITE,
    )
    assert (bad.status_code, "Access-Control-Allow-Origin" in bad.headers) == (403, False)
    assert Delivery.objects.unscoped("tests").count() == 1


def test_plain_html_without_key_or_script_is_taken_like_any_other(cast, form):
    answer = Client().post(f"/forms/{form.pk}/", SAID, headers={"Origin": SITE, "Referer": f"{SITE}/contact"})
    read()

    assert answer.status_code == 302
    assert Interaction.objects.unscoped("tests").get().parts["came_from"] == {"page": f"{SITE}/contact"}
    assert Deal.objects.unscoped("tests").count() == 1


def test_an_enquiry_of_somebody_with_an_open_deal_goes_there_and_leaves_its_source_alone(cast, form):
    deal = cast.deal(contact=cast.contact(), source="Fair")
    send(form, utm_source="google")
    read()

    assert Interaction.objects.unscoped("tests").get().deal_id == deal.pk
    assert Deal.objects.unscoped("tests").get().source == "Fair"


def test_a_form_that_is_switched_off_takes_nothing_and_the_script_is_small(cast, form):
    connections.switch(form, on=False, by=cast.tomas, at=MONDAY)

    script = Client().get("/forms/form.js")
    assert Client().get(f"/forms/{form.pk}/").status_code == 404
    assert (
        script.status_code,
        len(script.content) < 2_500,
        "cookie" in script.content.decode().partition("\n")[2],
    ) == (200, True, False)


def test_it_is_made_and_looked_after_on_channels_by_the_owner(cast):
    client = Client()
    client.force_login(cast.tomas)
    asked = SETTINGS | {"desk": "intake"}

    answer = client.post("/channels/form/shared/connection/", asked)
    page = client.get(answer.headers["Location"]).content.decode()

    made = Connection.objects.unscoped("tests").get()
    assert (made.desk, f"/forms/{made.pk}/" in page, "data-baton" in page) == ("intake", True, True)
