"""Automations as people use them: built, rehearsed, switched on; a refusal read and settled; wide and on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from baton.gate.automations.acting import act_due
from baton.kernel.clock import now
from baton.map.current import current_map
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import fresh
from tests.gate.automations.scene import enquiry, firm, runs, tell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.web.deal.addresses")]
DAY = timedelta(days=1)


def test_one_is_built_rehearsed_and_switched_on_and_what_it_refuses_is_read_and_settled(transactional_db, page_at):
    cast = firm()
    deal = enquiry(cast, at=now() - 60 * DAY)
    tell(deal, now() - 40 * DAY, by=cast.ana, key_holder="Colin Hart")
    tell(deal, now() - 2 * DAY, by=cast.ana, scope="Windows")
    page = page_at(1440, "light", cast.tomas)

    page.goto("/automations/")
    assert_accessible(page)
    page.keyboard.press("n")
    page.get_by_label("Name", exact=True).fill("Plan a call")
    page.get_by_label("When", exact=True).select_option("Scope was confirmed")
    page.get_by_text("Sets the next step").click()
    page.get_by_label("What is to be done").fill("Ring {contact}")
    page.get_by_label("Fact", exact=True).first.select_option("Key holder")
    page.get_by_label("At most so many days old").first.fill("30")
    page.get_by_label("So that", exact=True).fill("nobody waits")
    assert_accessible(page)
    page.get_by_role("button", name="Put it into the map").click()

    expect(page.get_by_role("heading", name="Plan a call")).to_be_visible()
    assert current_map().automations["plan-a-call"].relies_on[0].fresh_for == 30
    page.keyboard.press("r")
    expect(page.get_by_text("would have acted 0 times, refused 1 and left 0")).to_be_visible()
    expect(page.get_by_text("Key holder, Colin Hart, is 38 days old and stays fresh for 30.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Why it is switched on all the same").fill("We are three, and forget it.")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("An exception: We are three, and forget it.")).to_be_visible()

    tell(deal, now(), by=cast.ana, scope="Windows and frames")
    act_due(lambda: now() + DAY / 24)
    phone = page_at(390, "dark", cast.ana)
    phone.goto("/automations/")
    assert_no_sideways_scroll(phone)
    phone.get_by_role("link", name="Quayside Tower").click()
    expect(phone.get_by_text("is 40 days old and stays fresh for 30").first).to_be_visible()
    assert_no_sideways_scroll(phone)
    assert_accessible(phone)
    phone.get_by_role("button", name="It is right: go on").click()
    expect(phone.get_by_text("Confirmed: it goes on by itself, once.")).to_be_visible()

    act_due(lambda: now() + DAY / 24)
    assert (fresh(deal).next_step, [run.state for run in runs()]) == ("Ring Dana Whitlock", ["acted"])
