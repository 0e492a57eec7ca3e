"""A stranger writes: by one key the message is a contact, a company and a deal at intake; or it opens one by itself."""

import pytest
from playwright.sync_api import expect

from baton.ledger.models import Company, Deal
from tests.capture.letters import from_mailbox, letter, to_desk
from tests.journeys.conftest import NOW

pytestmark = pytest.mark.usefixtures("monday")
TEXT = "We need the gutters of four houses cleared before Christmas.\n\n-- \nPetra Lind\nTyneview Homes\n"


def test_one_key_makes_a_contact_a_company_and_a_deal(page_at, look_everywhere, cast):
    from_mailbox(cast.mia, letter("Petra Lind <petra@tyneview.example>", "mia@lime.example", "Gutters", TEXT), at=NOW)
    page = page_at(1440, "light", cast.mia)
    page.goto("/inbox/")
    expect(page.locator(".page-ask")).to_contain_text("1 thing came in that Baton couldn’t place")
    expect(page.locator(".reader")).to_contain_text("We need the gutters of four houses cleared")

    page.keyboard.press("n")

    expect(page.locator("#notices")).to_contain_text("Opened")
    expect(page.locator("#inbox")).to_contain_text("Everything that came in has its place")
    look_everywhere("/inbox/", cast.mia)

    deal = Deal.objects.unscoped("tests").get()
    page.goto(f"/deals/{deal.pk}/")
    expect(page.locator(".stage[data-now]")).to_contain_text("Enquiry")
    expect(page.locator(".figures")).to_contain_text("Intake")
    expect(page.locator("#timeline")).to_contain_text("We need the gutters of four houses cleared")
    expect(page.get_by_role("region", name="People")).to_contain_text("Petra Lind")
    look_everywhere(page.url, cast.mia)

    page.locator("#deal-head").get_by_role("link", name="Tyneview").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tyneview")
    page.get_by_role("link", name="Petra Lind").click()
    expect(page.locator("aside")).to_contain_text("petra@tyneview.example")


def test_a_free_mail_address_is_nobody_s_company(page_at, cast):
    from_mailbox(cast.mia, letter("Olive Kerr <olive.kerr@gmail.com>", "mia@lime.example", "Windows", TEXT), at=NOW)
    page = page_at(390, "dark", cast.mia)
    page.goto("/inbox/")

    page.get_by_role("button", name="Open a deal").click()

    expect(page.locator("#notices")).to_contain_text("Opened")
    page.goto("/companies/")
    expect(page.locator("main")).to_contain_text("Nobody here answers to this")
    assert Company.objects.unscoped("tests").count() == 0


def test_what_comes_to_the_desk_s_address_opens_a_deal_by_itself(page_at, cast):
    to_desk(letter("Petra Lind <petra@tyneview.example>", "hello@lime.example", "Gutters", TEXT), at=NOW)

    page = page_at(1440, "light", cast.mia)
    page.goto("/")
    expect(page.locator(".duty", has_text="Petra Lind").first).to_be_visible()
    page.goto("/inbox/")
    expect(page.locator("#inbox")).to_contain_text("Everything that came in has its place")
    page.goto("/deals/board/")

    expect(page.get_by_label("Enquiry", exact=True)).to_contain_text("Tyneview")
