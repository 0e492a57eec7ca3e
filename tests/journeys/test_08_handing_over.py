"""Handing over: offered with a gap, returned with what was missing, put right, accepted; the clocks stop with it."""

import pytest
from playwright.sync_api import expect

from baton.ledger.models import Deal
from baton.work import next_steps
from baton.work.models import Duty
from tests.cast import HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def deal(cast: Cast) -> Deal:
    worth = {"minor": 4_600_000, "currency": "GBP"}
    deal = cast.deal(
        "Northgate winter gritting",
        "agreed",
        at=MONDAY - 48 * HOUR,
        contact=cast.contact(),
        amount=worth,
        scope="3 car parks",
        start_date="2026-11-23",
    )
    next_steps.set_next(deal, "thank Dana", by=cast.ana, at=MONDAY - 47 * HOUR, due=MONDAY + 48 * HOUR)
    return fresh(deal)


def open_duties() -> set[tuple[str, str]]:
    rows = Duty.objects.unscoped("tests").filter(subject_kind="handoff", closed_at=None)
    return {(duty.behavior, duty.owed_by.short_name) for duty in rows.select_related("owed_by")}


def test_a_deal_goes_over_comes_back_and_goes_over_again(page_at, look_everywhere, cast, deal):
    ana, ben = page_at(1440, "light", cast.ana), page_at(1440, "dark", cast.ben)

    ana.goto(f"/deals/{deal.pk}/")
    ana.keyboard.press("h")
    offer = ana.get_by_role("dialog")
    expect(offer.get_by_role("heading", name="Hand to Operations")).to_be_visible()
    expect(offer.locator(".packet [data-has=missing]")).to_have_count(1)
    expect(offer.locator(".packet [data-has=missing]")).to_contain_text("The first crew stands outside.")
    offer.get_by_label("A word to them").fill("They ring at four.")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#notices")).to_contain_text("Offered to Operations.")

    ben.goto("/")
    expect(ben.locator(".duty", has_text="Northgate winter gritting")).to_have_count(1)
    ben.goto("/handoffs/")
    expect(ben.locator("#packet")).to_contain_text("They ring at four.")
    expect(ben.locator("[data-key=A]")).to_be_disabled()
    ben.keyboard.press("r")
    expect(ben.get_by_role("checkbox", name="Key holder")).to_be_checked()
    ben.get_by_label("What do you need, so the work can start?").fill("Who lets us in at four?")
    ben.keyboard.press("Control+Enter")
    expect(ben.locator("#notices")).to_contain_text("Returned, with what is missing.")

    ana.goto("/")
    back = ana.locator(".duty", has_text="Northgate winter gritting")
    expect(back.first).to_contain_text("Key holder")
    ana.goto(f"/deals/{deal.pk}/")
    ana.locator("#packet-key_holder").get_by_role("link", name="Say it").click()
    ana.get_by_role("dialog").get_by_role("textbox").first.fill("Colin Hart")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#packet-key_holder")).to_contain_text("Colin Hart")
    expect(ana.get_by_role("dialog")).to_have_count(0)
    expect(ana.locator("#packet-key_holder").get_by_role("link").first).to_be_focused()
    ana.keyboard.press("h")
    expect(offer).to_contain_text("4 there")
    expect(offer.locator(".packet [data-has=missing]")).to_have_count(0)
    ana.keyboard.press("Control+Enter")
    expect(ana.locator("#notices")).to_contain_text("Offered to Operations.")

    ben.goto("/handoffs/")
    look_everywhere(ben.url, cast.ben)
    ben.keyboard.press("a")
    expect(ben.locator("#notices")).to_contain_text("Accepted. The deal is yours.")
    assert (fresh(deal).desk, fresh(deal).owner_id) == ("operations", cast.ben.pk)
    assert open_duties() == set()

    ana.goto(f"/deals/{deal.pk}/")
    expect(ana.get_by_role("region", name="Across desks").locator("li")).to_have_count(2)
    look_everywhere(ana.url, cast.ana)
    ana.goto("/")
    expect(ana.locator(".duty-what")).to_contain_text(["What shows that Northgate winter gritting is “Agreed”?"])
    expect(ana.get_by_label("Your entries were used")).to_contain_text("Ben")


def test_the_work_starts_already_and_what_is_still_owed_is_asked(page_at, cast, deal):
    ana, ben = page_at(1440, "light", cast.ana), page_at(390, "light", cast.ben)
    ana.goto(f"/deals/{deal.pk}/")
    ana.keyboard.press("h")
    ana.get_by_role("button", name="Hand over").click()
    expect(ana.locator("#notices")).to_contain_text("Offered to Operations.")

    ben.goto("/handoffs/")
    ben.locator(".handoff-list [data-open]").first.tap()
    ben.get_by_role("link", name="Start already").tap()
    expect(ben.get_by_role("checkbox", name="Key holder")).to_be_checked()
    ben.get_by_role("dialog").get_by_role("button", name="Start already").tap()
    expect(ben.locator("#notices")).to_contain_text("Started. What is still owed was asked.")

    ana.goto("/")
    expect(ana.locator(".duty", has_text="Key holder")).to_have_count(1)
    assert fresh(deal).desk == "operations"


def test_a_value_changed_after_acceptance_is_noted_at_the_receiving_desk(page_at, cast, deal):
    cast.tell("deal", deal.pk, by=cast.ana, key_holder={"name": "Colin Hart"})
    ana, ben = page_at(1440, "light", cast.ana), page_at(1440, "dark", cast.ben)
    ana.goto(f"/deals/{deal.pk}/")
    ana.keyboard.press("h")
    ana.get_by_role("button", name="Hand over").click()
    expect(ana.locator("#notices")).to_contain_text("Offered to Operations.")
    ben.goto("/handoffs/")
    ben.keyboard.press("a")
    expect(ben.locator("#notices")).to_contain_text("Accepted.")

    ana.goto(f"/deals/{deal.pk}/")
    cast.tell("deal", deal.pk, by=cast.ana, at=MONDAY + HOUR / 2, start_date="2026-11-30")

    ben.goto("/")
    changed = ben.locator(".duty", has_text="Start date")
    expect(changed).to_have_count(1)
    changed.get_by_role("button", name="Noted").click()
    expect(ben.locator(".duty", has_text="Noted.")).to_have_count(1)
    assert open_duties() == set()
