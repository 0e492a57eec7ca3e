"""People: the first set-up, an invitation taken, signing in, a session ended from afar, and whose mail is whose."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from baton.map.current import current_map, current_version
from baton.members.models import Member
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.capture.letters import from_mailbox, letter
from tests.cast import MONDAY, Cast

SCREENS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
GOOD = "a long quiet river"


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Work email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_somebody_alone_sets_up_without_mail_and_stages_come_last(server, page_at, width, scheme):
    page = page_at(width, scheme)
    page.goto("/")
    asked = []

    def answered(button: str) -> None:
        asked.append(page.get_by_role("heading", level=1).inner_text())
        assert_no_sideways_scroll(page)
        assert_accessible(page)
        page.get_by_role("button", name=button).click()

    page.get_by_label("Your name").fill("Ana Horvat")
    page.get_by_label("Your email address").fill("ana@vidik.example")
    page.get_by_label("A password").fill(GOOD)
    answered("Begin")
    answered("Go on without")
    page.get_by_label("which enquiries to answer first").check()
    page.get_by_label("what should it be for?").fill("Nobody asks a client twice.")
    page.get_by_label("The name of the business").fill("Vidik")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/London")
    page.get_by_label("Country").select_option("HR")
    answered("Next: who owns it")
    answered("Next: what people do")
    page.get_by_role("checkbox").last.uncheck()
    answered("Next: how work flows now")
    answered("Next: what gets better")
    answered("Next: stages and fields")
    answered("Publish this map and begin")

    expect(page.get_by_text("The map is in force.")).to_be_visible()
    assert asked == [
        "First, what is true already",
        "What is true already?",
        "Which decisions should it support?",
        "Who owns it?",
        "What should people actually do?",
        "How does work flow now?",
        "What should get better?",
        "Stages and fields",
    ]
    assert (current_version(), current_map().owner) == (1, "ana@vidik.example")
    assert_accessible(page)


def test_somebody_invited_comes_in_and_their_lost_phone_is_signed_out(server, page_at, look_everywhere):
    cast = Cast()
    owner = page_at(1440, "light", cast.tomas)
    owner.goto("/people/")
    owner.get_by_label("Their work email").fill("nell@lime.example")
    owner.get_by_role("group", name="Desks").get_by_label("Sales").check()
    owner.get_by_role("button", name="Make the link").click()
    link = owner.locator("#link").input_value()
    look_everywhere("/people/", cast.tomas)

    nell = page_at(1440, "dark")
    nell.goto(urlsplit(link).path)
    expect(nell.locator(".page-ask")).to_contain_text("Tomas Okafor invites you to work with them in Baton, at Sales.")
    nell.get_by_label("Your name").fill("Nell Harrow")
    nell.get_by_label("A password").fill(GOOD)
    nell.get_by_role("button", name="Come in").click()
    expect(nell.get_by_role("heading", name="What do we use here")).to_be_visible()

    phone = page_at(390, "light")
    sign_in(phone, "nell@lime.example", "not this one")
    expect(phone.get_by_role("heading", name="Today")).to_have_count(0)
    sign_in(phone, "nell@lime.example", GOOD)
    expect(phone.get_by_role("heading", name="Today")).to_be_visible()

    nell.goto("/settings/")
    sessions = nell.locator("section[aria-labelledby=sessions]")
    expect(sessions.locator("li")).to_have_count(2)
    look_everywhere("/settings/", Member.objects.get(email="nell@lime.example"))
    nell.reload()
    nell.get_by_role("button", name="Sign out everywhere else").click()
    expect(sessions.locator("li")).to_have_count(1)
    phone.goto("/deals/")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    look_everywhere("/account/login/")


def test_what_is_in_one_s_mailbox_is_nobody_else_s_until_it_is_filed(server, page_at):
    cast = Cast()
    deal = cast.deal(contact=cast.contact())
    from_mailbox(cast.ana, letter("Petra Lind <petra@tyneview.example>", subject="Gutters"), at=MONDAY)
    ana, bram = page_at(1440, "light", cast.ana), page_at(1440, "light", cast.bram)

    for page, seen in ((ana, 1), (bram, 0)):
        page.goto("/inbox/")
        expect(page.locator(".pick li", has_text="Petra Lind")).to_have_count(seen)
        page.goto("/search/?q=gutters")
        expect(page.locator(".page-body a")).to_have_count(seen)

    ana.goto("/inbox/")
    ana.get_by_label("Somewhere else").fill("quay")
    ana.get_by_role("radio", name="Quayside Tower").check()
    ana.get_by_role("button", name="File it here").click()
    expect(ana.locator("#notices")).to_contain_text("Filed with Quayside Tower.")

    bram.goto(f"/deals/{deal.pk}/")
    expect(bram.locator("#timeline")).to_contain_text("Email")
