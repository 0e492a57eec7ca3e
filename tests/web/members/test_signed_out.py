"""Whose session ends while a page stands open loses nothing of what was typed in it."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from baton.ledger.models import Interaction
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


@pytest.fixture
def there(transactional_db) -> str:
    """Where the page was that stood open."""
    return f"/deals/{Cast().deal().pk}/"


def test_a_part_of_a_page_is_answered_with_the_way_to_the_sign_in_page_and_back(client: Client, there):
    part = client.get("/people/", headers=HTMX | {"Referer": f"http://testserver{there}"})
    link = LexborHTMLParser(part.content.decode()).css_first("a")

    assert (part.status_code, part.headers["HX-Retarget"]) == (401, "#notices")
    assert link.attributes == {"href": f"/account/login/?{urlencode({'next': there})}"}


def test_a_plain_form_is_kept_and_one_without_words_leads_back_to_its_page(client: Client, there):
    headers = {"Referer": f"http://testserver{there}"}

    kept, empty = (
        client.post("/quick/", {"line": "Rang Dana"}, headers=headers),
        client.post("/quick/", {"line": ""}, headers=headers),
    )

    page = LexborHTMLParser(kept.content.decode())
    assert (kept.status_code, page.css_first("textarea").text()) == (401, "Rang Dana")
    assert (empty.status_code, empty.headers["Location"]) == (302, f"/account/login/?next={there}")
    assert not Interaction.objects.unscoped("tests").exists()


def test_what_is_typed_while_the_session_ends_is_recorded_after_signing_in_elsewhere(server, page_at):
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    page = page_at(390, "dark", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    signed_in = [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    line = page.get_by_role("textbox", name="What happened, in one line").first

    page.context.clear_cookies(name="sessionid")
    line.fill("Dana has the keys")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("You are signed out, so nothing was changed")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    expect(line).to_have_value("Dana has the keys")

    page.context.clear_cookies()  # whoever signs in gets a new token, which the open page doesn't know
    page.context.add_cookies(signed_in)
    token = {"name": "csrftoken", "value": "a" * 32, "url": server}
    page.context.add_cookies([token])
    record = page.locator("#say-form").get_by_role("button", name="Record")
    record.click()
    expect(notice).to_contain_text("Look it over and send it again.")
    record.click()

    expect(page.locator("#timeline")).to_contain_text("Dana has the keys")
    assert Interaction.objects.unscoped("tests").count() == 1
