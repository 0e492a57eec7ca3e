"""Merging: somebody who is there twice is seen side by side, merged with one key, and taken apart again."""

import pytest
from playwright.sync_api import expect

from baton.capture.duplicates.finding import compare_due
from baton.ledger.models import Contact
from tests.browser import assert_accessible
from tests.cast import WEDNESDAY

pytestmark = pytest.mark.usefixtures("monday")


def test_a_contact_who_is_there_twice_is_merged_and_taken_apart_again(cast, page_at, look_everywhere):
    dana = cast.contact("Dana Whitlock", "dana@marlowe.example", cast.company())
    double = cast.contact("Dana Whitlok", "dana@gmail.com")
    cast.tell("contact", double.pk, phones=["+44 7700 900123"], job="Facilities manager")
    cast.deal("Lime Street", contact=double)
    compare_due(WEDNESDAY)
    page = page_at(1440, "light", cast.ana)

    page.goto("/duplicates/")
    assert_accessible(page)
    page.goto(f"/contacts/{dana.pk}/")
    expect(page.get_by_text("Perhaps the same as Dana Whitlok.")).to_be_visible()
    page.get_by_role("link", name="Compare them").click()
    look_everywhere(page.url, cast.ana)
    expect(page.get_by_role("row", name="Phone numbers")).to_contain_text("+44 7700 900123")
    page.get_by_role("link", name="Keep Dana Whitlock instead").click()
    expect(page.get_by_role("link", name="Keep Dana Whitlok instead")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("y")

    expect(page.get_by_role("heading", level=1)).to_have_text("Dana Whitlock")
    expect(page.get_by_role("link", name="Lime Street")).to_be_visible()
    expect(page.get_by_text("dana@gmail.com")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Take apart").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Dana Whitlok")
    expect(page.get_by_role("link", name="Lime Street")).to_be_visible()
    assert Contact.objects.unscoped("tests").get(pk=dana.pk).values["emails"]["v"] == ["dana@marlowe.example"]
