"""The map: drawn, explained field by field, changed in a draft that names its mistakes, published by its owner."""

import pytest
from playwright.sync_api import Page, expect

from baton.map.current import current_map, current_version

pytestmark = pytest.mark.usefixtures("monday")


def draft(page: Page, was: str, becomes: str) -> None:
    """Write the draft with one thing changed, and have it checked."""
    area = page.get_by_label("The map, as YAML")
    area.fill(area.input_value().replace(was, becomes, 1))
    page.get_by_role("button", name="Check").click()


def test_how_work_flows_is_drawn_and_each_field_says_what_it_is_for(page_at, look_everywhere, cast):
    page = page_at(1440, "light", cast.ben)
    page.goto("/map/")
    expect(page.locator(".page-ask")).to_contain_text("How work flows at Lime & Co. Owner: Tomas Okafor.")
    for name in ("Intake → Sales", "Visited", "Quoted", "Mobilising"):
        expect(page.locator(".map svg a", has_text=name)).to_be_visible()

    page.locator("svg a", has_text="Sales → Operations").click()
    aside = page.locator("aside")
    expect(aside.get_by_role("heading", name="Sales → Operations")).to_be_visible()
    expect(aside).to_contain_text("price agreed by phone")
    aside.get_by_role("link", name="Key holder").click()

    expect(page.get_by_role("heading", name="What breaks if Key holder is wrong")).to_be_visible()
    expect(aside).to_contain_text("The first crew stands outside.")
    look_everywhere(page.url, cast.ben)


UNUSED = """\
fields:
  color:
    type: text
    caught_at: visited
    breaks: The wrong paint is bought.
"""
MISTAKES = {
    "a field that nothing needs": ("fields:\n", UNUSED, "color:", "needed by no handoff and no decision"),
    "a stage without evidence": (
        "visited: {desk: sales, entered_by: meeting held}",
        "visited: {desk: sales}",
        "visited:",
        "say which event shows it",
    ),
    "a handoff nobody accepts": ("    to: sales\n", "", "intake-sales:", "say which desk accepts it"),
    "a behavior without a person": (
        "    owed_by: deal owner, else desk lead\n",
        "",
        "answer-enquiry:",
        "say who owes it",
    ),
    "two owners": (
        "owner: tomas@lime.example",
        "owner: [tomas@lime.example, ana@lime.example]",
        "owner: [",
        "A map has exactly one owner",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_at_its_line_in_plain_words(page_at, cast, mistake):
    was, becomes, there, said = MISTAKES[mistake]
    page = page_at(1440, "light", cast.tomas)
    page.goto("/map/draft/")

    draft(page, was, becomes)

    finding = page.locator("#verdict li", has_text=said)
    finding.get_by_role("link").click()
    chosen = page.get_by_label("The map, as YAML").evaluate("a => a.value.slice(a.selectionStart, a.selectionEnd)")
    assert chosen.strip().startswith(there)
    expect(page.get_by_role("button", name="Publish version 2")).to_be_disabled()


def test_a_colleague_proposes_and_the_owner_publishes(page_at, look_everywhere, cast):
    ana, tomas = page_at(1440, "light", cast.ana), page_at(1440, "dark", cast.tomas)
    ana.goto("/map/draft/")
    draft(ana, "within: 2 working hours", "within: 3 working hours")
    expect(ana.locator("#verdict")).to_contain_text("2 working hours, is 3 working hours")
    expect(ana.locator("#verdict")).to_contain_text("Only Tomas Okafor, who owns the map, publishes it.")
    expect(ana.get_by_role("button", name="Publish version 2")).to_have_count(0)
    ana.get_by_label("What it is for").fill("Mornings are full")
    ana.get_by_role("button", name="Keep the draft").click()
    expect(ana.locator("#notices")).to_contain_text("nothing is published")
    refused = ana.evaluate(
        """() => fetch("/map/draft/publication/",
            {method: "POST", body: new FormData(document.getElementById("draft"))})
                 .then((answer) => answer.status)"""
    )
    assert (refused, current_version()) == (422, 1)

    tomas.goto("/map/")
    tomas.get_by_role("link", name="Ana Horvat").click()
    expect(tomas.get_by_role("heading", level=1)).to_contain_text("Ana Horvat’s draft of the map")
    expect(tomas.locator("#verdict")).to_contain_text("2 working hours, is 3 working hours")
    look_everywhere(tomas.url, cast.tomas)
    tomas.get_by_role("button", name="Publish version 2").click()

    expect(tomas.get_by_text("Version 2 is in force.")).to_be_visible()
    assert current_version() == 2
    assert str(current_map().behaviors["answer-enquiry"].within) == "3 working hours"
    look_everywhere("/map/versions/", cast.ana)
