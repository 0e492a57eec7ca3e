"""Management reads a forecast: a waterfall down to the mail that moved it, with the keyboard, on every screen."""

import pytest
from playwright.sync_api import expect

from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from tests.cast import HOUR, MONDAY, Cast
from tests.decide.forecast.scene import deal, decide_by_it, gbp, win

pytestmark = pytest.mark.usefixtures("monday")
LAST_WEEK = MONDAY - 7 * 24 * HOUR


@pytest.fixture
def story(cast: Cast) -> Cast:
    decide_by_it(cast)
    contact = cast.contact(company=cast.company())
    tower = deal(cast, "Quayside Tower", 80_000, at=LAST_WEEK, contact=contact)
    win(cast, deal(cast, "Alder House", 9_000, at=LAST_WEEK), at=MONDAY - 2 * HOUR)
    mail = cast.mail(tower, at=MONDAY - 3 * HOUR, text="The board signed off the second tower: 92,000 in all.")
    entry = Entry("deal", tower.pk, "amount", gbp(92_000), interaction_id=mail.pk, words="92,000 in all")
    record([entry], by=Author(cast.ana), at=MONDAY - 2 * HOUR)
    return cast


def test_a_waterfall_is_read_down_to_the_mail(page_at, look_everywhere, story):
    page = page_at(1440, "light", story.tomas)
    page.goto("/")
    page.get_by_role("link", name="Forecast").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forecast")
    expect(page.locator("#history")).to_contain_text("too few")
    expect(page.locator("#resting")).to_contain_text("of what is open rests on")

    page.get_by_role("link", name="open, whole").click()
    page.get_by_role("link", name="Grown").click()
    expect(page.get_by_role("row", name="Quayside Tower")).to_contain_text("+ £12,000")
    page.get_by_role("link", name="Quayside Tower").click()
    expect(page.get_by_role("row", name="£92,000")).to_contain_text("92,000 in all")
    page.get_by_role("link", name="Email").first.click()

    expect(page.locator("body")).to_contain_text("The board signed off the second tower")
    look_everywhere("/forecast/", story.tomas)
    look_everywhere("/forecast/changes/", story.tomas)
