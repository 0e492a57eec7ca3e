"""One typed line, from any page by one key and from a phone by one tap: shown as it was read, changed, recorded."""

import pytest
from playwright.sync_api import Page, expect

from baton.ledger.models import Deal
from baton.work.models import ExceptionCase, Promise
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.usefixtures("monday")
LINE = "Called Dana at Marlowe, quote by Friday, only outside tenant hours, about 12k, call back Tue 10:00"
CHIPS = ["What", "With", "At", "Deal", "Promise", "Exception", "Worth", "Next step"]
SCREENS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def deal(cast: Cast) -> Deal:
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company, at=MONDAY - 48 * HOUR)


class Person:
    """Somebody who counts what they have to do besides typing the line."""

    def __init__(self, page: Page) -> None:
        self.page, self.did = page, 0

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)
        self.did += 1

    def tap(self, name: str) -> None:
        self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name, exact=True)).tap()
        self.did += 1


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_a_call_is_told_in_one_line_and_two_acts(page_at, cast, deal, width, scheme):
    page = page_at(width, scheme, cast.ana)
    page.goto("/contacts/")
    person, on_phone = Person(page), width < 600

    person.tap("Capture") if on_phone else person.press("c")
    expect(page.locator("#capture textarea")).to_be_focused()
    page.keyboard.type(LINE)
    expect(page.locator("#capture .read-kind")).to_have_text(CHIPS)
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    person.tap("Record") if on_phone else person.press("Control+Enter")

    expect(page.locator("#notices")).to_contain_text("Recorded")
    assert person.did == 2
    assert (fresh(deal).amount, fresh(deal).next_step) == (1_200_000, "call back")
    assert [one.what for one in Promise.objects.unscoped("tests").all()] == ["quote"]
    assert [one.what for one in ExceptionCase.objects.unscoped("tests").all()] == ["only outside tenant hours"]


def test_a_chip_is_changed_and_another_left_out_before_it_is_saved(page_at, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto("/")
    page.keyboard.press("c")
    page.keyboard.type(LINE)
    expect(page.locator("#capture .read-kind")).to_have_text(CHIPS)

    page.locator("#capture .read", has_text="Worth").locator("summary").click()
    page.locator("#capture .read", has_text="Worth").get_by_role("textbox").first.fill("14k")
    page.locator("#capture .read", has_text="Promise").get_by_role("checkbox").uncheck()
    page.keyboard.press("Control+Enter")

    expect(page.locator("#notices")).to_contain_text("Recorded")
    page.goto(f"/deals/{deal.pk}/")
    expect(page.locator(".figures")).to_contain_text("£14,000")
    expect(page.get_by_role("region", name="Promised to the customer")).to_contain_text("No promises found.")
    expect(page.get_by_role("region", name="Next step")).to_contain_text("call back")
    expect(page.locator("#timeline")).to_contain_text("only outside tenant hours")
