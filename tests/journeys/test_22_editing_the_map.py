"""The map is changed on its drawing, by mouse and by keyboard, rehearsed and published; the YAML is equal to it."""

import pytest
from playwright.sync_api import Page, expect

from baton.map.current import current_map, current_version
from baton.map.models import MapDraft
from baton.map.reading import read_map
from baton.map.schema import OperatingMap
from tests.cast import FIRM, HOUR, MONDAY

pytestmark = pytest.mark.usefixtures("monday")
DRAWING = "/map/draft/drawing/"


def drawn() -> OperatingMap:
    """The draft, which reads without a problem."""
    found, problems = read_map(MapDraft.objects.get().text)
    assert problems == []
    assert found is not None
    return found


def part(page: Page, name: str):
    return page.locator(".map svg a[data-on]", has_text=name)


def drag(page: Page, what, to, *, aside: int = 0) -> None:
    """Drag one thing onto another, a little to the left or the right of its middle."""
    what.evaluate("each => each.scrollIntoView({block: 'center'})")
    start, end = what.bounding_box(), to.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    x, y = end["x"] + end["width"] / 2 + aside, end["y"] + end["height"] / 2
    page.mouse.move(x, y, steps=12)
    page.mouse.move(x + 2, y + 4, steps=4)
    page.mouse.up()


def test_by_mouse_a_stage_and_an_item_of_a_packet_change_places(page_at, look_everywhere, cast):
    page = page_at(1440, "light", cast.tomas)
    page.goto("/map/")
    page.get_by_role("link", name="Change it in a draft").click()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()

    drag(page, part(page, "Agreed"), part(page, "Visited"), aside=-30)
    expect(page.locator("#verdict")).to_contain_text("The stages come in another order")
    assert list(drawn().stages) == ["enquiry", "agreed", "visited", "quoted", "mobilising"]
    drag(page, part(page, "Mobilising"), part(page, "Enquiry"), aside=30)
    expect(page.locator("#verdict")).to_contain_text("its desk was operations, is intake")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#verdict")).not_to_contain_text("its desk was")

    card, lane = page.locator(".lane [data-item=amount]"), page.locator(".lane [data-item=contact]")
    drag(page, card, lane)
    expect(page.locator("#verdict")).to_contain_text("what it carries, now also amount")
    assert "amount" in drawn().handoffs["intake-sales"].carries
    assert "amount" not in drawn().handoffs["sales-operations"].carries

    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#verdict")).not_to_contain_text("now also amount")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#verdict")).to_contain_text("It says the same as version 1")
    assert MapDraft.objects.get().text == FIRM
    look_everywhere(f"{DRAWING}?on=handoffs:sales-operations", cast.tomas)


def test_by_keyboard_alone_a_stage_is_renamed_moved_added_and_taken_out(page_at, cast):
    page = page_at(1440, "light", cast.ana)
    page.goto(DRAWING)
    part(page, "Visited").focus()

    page.keyboard.press("ArrowRight")
    expect(part(page, "Quoted")).to_be_focused()
    page.keyboard.press("F2")
    page.keyboard.type("Offer made")
    page.keyboard.press("Enter")
    expect(part(page, "Offer made")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#verdict")).to_contain_text("The stages come in another order")
    expect(part(page, "Offer made")).to_be_focused()
    page.keyboard.press("n")
    page.keyboard.type("Called back")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    expect(page.locator("#chosen-panel .notice")).to_contain_text("say which event shows it")
    page.get_by_label("What shows it").select_option("call out")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#chosen-panel .notice")).to_have_count(0)
    assert list(drawn().stages) == ["enquiry", "quoted", "called_back", "visited", "agreed", "mobilising"]
    assert (drawn().stages["quoted"].name, drawn().stages["called_back"].desk) == ("Offer made", "sales")

    part(page, "Called back").focus()
    page.keyboard.press("Delete")
    page.get_by_label("In its place").select_option("visited")
    page.keyboard.press("Control+Enter")
    expect(part(page, "Called back")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(part(page, "Called back")).to_have_count(1)


def test_a_behavior_is_picked_read_back_rehearsed_and_published_from_the_drawing(page_at, look_everywhere, cast):
    deal = cast.deal("Quayside Tower", contact=cast.contact(), at=MONDAY - 100 * HOUR)
    cast.mail(deal, at=MONDAY - 90 * HOUR)
    page = page_at(1440, "light", cast.tomas)
    page.goto(f"{DRAWING}?on=behaviors:answer-enquiry")

    page.get_by_label("Within", exact=True).fill("1")
    page.get_by_label("Name", exact=True).click()
    expect(page.locator("#sentence")).to_contain_text("deal owner, else desk lead, within 1 working hour")
    page.get_by_role("button", name="Keep", exact=False).first.click()
    expect(page.locator("#verdict")).to_contain_text("the time allowed was 2 working hours, is 1 working hour")
    page.get_by_role("button", name="Rehearse the last 30 days").click()
    expect(page.locator("#rehearsal")).to_contain_text("Over the last 30 days this would have opened 2 duties")
    page.get_by_role("link", name="YAML", exact=True).click()
    assert "within: 1 working hour\n" in page.get_by_label("The map, as YAML").input_value()
    page.get_by_role("button", name="Drawing").click()
    page.get_by_role("button", name="Publish version 2").click()

    expect(page.get_by_text("Version 2 is in force.")).to_be_visible()
    assert current_version() == 2
    assert str(current_map().behaviors["answer-enquiry"].within) == "1 working hour"
    look_everywhere(f"{DRAWING}?on=behaviors:answer-enquiry", cast.ana)


def test_two_windows_of_one_draft_don_t_write_over_each_other(page_at, cast):
    one, other = page_at(1440, "light", cast.ana), page_at(390, "dark", cast.ana)
    for page in (one, other):
        page.goto(f"{DRAWING}?on=stages:quoted")
    one.get_by_label("Name", exact=True).fill("Offer")
    one.get_by_label("Name", exact=True).press("Control+Enter")
    expect(one.get_by_role("heading", name="Offer", exact=True)).to_be_visible()

    other.get_by_label("Name", exact=True).fill("Bid")
    other.get_by_role("button", name="Keep", exact=False).first.click()
    expect(other.locator("#notices")).to_contain_text("Stage “Offer”: its name was Quoted, is Offer")
    expect(other.get_by_label("Name", exact=True)).to_have_value("Bid")
    assert drawn().stages["quoted"].name == "Offer"

    other.get_by_role("button", name="Keep", exact=False).first.click()
    expect(other.get_by_role("heading", name="Bid", exact=True)).to_be_visible()
    assert drawn().stages["quoted"].name == "Bid"
