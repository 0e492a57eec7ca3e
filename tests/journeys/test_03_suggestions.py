"""What is read from mail is suggested with its sentence, counts as known nowhere, and takes one key to settle."""

import pytest
from playwright.sync_api import Page, expect

from baton.ledger.models import Deal
from tests.capture.letters import from_mailbox, letter
from tests.cast import HOUR, MONDAY, Cast, fresh
from tests.journeys.conftest import NOW

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = cast.company()
    deal = cast.deal(
        stage="quoted", at=MONDAY - 48 * HOUR, contact=cast.contact(company=company), company=company, scope="14 floors"
    )
    asked = letter(text="The board has signed off. Could we start on 1 December?", date=MONDAY)
    from_mailbox(cast.ana, asked, at=NOW)
    return deal


def ask(page: Page) -> None:
    """Open what stands behind the suggested value."""
    page.locator("#packet-start_date a.value[data-trust=suggested]").first.click()
    expect(page.locator("#source")).to_be_visible()


def test_a_suggestion_isn_t_known_until_one_key_confirms_it(page_at, look_everywhere, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    expect(page.locator("#packet-start_date")).to_have_attribute("data-has", "suggested")
    assert fresh(deal).value("start_date") is None
    look_everywhere(page.url, cast.ana, ask)

    ask(page)
    expect(page.locator("#source")).to_contain_text("Suggested. Nobody has confirmed it.")
    expect(page.locator("#source mark")).to_contain_text("1 December")
    page.keyboard.press("y")

    expect(page.locator("#packet-start_date")).not_to_have_attribute("data-has", "suggested")
    expect(page.locator("#packet-start_date")).to_contain_text("1 Dec")
    assert fresh(deal).value("start_date") == "2026-12-01"


def test_a_suggestion_is_dismissed_by_one_key_and_stays_so(page_at, cast, deal):
    page = page_at(1440, "dark", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    ask(page)
    page.keyboard.press("n")

    expect(page.locator("#packet-start_date")).to_have_attribute("data-has", "missing")
    expect(page.locator("#timeline a.value[data-trust=suggested]", has_text="1 Dec")).to_have_count(0)
    page.reload()
    expect(page.locator("#packet-start_date")).to_have_attribute("data-has", "missing")
    assert fresh(deal).value("start_date") is None


def test_a_suggestion_is_changed_before_it_counts(page_at, cast, deal):
    page = page_at(390, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    ask(page)
    page.locator("#source").get_by_role("link", name="Correct").click()
    page.get_by_role("dialog").get_by_label("Start date").fill("2026-12-08")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#packet-start_date")).to_contain_text("8 Dec")
    assert fresh(deal).value("start_date") == "2026-12-08"
