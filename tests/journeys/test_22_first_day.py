"""The first day of a new member: invited, signed in, what do we use here, and the steps ticked off on real deals."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from baton.kernel.clock import now
from baton.members.models import Member
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.capture.letters import from_mailbox, letter
from tests.cast import HOUR, MONDAY, Cast
from tests.journeys.conftest import NOW

pytestmark = pytest.mark.usefixtures("monday")
LINE = "Called Dana, call back Tue 10:00"


def step(page: Page, what: str) -> Locator:
    return page.locator("#steps li", has_text=what)


def done(page: Page) -> list[str]:
    page.goto("/first-day/")
    return page.locator("#steps li[data-done] b").all_inner_texts()


def test_the_first_day_of_a_new_member(page_at, look_everywhere, cast: Cast):
    company = cast.company()
    deal = cast.deal(
        stage="quoted", at=MONDAY - 48 * HOUR, contact=cast.contact(company=company), company=company, scope="14 floors"
    )
    from_mailbox(cast.ana, letter(text="Could we start on 1 December?", date=MONDAY), at=NOW)
    owner = page_at(1440, "light", cast.tomas)
    owner.goto("/people/")
    owner.get_by_label("Their work email").fill("nell@lime.example")
    owner.get_by_role("group", name="Desks").get_by_label("Sales").check()
    owner.get_by_role("button", name="Make the link").click()
    link = owner.locator("#link").input_value()

    nell = page_at(1440, "light")
    nell.goto(urlsplit(link).path)
    nell.get_by_label("Your name").fill("Nell Harrow")
    nell.get_by_label("A password").fill("a long quiet river")
    nell.get_by_role("button", name="Come in").click()
    expect(nell.get_by_role("heading", name="What do we use here")).to_be_visible()
    expect(nell.locator(".page-ask")).to_have_text("You sit at Sales with Ana Horvat.")
    member = Member.objects.get(email="nell@lime.example")
    cast.tell("deal", deal.pk, by=cast.ana, at=now(), owner=str(member.pk))
    look_everywhere("/what-we-use/", member)

    nell.get_by_role("link", name="Your first day").first.click()
    assert done(nell) == []
    look_everywhere("/first-day/", member)
    step(nell, "Type one line").get_by_role("link").click()
    nell.locator("main textarea").fill(LINE)
    nell.get_by_role("button", name="Record").first.click()
    expect(nell.locator("#notices")).to_contain_text("Recorded")
    assert "Type one line of what happened" in done(nell)

    step(nell, "Confirm a suggestion").get_by_role("link").click()
    nell.locator("#packet-start_date a.value[data-trust=suggested]").first.click()
    expect(nell.locator("#source")).to_be_visible()
    nell.keyboard.press("y")
    expect(nell.locator("#packet-start_date")).not_to_have_attribute("data-has", "suggested")
    assert done(nell) == [
        "Settle a duty of your own",
        "Confirm a suggestion, or say that it isn’t so",
        "Type one line of what happened",
    ]

    nell.goto("/today/")
    nell.get_by_role("link", name="What do we use here").first.click()
    expect(nell.get_by_text("3 of 5")).to_be_visible()
    owner.goto("/rollout/")
    expect(owner.get_by_role("row", name="Nell Harrow")).to_be_visible()
    assert_no_sideways_scroll(owner)
    assert_accessible(owner)
