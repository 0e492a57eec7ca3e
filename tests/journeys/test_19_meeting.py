"""Nineteen: a meeting is booked from the deal, its answer lands, and once it is over it is said what came of it."""

import time_machine
from playwright.sync_api import expect

from baton.kernel.clock import now
from baton.work.meetings import notice_over, plan_of
from baton.work.models import Duty
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import HOUR, MONDAY
from tests.channels.calendar.invitations import ANA, DANA, THURSDAY, arrive, ics, meetings


def test_a_meeting_is_booked_answered_and_said_what_came_of_it(cast, monday, page_at):
    deal = cast.deal(contact=cast.contact(company=cast.company()))
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    beside = page.get_by_role("region", name="Meetings")
    beside.get_by_role("link", name="A meeting").click()
    page.get_by_label("What it is about").fill("Walk the site")
    page.get_by_role("textbox", name="When").fill("Thu 14:00")
    page.get_by_role("textbox", name="Where").fill("Gate 4")
    expect(page.get_by_label("With whom")).to_have_value(f"Dana Whitlock <{DANA}>")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(beside).to_contain_text("Thu 19 Nov, 14:00–15:00, Gate 4")
    expect(beside).to_contain_text("Dana Whitlock the invitation hasn’t gone out yet")
    expect(page.locator("#timeline")).to_contain_text("Thu 19 Nov, 14:00.")
    expect(page.get_by_role("region", name="On its way")).to_contain_text("Invitation: Walk the site")

    [meeting] = meetings()
    uid = plan_of(meeting)["uid"]
    reply = {"uid": uid, "organizer": ANA, "people": {DANA: "ACCEPTED"}, "starts": THURSDAY}
    arrive(cast.ana, ics("REPLY", stamp=MONDAY + HOUR, **reply), at=now())
    page.reload()
    expect(beside).to_contain_text("Dana Whitlock comes")
    assert_accessible(page)

    with time_machine.travel(THURSDAY + 2 * HOUR):
        notice_over(now())
        page.reload()
        beside.get_by_role("link", name="What came of it?").click()
        page.get_by_role("textbox", name="What happened", exact=True).fill("Both lifts, at night.")
        page.get_by_role("button", name="Record it").click()
        expect(beside.get_by_role("link", name="What came of it?")).to_have_count(0)
        expect(page.locator("#timeline")).to_contain_text("Both lifts, at night.")
    assert Duty.objects.unscoped("tests").get(behavior="baton:say-outcome").state == "closed"


def test_a_meeting_is_booked_and_called_off_on_a_phone(cast, monday, page_at):
    deal = cast.deal(contact=cast.contact())
    page = page_at(390, "dark", cast.ana)
    page.goto(f"/deals/{deal.pk}/meetings/")
    page.get_by_label("What it is about").fill("Walk the site")
    page.get_by_role("textbox", name="When").fill("Thu 14:00")
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.get_by_role("button", name="Invite").click()

    page.get_by_role("link", name="Call off Walk the site").click()
    page.get_by_role("button", name="Call it off").click()

    expect(page.get_by_role("region", name="Meetings")).to_contain_text("Called off")
    assert_no_sideways_scroll(page)
    assert_accessible(page)
