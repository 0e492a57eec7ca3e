"""Today: what is owed, to whom, by when and why, settled where it stands; when nothing is, it says what was checked."""

import pytest
from playwright.sync_api import Locator, Page, expect

from baton.ledger.models import Deal
from baton.work import questions
from tests.cast import MONDAY, Cast
from tests.web.today.scene import busy

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def deals(cast: Cast) -> dict[str, Deal]:
    return busy(cast)


def row(page: Page, what: str) -> Locator:
    return page.locator(".duty", has_text=what)


def test_every_row_says_what_for_whom_by_when_and_why(page_at, look_everywhere, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/")

    reply = row(page, "Reply to Dana")
    expect(reply.locator(".duty-for")).to_contain_text("Dana")
    expect(reply.locator(".duty-due")).to_contain_text("11:00")
    expect(reply.locator(".duty-because")).to_contain_text("Quayside Tower")
    reply.hover()
    reply.get_by_role("link", name="Why 11:00?").click()
    expect(page.locator("#source")).to_contain_text("So that nobody waits until tomorrow.")
    look_everywhere("/", cast.ana)


@pytest.mark.parametrize("width", [1440, 390])
def test_done_and_what_is_next_is_one_step(page_at, cast, deals, width):
    page = page_at(width, "light", cast.ana)
    page.goto("/")

    row(page, "Call Dana about the lifts").get_by_text("Done, and next?").click()
    page.get_by_label("What came of it").fill("Both lifts, at night")
    page.get_by_label("What’s next, and when").fill("send the method statement Thu 12:00")
    page.keyboard.press("Control+Enter")

    expect(row(page, "Next: send the method statement")).to_have_count(1)
    page.goto(f"/deals/{deals['quayside'].pk}/")
    expect(page.get_by_role("region", name="Next step")).to_contain_text("send the method statement")
    expect(page.locator("#timeline")).to_contain_text("Both lifts, at night")


def test_no_row_is_a_dead_end(page_at, cast, deals):
    page = page_at(1440, "light", cast.ana)
    page.goto("/")
    rows = page.locator(".duty")
    expect(rows).to_have_count(6)

    ways_out = [
        rows.nth(index).locator(".duty-act :is(button, a, input:not([type=hidden]))").count() for index in range(6)
    ]

    assert min(ways_out) > 1
    for index in range(6):
        page.goto(rows.nth(index).locator("[data-open]").get_attribute("href"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.goto("/")


def test_the_last_duty_settled_leaves_a_page_that_says_what_was_checked(page_at, look_everywhere, cast, deals):
    questions.ask(deals["alder"], "When can a crew start?", of=cast.ben, by=cast.ana, at=MONDAY)
    page = page_at(390, "dark", cast.ben)
    page.goto("/")
    expect(page.locator(".page-ask")).to_contain_text("You owe 1 thing.")

    page.get_by_label("Your answer").fill("On the 23rd")
    page.get_by_role("button", name="Answer", exact=True).tap()
    expect(row(page, "Answered.")).to_have_count(1)
    page.reload()

    expect(page.get_by_role("heading", name="No duty is open right now")).to_be_visible()
    expect(page.locator("main")).to_contain_text("0 open deals, 0 handoffs, 0 promises checked at 09:1")
    look_everywhere("/", cast.ben)
