"""The first hour, from an empty Baton to a published map: read, asked in order, objected to, answered, published.

Looked at on a wide screen and on a phone, light and dark.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from baton.channels.first_look import looking
from baton.kernel.clock import now
from baton.map.current import current_map, forget_parsed
from baton.members.invitations import accept, invite
from baton.members.models import Member
from tests.browser import PageAt, assert_accessible, assert_no_sideways_scroll
from tests.channels.first_look.letters import letter, mbox_of
from tests.journeys.conftest import SCREENS

ADDRESS, PASSWORD = "ana@vidik.example", "a long quiet river"


@pytest.fixture
def empty(server: str, settings, tmp_path) -> Path:
    forget_parsed()
    settings.DATA_DIR = tmp_path
    return tmp_path


def post_of_a_week(folder: Path) -> Path:
    """Write a mailbox in which Ivo waits, Dana was answered, Ben is passed work and sent a quote."""
    at = datetime.now(UTC)
    letters = [
        letter("Dana <dana@marlowe.example>", "info@vidik.example", "Site survey", at - timedelta(days=6), 1),
        letter("Ana <ana@vidik.example>", "ben@vidik.example", "Fwd: Site survey", at - timedelta(days=5.9), 2, 1),
        letter("Ben <ben@vidik.example>", "dana@marlowe.example", "Re: Site survey", at - timedelta(days=5), 3, 1),
        letter("Ben <ben@vidik.example>", "dana@marlowe.example", "Quote Q-0412", at - timedelta(days=4), 4),
        letter(
            "Ivo <ivo@kamen.example>", "ana@vidik.example", "Roof repair, key and access", at - timedelta(days=3), 5
        ),
    ]
    file = folder / "week.mbox"
    file.write_bytes(mbox_of(*letters))
    return file


def begin(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("First, what is true already")
    page.get_by_label("Your name").fill("Ana Horvat")
    page.get_by_label("Your email address").fill(ADDRESS)
    page.get_by_label("A password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/mail/")


def look_through(page: Page, file: Path) -> None:
    page.get_by_label("Mail from a file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading")
    looking.look_due(now)
    expect(page.get_by_role("heading", level=1)).to_have_text("1 person waits for an answer")
    expect(page.get_by_text("Roof repair, key and access")).to_be_visible()
    page.get_by_text("Where mail changes hands").click()
    expect(page.get_by_text("ana@vidik.example → ben@vidik.example")).to_be_visible()


def answer(page: Page) -> None:
    """Answer every page with the keyboard where a keyboard is enough."""
    page.get_by_role("button", name="Next: what it should decide").click()
    page.get_by_label("which enquiries to answer first").check()
    page.get_by_label("what should it be for?").fill("Nobody asks a client twice.")
    page.get_by_label("The name of the business").fill("Vidik & sinovi")
    page.get_by_role("button", name="Next: who owns it").press("Enter")
    page.get_by_label("ben@vidik.example").check()
    expect(page.get_by_label("Their name")).to_be_hidden()
    page.get_by_label("Somebody else").check()
    expect(page.get_by_label("Their name")).to_be_visible()
    page.get_by_label("I do").check()
    page.get_by_role("button", name="Next: what people do").press("Enter")
    expect(page.get_by_text("The nearest ready map")).to_be_visible()
    page.get_by_role("button", name="Next: how work flows now").press("Enter")
    expect(page.get_by_label("Where are customer facts created?")).to_have_value("In mail to info@vidik.example.")
    expect(page.get_by_label("Sales")).to_have_value("ben@vidik.example")
    page.get_by_role("button", name="Next: what gets better").press("Enter")
    page.get_by_label("In your own words").fill("faster answers")
    page.keyboard.press("Enter")
    page.get_by_label("First answer to a customer").check()
    page.get_by_label("Stands at").first.fill("9 h")
    page.get_by_label("Should be").first.fill("4 h")
    page.get_by_role("button", name="Next: stages and fields").press("Enter")
    page.get_by_role("button", name="Next: everybody agrees").press("Enter")


def look_at_every_page(page_at: PageAt) -> None:
    ana = Member.objects.get(email=ADDRESS)
    for width, scheme in SCREENS:
        page = page_at(width, scheme, ana)
        for address in ("mail", "decisions", "owner", "behaviors", "flow", "goals", "map", "people"):
            page.goto(f"/setup/{address}/")
            assert_no_sideways_scroll(page)
            assert_accessible(page)
        page_at.put_away(page)


def test_the_first_hour_from_an_empty_baton_to_a_published_map(empty, page_at):
    page = page_at(1440, "light")
    begin(page)
    look_through(page, post_of_a_week(empty))
    answer(page)
    look_at_every_page(page_at)
    page.get_by_role("button", name="Make their invitations").click()
    expect(page.get_by_text("Pass these links on yourself")).to_be_visible()
    ana = Member.objects.get(email=ADDRESS)
    _invited, secret = invite("ben@vidik.example", by=ana, at=now(), role="member", name="Ben Raman")
    ben = accept(secret, name="Ben Raman", password=PASSWORD, at=now(), named={})

    other = page_at(390, "dark", ben)
    other.goto("/")
    expect(other.get_by_role("heading", name="What you would owe")).to_be_visible()
    assert_no_sideways_scroll(other)
    assert_accessible(other)
    other.get_by_label("What is wrong with it?").fill("Nobody is there on Fridays.")
    other.get_by_role("button", name="I object").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("You object; it waits for an answer")

    page.goto("/setup/people/")
    page.get_by_role("button", name="Publish this map and begin").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody is there on Fridays.")
    page.get_by_label("Your answer to Ben Raman").fill("Mia takes Fridays.")
    page.get_by_role("button", name="Answer").click()
    page.get_by_role("button", name="Publish this map and begin").click()
    expect(page.get_by_text("The map is in force.")).to_be_visible()
    expect(page.get_by_text("which enquiries to answer first")).to_be_visible()
    assert current_map().desks["sales"].lead == "ben@vidik.example"
