"""The quick line on its page: read before it is recorded, changed in words, recorded once; quick enough for a thumb."""

import pytest
from django.test import Client
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from baton.kernel.clock import now
from baton.ledger.models import Deal, Interaction
from baton.work.models import Promise
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import Cast, fresh

pytestmark = [pytest.mark.urls("tests.web.deal.addresses")]
LINE = "Called Dana at Marlowe, quote by Friday, only outside tenant hours, about 12k, call back Tue 10:00"
MOST_ACTIONS = 3
"""Besides typing the line: open it, save it, and one more for good measure. Each takes a person about a second."""


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


@pytest.fixture
def client(cast) -> Client:
    client = Client()
    client.force_login(cast.ana, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def fields_of(response) -> dict[str, str]:
    """Return what the form would send as it stands, ticks included."""
    tree = LexborHTMLParser(response.content.decode())
    found = {node.attributes["name"]: node.attributes.get("value", "") for node in tree.css("main input[name]")}
    for select in tree.css("main select[name]"):
        chosen = select.css_first("option[selected]") or select.css_first("option")
        found[select.attributes["name"]] = chosen.attributes["value"]
    found["line"] = tree.css_first("main textarea").text()
    return {name: value or "" for name, value in found.items() if name != "csrfmiddlewaretoken"}


def names(response) -> list[str]:
    return [" ".join(node.text().split()) for node in LexborHTMLParser(response.content.decode()).css(".read-kind")]


def test_a_line_is_shown_as_read_before_anything_is_recorded(client, deal):
    response = client.post("/quick/reading/", {"line": LINE})

    assert names(response) == ["What", "With", "At", "Deal", "Promise", "Exception", "Worth", "Next step"]
    assert Interaction.objects.unscoped("tests").count() == 0


@pytest.mark.parametrize(
    "line",
    [
        "Dana angerufen, Angebot bis Freitag, etwa 12k, Rückruf am Dienstag um 10:00",
        "Zvao Danu, ponuda do petka, oko 12.000 eura, nazvati u utorak u 10:00",
        "Called Dana, quote by Friday, about 12k, call back on Tuesday 10:00",
    ],
    ids=["German", "Croatian", "English"],
)
def test_a_line_is_read_in_the_language_it_is_typed_in_whatever_the_screen_speaks(client, deal, line):
    response = client.post("/quick/reading/", {"line": line})

    assert names(response) == ["What", "With", "Deal", "Promise", "Worth", "Next step"]
    assert "10:00" in response.content.decode()


def test_what_was_shown_is_what_is_recorded(client, deal):
    shown = client.post("/quick/reading/", {"line": LINE})

    client.post("/quick/", fields_of(shown))

    assert (fresh(deal).amount, fresh(deal).next_step) == (1_200_000, "call back")
    assert Promise.objects.unscoped("tests").get().what == "quote"


def test_a_chip_is_changed_in_words_and_another_left_out(client, deal):
    sent = fields_of(client.post("/quick/reading/", {"line": LINE}))
    worth = next(name for name in sent if name.startswith("sum-"))
    promise = next(name for name in sent if name.startswith("chip-") and '"promise"' in sent[name])
    del sent[promise.replace("chip", "keep")]

    client.post("/quick/", sent | {worth: "14k"})

    assert fresh(deal).amount == 1_400_000
    assert Promise.objects.unscoped("tests").count() == 0


def test_of_two_of_one_name_the_other_can_be_meant(cast, client, deal):
    other = cast.contact("Dana Brook", "brook@kestrel.example")
    sent = fields_of(client.post("/quick/reading/", {"line": "Called Dana"}))
    pick = next(name for name in sent if name.startswith("pick-"))

    client.post("/quick/", sent | {pick: f'{{"id": "{other.pk}"}}'})

    assert Interaction.objects.unscoped("tests").get().contact_id == other.pk


def test_somebody_new_and_their_deal_begin_on_the_spot(client):
    sent = fields_of(client.post("/quick/reading/", {"line": "Called Colin Hart at Kestrel, quote by Friday"}))

    client.post("/quick/", sent)

    assert Deal.objects.unscoped("tests").get().title == "Kestrel"


def test_a_line_sent_twice_is_recorded_once(client, deal):
    sent = fields_of(client.post("/quick/reading/", {"line": LINE}))

    for _again in range(2):
        client.post("/quick/", sent)

    assert Promise.objects.unscoped("tests").count() == 1


def test_a_line_kept_without_a_connection_is_recorded_at_its_time(client, deal):
    before = now().replace(microsecond=0, hour=0)

    client.post("/quick/", {"line": "Called Dana", "key": "k", "typed_at": before.isoformat()})

    assert Interaction.objects.unscoped("tests").get().happened_at == before


def test_the_line_alone_is_kept_where_somebody_says_so(client, deal):
    client.post("/quick/", {"line": LINE, "key": "k", "only": "line"})

    note = Interaction.objects.unscoped("tests").get()
    assert (note.deal_id, fresh(deal).amount) == (deal.pk, None)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_person_is_done_in_under_ten_seconds(server, page_at, width, scheme):
    cast = Cast()
    company = cast.company()
    deal = cast.deal(contact=cast.contact(company=company), company=company)
    page, actions = page_at(width, scheme, cast.ana), 0
    page.goto(f"/deals/{deal.pk}/" if width > 600 else "/quick/")
    if width > 600:
        page.keyboard.press("c")
        actions += 1
    line = page.locator("#capture textarea" if width > 600 else "main textarea")
    line.press_sequentially(LINE)
    expect(page.locator("#quick-read .read").last).to_contain_text("call back")
    assert_accessible(page)
    assert_no_sideways_scroll(page)

    page.keyboard.press("Control+Enter")
    actions += 1

    expect(page.locator("#notices")).to_contain_text("Recorded")
    assert actions <= MOST_ACTIONS
    assert fresh(deal).next_step == "call back"
