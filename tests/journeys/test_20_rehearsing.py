"""A behavior is written, rehearsed over what happened, its cases looked at, and published; then it asks."""

import pytest
from playwright.sync_api import expect

from baton.map.current import current_version
from baton.work.models import Duty
from tests.cast import HOUR, MONDAY

pytestmark = pytest.mark.usefixtures("monday")
RULE = """\
behaviors:
  thank-for-meeting:
    name: Write after a meeting
    opens: meeting held
    closes: interaction out to customer
    owed_by: sales in turn
    within: 1 working day
    so_that: they read what we agreed
"""


def test_a_behavior_is_rehearsed_and_published(page_at, look_everywhere, cast):
    deal = cast.deal("Quayside Tower", contact=cast.contact(), at=MONDAY - 100 * HOUR)
    cast.mail(deal, at=MONDAY - 90 * HOUR)
    page = page_at(1440, "light", cast.tomas)
    page.goto("/map/draft/")
    area = page.get_by_label("The map, as YAML")
    area.fill(area.input_value().replace("behaviors:\n", RULE, 1).replace("2 working hours", "1 working hour"))
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#changes")).to_contain_text("2 changes")

    page.get_by_role("button", name="Rehearse the last 30 days").click()

    told = page.locator("#rehearsal")
    expect(told).to_contain_text("Over the last 30 days this would have opened 2 duties")
    answering = told.locator("details", has_text="Answer enquiry")
    answering.locator("summary").click()
    expect(answering.get_by_role("link", name="Quayside Tower")).to_be_visible()
    expect(told).to_contain_text("These would have asked nothing: Write after a meeting.")
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.locator("main")).to_contain_text("Version 2 is in force.")
    assert current_version() == 2
    assert Duty.objects.unscoped("tests").filter(behavior="thank-for-meeting").count() == 0
    page.goto("/map/behaviors/")
    expect(page.locator("main")).to_contain_text("somebody at Sales, in turn")
    look_everywhere(page.url, cast.tomas)
