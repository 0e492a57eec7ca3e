"""The pipeline as a board and as a list, worked with the keyboard; and everything found as it is typed."""

import pytest
from playwright.sync_api import Page, expect

from baton.ledger.models import Deal
from tests.cast import HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def deals(cast: Cast) -> list[Deal]:
    company = cast.company()
    contact = cast.contact(company=company)
    rows = [
        ("Quayside Tower", 8_460_000, cast.ana),
        ("Alder House", 900_000, cast.bram),
        ("Corran", 2_500_000, cast.ana),
    ]
    return [
        cast.deal(
            title,
            "visited",
            at=MONDAY - 48 * HOUR,
            owner=owner,
            contact=contact,
            company=company,
            amount={"minor": minor, "currency": "GBP"},
        )
        for title, minor, owner in rows
    ]


def titles(page: Page):
    return page.locator("tbody a[data-open]")


def test_the_board_adds_up_over_all_deals_and_shows_more_on_demand(page_at, look_everywhere, cast, deals):
    for number in range(25):
        cast.deal(f"Enquiry {number:02}", at=MONDAY - HOUR, amount={"minor": 100_000, "currency": "GBP"})
    page = page_at(1440, "light", cast.ana)
    page.goto("/deals/board/")

    lane = page.get_by_label("Enquiry", exact=True)
    expect(lane.locator("header")).to_contain_text("25")
    expect(lane.locator("header")).to_contain_text("£25,000")
    shown = lane.locator("[data-card]").count()
    assert shown < 25
    lane.get_by_role("link", name="More of this stage").click()
    expect(lane.locator("[data-card]")).to_have_count(25)
    look_everywhere("/deals/board/", cast.ana)


def test_a_list_is_sorted_filtered_and_kept_for_everybody(page_at, look_everywhere, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/deals/list/")

    page.get_by_role("columnheader", name="Amount").get_by_role("link").click()
    expect(titles(page)).to_have_text(["Alder House", "Corran", "Quayside Tower"])
    page.get_by_role("columnheader", name="Amount").get_by_role("link").click()
    expect(titles(page)).to_have_text(["Quayside Tower", "Corran", "Alder House"])
    expect(page.get_by_role("columnheader", name="Amount")).to_have_attribute("aria-sort", "descending")

    page.locator("summary", has_text="Filter").click()
    page.get_by_label("What", exact=True).select_option("Amount")
    page.get_by_label("How", exact=True).select_option("from")
    page.get_by_label("Value", exact=True).fill("12k")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(titles(page)).to_have_text(["Quayside Tower", "Corran"])

    page.locator("summary", has_text="Keep this view").click()
    page.get_by_label("Name", exact=True).fill("Large ones")
    page.get_by_label("for everybody").check()
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("link", name="Large ones")).to_be_visible()

    theirs = page_at(390, "dark", cast.bram)
    theirs.goto("/deals/list/")
    theirs.get_by_role("link", name="Large ones").tap()
    expect(titles(theirs)).to_have_text(["Quayside Tower", "Corran"])
    look_everywhere(theirs.url, cast.bram)


def test_the_keyboard_walks_chooses_and_edits(page_at, cast, deals):
    page = page_at(1440, "dark", cast.ana)
    page.goto("/deals/list/?sort=title")
    expect(titles(page)).to_have_text(["Alder House", "Corran", "Quayside Tower"])

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    row = page.locator("tbody tr", has_text="Corran")
    expect(row.get_by_role("checkbox")).to_be_checked()

    row.get_by_role("link", name="change it for Corran").filter(has_text="£25,000").click()
    page.get_by_label("Amount, Corran").fill("31.5k")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("£31,500")
    assert fresh(deals[2]).amount == 3_150_000
    assert fresh(deals[2]).stage == deals[2].stage, "Enter in a cell saves the cell, and does nothing to the chosen"

    page.get_by_role("textbox", name="Next step", exact=True).fill("Send the quote")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("Send the quote")
    assert fresh(deals[2]).stage == deals[2].stage, "Enter beside a next step sets it; it moves nothing"

    page.locator("h1").click()
    page.keyboard.press("v")
    expect(page.get_by_role("region", name="Deals by stage")).to_be_visible()
    page.keyboard.press("v")
    expect(page.locator("tbody")).to_be_visible()
    row.locator("[data-open]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Corran")


def test_anything_is_found_as_it_is_typed(page_at, look_everywhere, cast, deals):
    cast.mail(deals[0], at=MONDAY - HOUR, text="The lifts are serviced at night.")
    page = page_at(1440, "light", cast.ana)
    page.goto("/contacts/")

    page.keyboard.press("Control+k")
    found = page.locator("#found a")
    page.keyboard.type("qua")
    expect(found.filter(has_text="Quayside Tower").first).to_be_visible()
    for typed, what in (("serv", "The lifts are serviced"), ("dan", "Dana Whitlock"), ("marl", "Marlowe")):
        page.get_by_role("searchbox", name="Find a deal").fill(typed)
        expect(found.filter(has_text=what).first).to_be_visible()
    page.get_by_role("searchbox", name="Find a deal").fill("alder")
    expect(found.first).to_contain_text("Alder House")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Alder House")
    look_everywhere("/search/?q=da", cast.ana)


def test_what_a_page_can_do_is_found_in_the_palette(page_at, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deals[0].pk}/")

    page.keyboard.press("Control+k")
    page.keyboard.type("hand to")
    page.locator("#doable").get_by_role("button", name="Hand to Operations").or_(
        page.locator("#doable").get_by_role("button").first
    ).first.click()

    expect(page.locator("#palette")).to_be_hidden()
