"""Ana's morning with keys, on a wide screen and on a phone; and Ben, who takes what she hands over."""

from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh
from tests.web.today.scene import busy, offered, planned_visit

pytestmark = pytest.mark.urls("tests.web.deal.addresses")
SIZES = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def cast(server) -> Cast:
    return Cast()


@pytest.fixture
def deals(cast):
    found = busy(cast)
    planned_visit(cast, found["quayside"], MONDAY + 2 * HOUR)
    return found


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY + 10 * MINUTE):
        yield


def row(page: Page, what: str):
    return page.locator(".duty", has_text=what)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_today_is_read_on_any_screen(page_at, cast, deals, width, scheme):
    page = page_at(width, scheme, cast.ana)

    page.goto("/")

    expect(page.locator(".page-ask")).to_have_text("Monday 16 November. You owe 6 things, 1 of them late.")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_a_morning_by_keys_alone(page_at, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/today/")

    page.keyboard.press("y")
    expect(row(page, "Method statement")).to_contain_text("Kept.")
    expect(row(page, "Reply to Dana")).to_be_focused()
    expect(page.locator(".page-ask")).to_contain_text("You owe 5 things.")

    page.keyboard.press("y")
    expect(row(page, "Reply to Dana")).to_contain_text("It is still owed until")
    assert fresh(deals["quayside"]).value("start_date") == "2026-12-01"

    page.keyboard.press("s")
    expect(page.get_by_role("dialog")).to_contain_text("It stays due by 11:00")
    assert_accessible(page)
    page.keyboard.press("1")
    expect(row(page, "Reply to Dana")).to_contain_text("Put off until")
    expect(page.get_by_role("dialog")).to_have_count(0)

    row(page, "Reply to Dana").get_by_role("button", name="Undo").click()
    expect(row(page, "Reply to Dana")).to_contain_text("It is back.")


def test_done_and_next_in_one_dialog(page_at, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/today/")

    row(page, "Call Dana about the lifts").get_by_text("Done, and next?").click()
    expect(page.get_by_label("What came of it")).to_be_focused()
    page.keyboard.type("Both lifts, at night")
    page.get_by_label("What’s next, and when").fill("send the method statement Thu 12:00")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")

    expect(row(page, "Next: send the method statement")).to_have_count(1)
    assert fresh(deals["quayside"]).next_step == "send the method statement"


def test_a_question_is_answered_in_its_row_on_a_phone(page_at, cast, deals):
    page = page_at(390, "light", cast.ana)
    page.goto("/today/")

    page.get_by_label("Your answer").fill("Colin Hart")
    page.get_by_role("button", name="Answer", exact=True).click()

    expect(row(page, "Answered.")).to_have_count(1)
    assert fresh(deals["alder"]).value("key_holder") == "Colin Hart"


def test_a_refusal_is_said_where_one_is_looking_and_nothing_changes(page_at, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/today/")

    row(page, "Method statement").get_by_text("Agree a new date").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("dialog")).to_contain_text("Say the new date.")


def test_why_shows_the_behavior_beside_the_row(page_at, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/today/")

    row(page, "Reply to Dana").hover()
    page.get_by_text("Why 11:00?").click()

    expect(page.locator("#source")).to_contain_text("So that nobody waits until tomorrow.")
    assert_accessible(page)


def test_without_scripts_everything_is_a_form(browser, server, cast, deals):
    from tests.browser import _session

    context = browser.new_context(base_url=server, java_script_enabled=False)
    context.add_cookies([_session(server, cast.ana)])
    page = context.new_page()
    page.goto("/today/")

    page.get_by_role("button", name="Kept").click()

    expect(page.locator("#notices")).to_contain_text("Kept.")
    expect(page.locator(".page-ask")).to_contain_text("You owe 5 things.")
    context.close()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_a_packet_is_returned_from_any_screen(page_at, cast, width, scheme):
    handoff = offered(cast)
    page = page_at(width, scheme, cast.ben)
    page.goto("/handoffs/")
    assert_no_sideways_scroll(page)
    assert_accessible(page)

    page.goto(f"/handoffs/{handoff.pk}/")
    assert_accessible(page)
    page.get_by_text("Return what’s missing").click()
    expect(page.get_by_label("Key holder")).to_be_checked()
    assert_accessible(page)
    page.get_by_role("button", name="Return it").click()

    expect(page.locator("#notices")).to_contain_text("Returned, with what is missing.")
    assert fresh(handoff).missing == ["key_holder"]


def test_a_full_packet_is_accepted_by_one_key(page_at, cast):
    handoff = offered(cast, key_holder={"name": "Colin Hart"})
    page = page_at(1440, "light", cast.ben)
    page.goto("/handoffs/")

    page.keyboard.press("a")

    expect(page.locator("#notices")).to_contain_text("Accepted. The deal is yours.")
    assert fresh(handoff).state == "accepted"


def test_a_gap_is_filled_where_it_stands(page_at, cast):
    handoff = offered(cast)
    page = page_at(1440, "light", cast.ben)
    page.goto(f"/handoffs/{handoff.pk}/")

    page.get_by_text("Fill it in").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("Colin Hart")
    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-key=A]")).to_be_enabled()
