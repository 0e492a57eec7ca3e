"""Twenty-one: the Monday meeting is held from the live pipeline with one keyboard; its minutes write themselves."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baton.ledger.models import Deal
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import HOUR, MONDAY, fresh

pytestmark = pytest.mark.usefixtures("monday")
EARLIER = MONDAY - timedelta(days=3)


@pytest.fixture
def gantry(cast):
    amount = {"minor": 3_300_000, "currency": "GBP"}
    deal = cast.deal("Gantry Works", at=EARLIER, amount=amount)
    cast.tell("deal", deal.pk, by=cast.ana, at=EARLIER + HOUR, close_date="2026-11-12")
    return deal


def test_a_review_is_held_with_one_keyboard(cast, gantry, page_at, look_everywhere):
    cast.deal("Bright & Sons", at=EARLIER, amount={"minor": 620_000, "currency": "GBP"})
    page = page_at(1440, "light", cast.tomas)
    page.goto("/review/")
    expect(page.get_by_text("Its close date, Thu 12 Nov, has passed")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Gantry Works")).to_be_visible()
    assert_accessible(page)

    page.keyboard.press("1")
    page.get_by_role("textbox", name="What’s next").fill("Book the visit")
    page.get_by_label("By when").fill("Fri")
    page.get_by_role("dialog").get_by_label("Decided by").select_option("Ben Raman")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Next: Book the visit")).to_be_visible()

    page.keyboard.press("n")
    page.keyboard.type("worth £20,000")
    expect(page.get_by_text("Read as")).to_be_visible()
    page.get_by_role("button", name="Decided").click()
    expect(page.get_by_text("worth £20,000").last).to_be_visible()
    expect(page.get_by_text("£20,000, Ana Horvat")).to_be_visible()

    page.keyboard.press("s")
    expect(page.get_by_role("searchbox", name="What does Baton say?")).to_be_focused()
    page.keyboard.type("what is open by owner")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 deals, £26,200")).to_be_visible()

    page.keyboard.press("Escape")
    page.keyboard.press("q")
    page.keyboard.type("Fernhill Care Homes: about 24k")
    page.keyboard.press("Enter")
    expect(page.get_by_text("wasn’t in Baton. Now it is")).to_be_visible()

    page.get_by_role("button", name="End the review").click()
    expect(page.get_by_role("heading", name="Decided")).to_be_visible()
    expect(page.get_by_text("£33,000 → £20,000")).to_be_visible()
    minutes = page.url
    after = fresh(gantry)
    assert (after.next_step, after.amount) == ("Book the visit", 2_000_000)
    assert Deal.objects.unscoped("tests").filter(title="Fernhill Care Homes").exists()

    page.goto(f"/deals/{gantry.pk}/")
    expect(page.get_by_text("Decided in Monday review").first).to_be_visible()
    mine = page_at(390, "dark", cast.ana)
    mine.goto("/")
    expect(mine.get_by_text("Tomas decided on Gantry Works in Monday review").first).to_be_visible()
    look_everywhere(minutes, cast.tomas)
    assert_no_sideways_scroll(page)
