"""Moving a deal: by drag, by menu, by key, in bulk. It always saves; what nothing shows is marked as said."""

import pytest
from playwright.sync_api import Locator, Page, expect

from baton.ledger.models import Deal
from baton.work import notes
from tests.cast import HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = cast.company()
    worth = {"minor": 1_000_000, "currency": "GBP"}
    return cast.deal(
        contact=cast.contact(company=company), company=company, at=MONDAY - 48 * HOUR, stage="visited", amount=worth
    )


def lane(page: Page, name: str) -> Locator:
    return page.get_by_label(name, exact=True)


def drag(page: Page, card: Locator, onto: Locator) -> None:
    """Carry a card over to a lane the way a hand does, in steps."""
    start, end = card.bounding_box(), onto.bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 30, steps=12)
    page.mouse.move(end["x"] + 62, end["y"] + 38, steps=4)
    page.mouse.up()


def test_a_card_is_dragged_and_stands_there_as_said(page_at, look_everywhere, cast, deal):
    cast.deal("Alder House", at=MONDAY - 48 * HOUR, stage="quoted")
    page = page_at(1440, "light", cast.ana)
    page.goto("/deals/board/")

    drag(page, lane(page, "Visited").locator("[data-card]"), lane(page, "Quoted").locator("[data-lane]"))

    moved = lane(page, "Quoted").locator("[data-card]", has_text="Quayside Tower")
    expect(moved).to_contain_text("said, not shown")
    expect(page.locator("#notices")).to_contain_text("said, until something shows it")
    expect(lane(page, "Visited").locator("[data-card]")).to_have_count(0)
    expect(page.locator(".page-ask")).to_contain_text("£10,000 open, weighing £0 by evidence.")
    assert (fresh(deal).stage, fresh(deal).shown) == ("quoted", False)
    look_everywhere("/deals/board/", cast.ana)


def test_on_a_phone_the_card_s_menu_moves_it(page_at, cast, deal):
    page = page_at(390, "dark", cast.ana)
    page.goto("/deals/board/")

    page.get_by_role("button", name="Move Quayside Tower to…").tap()
    page.get_by_role("group", name="Move to…").get_by_role("button", name="Agreed").tap()

    expect(lane(page, "Agreed").locator("[data-card]")).to_contain_text("said, not shown")
    assert (fresh(deal).stage, fresh(deal).shown) == ("agreed", False)


def test_evidence_picked_on_the_spot_makes_it_shown(page_at, look_everywhere, cast, deal):
    yes = cast.mail(deal, text="We accept the quote, go ahead.", at=MONDAY - HOUR)
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.locator(".stage", has_text="Agreed").get_by_role("link", name="Agreed").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Without, the move saves and the stage is said, not shown.")
    dialog.get_by_label("Email from Dana Whitlock").check()
    page.keyboard.press("Control+Enter")

    expect(page.locator(".stage[data-now]")).to_have_attribute("data-evidence", "shown")
    assert (fresh(deal).stage, fresh(deal).shown) == ("agreed", True)
    assert fresh(deal).evidence["agreed"]["interaction"] == str(yes.pk)
    look_everywhere(page.url, cast.ana)


def test_evidence_that_baton_finds_needs_no_picking(page_at, cast):
    deal = cast.deal("Alder House", at=MONDAY - 48 * HOUR)
    notes.log(deal, "meeting", "Walked the site.", by=cast.ana, at=MONDAY - HOUR, minutes=30)
    page = page_at(1440, "dark", cast.ana)
    page.goto("/deals/board/")

    page.keyboard.press("m")
    page.get_by_role("group", name="Move to…").get_by_role("button", name="Visited").click()

    expect(page.locator("#notices")).to_contain_text("it is shown")
    expect(lane(page, "Visited")).not_to_contain_text("said, not shown")
    assert fresh(deal).shown is True


def test_a_reason_instead_of_evidence_becomes_an_exception(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.keyboard.press("m")
    page.get_by_label("Or why without evidence").fill("Agreed by phone, they never write")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("region", name="Exceptions")).to_contain_text("Agreed by phone, they never write")
    expect(page.locator(".stage[data-now]")).to_have_attribute("data-evidence", "said")


def test_several_are_moved_at_once(page_at, cast, deal):
    cast.deal("Alder House", at=MONDAY - 48 * HOUR)
    page = page_at(1440, "light", cast.ana)
    page.goto("/deals/list/")

    for box in page.get_by_role("checkbox", name="Choose").all():
        box.check()
    page.get_by_label("Stage", exact=True).select_option("Quoted")
    page.get_by_role("button", name="Move", exact=True).click()

    expect(page.locator("#notices")).to_contain_text("2 deals changed.")
    expect(page.locator("tbody").get_by_text("said, not shown")).to_have_count(2)


def test_an_edit_that_somebody_else_made_meanwhile_is_not_run_over(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto("/deals/board/")
    cast.tell("deal", deal.pk, by=cast.bram, stage="quoted")

    page.get_by_role("button", name="Move Quayside Tower to…").click()
    page.get_by_role("group", name="Move to…").get_by_role("button", name="Agreed").click()

    expect(page.get_by_text("Somebody changed this meanwhile.")).to_be_visible()
    assert fresh(deal).stage == "quoted"
