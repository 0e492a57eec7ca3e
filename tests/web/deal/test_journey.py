"""A salesperson works a deal from inside its page, with keys, on a wide screen and on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baton.kernel.clock import now
from baton.work.models import Promise
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import Cast, fresh
from tests.web.deal.scene import quayside

pytestmark = pytest.mark.urls("tests.web.deal.addresses")
SIZES = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def cast(server):
    return Cast()


@pytest.fixture
def deal(cast):
    return quayside(cast, at=now() - timedelta(minutes=10))


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_a_deal_is_read_on_any_screen(page_at, cast, deal, width, scheme):
    page = page_at(width, scheme, cast.ana)

    page.goto(f"/deals/{deal.pk}/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Quayside Tower")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_a_suggestion_is_confirmed_from_its_source_by_one_key(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.locator("#timeline a.value[data-trust=suggested]").click()
    expect(page.locator("#source")).to_contain_text("Suggested. Nobody has confirmed it.")
    assert_accessible(page)
    page.keyboard.press("y")

    expect(page.locator("#packet-start_date")).not_to_have_attribute("data-has", "suggested")
    expect(page.locator("#source")).to_be_hidden()
    assert fresh(deal).value("start_date") == "2026-12-01"


def test_done_and_what_is_next_is_one_step(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.keyboard.press("d")
    page.get_by_label("What came of it").fill("Sent it, she reads it tonight.")
    page.get_by_role("textbox", name="What’s next").fill("Ring Dana about the quote")
    page.get_by_label("By when").fill("tomorrow 10:00")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("region", name="Next step")).to_contain_text("Next: Ring Dana about the quote.")
    expect(page.locator("#timeline")).to_contain_text("Sent it, she reads it tonight.")
    expect(page.locator("#dialog")).to_be_hidden()


def test_a_deal_is_moved_by_key_with_evidence_picked_on_the_spot(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.keyboard.press("m")
    expect(page.get_by_role("heading", name="Move to Agreed")).to_be_visible()
    assert_accessible(page)
    page.locator("#dialog input[name=evidence]").first.check()
    page.get_by_role("button", name="Move").click()

    expect(page.locator(".stage[data-now]")).to_have_attribute("data-evidence", "shown")
    assert (fresh(deal).stage, fresh(deal).shown, fresh(deal).status) == ("agreed", True, "won")


def test_one_line_on_the_deal_becomes_its_record(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.keyboard.press("n")
    page.keyboard.type("Called Dana, method statement by Friday, call back Tue 10:00")
    expect(page.locator("#say-read .read")).to_have_count(4)
    assert_accessible(page)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#timeline")).to_contain_text("Call, You and Dana Whitlock")
    expect(page.get_by_role("region", name="Next step")).to_contain_text("call back")
    expect(page.get_by_role("main").get_by_label("What happened, in one line")).to_have_value("")


def test_the_whole_way_works_without_a_script(browser, server, cast, deal):
    from tests.browser import _session

    context = browser.new_context(base_url=server, java_script_enabled=False)
    context.add_cookies([_session(server, cast.ana)])
    page = context.new_page()
    page.goto(f"/deals/{deal.pk}/next-step/")

    page.get_by_label("What came of it").fill("Sent.")
    page.get_by_role("textbox", name="What’s next").fill("Ring Dana")
    page.get_by_role("button", name="Save").click()

    expect(page).to_have_url(f"{server}/deals/{deal.pk}/")
    assert fresh(deal).next_step == "Ring Dana"
    context.close()


def test_who_was_slower_reads_why_and_saves_again_and_pressing_twice_records_once(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    page.get_by_role("link", name="£84,600").first.click()
    expect(page.locator("#source")).to_contain_text("Correct")
    page.keyboard.press("e")
    page.get_by_role("textbox", name="Amount").fill("70k")
    cast.tell("deal", deal.pk, by=cast.bram, at=now(), amount={"minor": 9_000_000, "currency": "GBP"})
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_contain_text("£90,000 (Bram Castell")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)

    page.get_by_role("link", name="A promise").click()
    page.locator("dialog[open]").get_by_role("textbox", name="What").fill("Send the plan")
    page.get_by_role("button", name="Record it").dblclick()
    expect(page.get_by_text("Send the plan").first).to_be_visible()

    assert fresh(deal).amount == 7_000_000
    assert Promise.objects.unscoped("tests").filter(deal=deal, what="Send the plan").count() == 1
