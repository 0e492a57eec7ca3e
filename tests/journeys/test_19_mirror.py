"""Nineteen: a finding of the mirror is followed down to its mail, and what the owner decides about one is recorded."""

from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import HOUR, MONDAY


def test_a_finding_is_followed_down_to_its_mail(cast, monday, page_at):
    deal = cast.deal("Quayside Tower", contact=cast.contact())
    cast.mail(deal, at=MONDAY - 3 * HOUR, received=MONDAY - HOUR, text="The gate code is 4711.")
    page = page_at(1440, "light", cast.tomas)

    page.goto("/mirror/")
    assert_accessible(page)
    page.get_by_role("link", name="Email: half could be used").click()
    expect(page.get_by_role("heading", name="The cases")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Quayside Tower").click()
    expect(page.get_by_text("The gate code is 4711.")).to_be_visible()


def test_the_owner_decides_about_a_finding_on_a_phone_and_it_is_settled(cast, monday, page_at):
    page = page_at(390, "dark", cast.tomas)
    page.goto("/owner/")
    assert_no_sideways_scroll(page)

    row = page.get_by_role("listitem").filter(has_text="Nobody stands in for the owner of the map")
    row.get_by_text("Decide", exact=True).click()
    assert_accessible(page)
    row.get_by_label("Decided").select_option("keep")
    row.get_by_label("Because").fill("Carla starts in January.")
    row.get_by_role("button", name="Record it").click()

    expect(page.get_by_text("It stays as it is: Carla starts in January.")).to_be_visible()
