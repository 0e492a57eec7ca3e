"""The map and the set-up as people use them: wide and on a phone, light and dark, by pointer and by key."""

import re

import pytest
from playwright.sync_api import expect

from baton.map.models import MapVersion
from baton.map.publishing import publish
from baton.map.ready import demonstration_map
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import MONDAY, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.web.deal.addresses")]


@pytest.fixture
def cast(transactional_db) -> Cast:
    cast = Cast()
    publish(demonstration_map().replace("tomas@harbourlime.example", cast.tomas.email), by=None, at=MONDAY)
    return cast


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_every_page_of_the_map_can_be_read_by_everybody(cast, page_at, width, scheme):
    page = page_at(width, scheme, cast.tomas)
    for address in ("", "behaviors/", "fields/", "decisions/", "goals/", "versions/", "versions/2/", "draft/"):
        page.goto(f"/map/{address}")
        assert_no_sideways_scroll(page)
        assert_accessible(page)


def test_a_handoff_is_chosen_on_the_drawing_and_its_field_in_the_aside(cast, page_at):
    page = page_at(1440, "light", cast.ana)
    page.goto("/map/")

    page.locator("svg a", has_text="Sales to Operations").click()
    expect(page.get_by_role("heading", name="Sales to Operations")).to_be_visible()
    page.locator("aside").get_by_role("link", name="Key-holder").click()

    expect(page.get_by_role("heading", name="What breaks if Key-holder is wrong")).to_be_visible()
    expect(page).to_have_url(re.compile("field=key_holder"))
    page.reload()
    expect(page.get_by_role("heading", name="What breaks if Key-holder is wrong")).to_be_visible()


def test_the_map_is_walked_with_the_keyboard_alone(cast, page_at):
    page = page_at(1440, "light", cast.ana)
    page.goto("/map/")

    page.locator("svg a", has_text="Quoted").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Quoted", exact=True)).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Draft of the map")).to_be_visible()


def test_on_a_phone_the_map_is_a_list(cast, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto("/map/")

    expect(page.locator(".map svg")).to_be_hidden()
    page.locator(".map-list").get_by_role("link", name="Sales to Operations").click()

    expect(page.get_by_role("heading", name="Sales to Operations")).to_be_visible()


def test_a_problem_leads_to_its_line_and_what_is_put_right_is_published(cast, page_at):
    page = page_at(1440, "light", cast.tomas)
    page.goto("/map/draft/")
    area = page.get_by_label("The map, as YAML")
    good = area.input_value()
    line = next(number for number, text in enumerate(good.splitlines(), 1) if text.startswith("purpose:"))

    area.fill(good.replace("purpose:", "porpoise:"))
    page.get_by_role("button", name="Check").click()
    page.locator("#verdict").get_by_role("link", name=f"Line {line}", exact=True).first.click()

    chosen = area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen.startswith("porpoise:")
    assert_accessible(page)
    area.fill(good.replace("within: 2 working hours", "within: 3 working hours", 1))
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#verdict")).to_contain_text("2 working hours, is 3 working hours")
    page.get_by_label("What it is for").fill("More air")
    page.get_by_role("button", name="Publish version 3").click()

    expect(page.get_by_text("Version 3 is in force.")).to_be_visible()
    assert MapVersion.objects.first().note == "More air"
