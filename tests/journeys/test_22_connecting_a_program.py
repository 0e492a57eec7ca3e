"""A member connects a program and ends it; and makes a token for a script of their own."""

import os

import pytest
from playwright.sync_api import expect

from tests.browser import assert_accessible
from tests.cast import Cast
from tests.gate.access.test_connecting import GOOD, Program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_program_is_connected_read_about_and_ended(page_at, client, server, width, scheme):
    cast = Cast()
    cast.ana.set_password(GOOD)
    cast.ana.save()
    elsewhere = server.replace("127.0.0.1", "localhost")  # another origin, as a program's is
    program = Program(client, back=f"{elsewhere}/offline/")
    page = page_at(width, scheme)

    page.goto(program.address(state="kept", scope="read write"))
    page.get_by_label("Work email").fill("ana@lime.example")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Let “Assistant” act for you?")).to_be_visible()
    assert_accessible(page)
    look(page, f"consent-{width}-{scheme}")
    page.get_by_label("Record in your name").uncheck()
    page.get_by_role("button", name="Let it in").click()
    page.wait_for_url("**/offline/?code=*")
    given = program.tokens(page.url.split("code=")[1].split("&")[0])
    page.goto("/settings/programs/")
    expect(page.get_by_text("See what you see")).to_be_visible()
    assert_accessible(page)
    look(page, f"programs-{width}-{scheme}")
    page.get_by_role("button", name="End it").click()

    expect(page.get_by_text("Ended. It is let in no more.")).to_be_visible()
    assert program.refreshed(given["refresh_token"])["error"] == "invalid_grant"


def look(page, name):
    if os.environ.get("BATON_LOOK"):
        page.screenshot(path=f"{os.environ['BATON_LOOK']}/{name}.png", full_page=True)
