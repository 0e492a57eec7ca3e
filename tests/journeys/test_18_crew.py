"""Eighteen: a packet is shared with crew, opened on a phone that knows no account, and ended."""

from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.web.today.scene import offered


def test_a_packet_is_shared_with_crew_and_ended(cast, monday, page_at):
    handoff = offered(cast, key_holder={"name": "Colin Hart, 020 7183 8750"})
    ben, leo = page_at(1440, "light", cast.ben), page_at(390, "dark")
    ben.goto(f"/handoffs/{handoff.pk}/")
    ben.get_by_role("link", name="Share with crew").click()
    ben.get_by_label("For whom").fill("Leo’s crew")
    assert_accessible(ben)
    ben.get_by_role("button", name="Make an address").click()
    address = ben.get_by_label("The address").input_value()

    leo.goto(address[address.index("/crew/") :])
    expect(leo.get_by_role("heading", name="Northgate winter gritting")).to_be_visible()
    expect(leo.get_by_role("link", name="020 7183 8750")).to_have_attribute("href", "tel:+442071838750")
    assert_accessible(leo)
    assert_no_sideways_scroll(leo)
    expect(leo.get_by_role("navigation")).to_have_count(0)

    ben.goto(f"/handoffs/{handoff.pk}/crew/")
    expect(ben.get_by_text("Opened just now")).to_be_visible()
    ben.get_by_role("button", name="End it").click()
    expect(ben.get_by_text("ended just now by Ben")).to_be_visible()
    leo.reload()
    expect(leo.get_by_text("Ask Ben Raman for what you need.")).to_be_visible()
