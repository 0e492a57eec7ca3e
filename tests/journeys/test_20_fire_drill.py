"""Twenty: the chair wants the board pack by four. It is answered by mail, and looked into on the page."""

from email import message_from_bytes, policy

import pytest
from django.core import mail
from playwright.sync_api import expect

from baton.channels.requests.arriving import request_address
from baton.decide.requests.models import Request
from baton.map.publishing import publish
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.cast import FIRM, MONDAY
from tests.channels.requests.test_mail import words, write
from tests.templates import workbook

ROWS = [
    ["Board pack: open pipeline"],
    [],
    ["Rep", "Open deals", "Weighted", "Q4 2026", "Revenue", "Target"],
    ["Ana Horvat", "", "", "", "", ""],
    ["Bram Castell", "", "", "", "", ""],
    ["Total", "", "", "", "", ""],
]


@pytest.fixture
def firm(cast, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    publish(FIRM + "  board-pack: {who: [tomas], every: month, reads: [amount, close_date]}\n", by=None, at=MONDAY)
    company = cast.company()
    gbp = {"currency": "GBP"}
    cast.deal("Quayside Tower", "visited", company=company, amount=gbp | {"minor": 8_460_000}, close_date="2026-11-27")
    cast.deal("Fernhill", "visited", owner=cast.bram, amount=gbp | {"minor": 5_000_000}, close_date="2026-12-18")
    return cast


def test_a_fire_drill_is_answered_by_mail_and_on_the_page(firm, monday, page_at, settings):
    write(
        "I need it by 4pm",
        to=request_address(firm.tomas),
        sender="tomas@lime.example",
        sheet=workbook(("By rep", ROWS)),
    )
    reply = words(message_from_bytes(mail.outbox[-1].raw, policy=policy.default))
    assert "9 cells are filled; 6 stay empty." in reply

    request = Request.objects.get()
    page = page_at(1440, "light", firm.tomas)
    page.goto(f"/requests/{request.pk}/")
    page.get_by_role("link", name="£84,600").first.click()
    expect(page.get_by_role("heading", name="D4")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_role("link", name="Quayside Tower")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)

    page.get_by_label("Revenue").select_option("won:amount")
    page.get_by_role("button", name="Remember, and fill it anew").click()
    expect(page.get_by_text("Remembered, and filled anew.")).to_be_visible()
    expect(page.get_by_text("Baton filled 12 cells")).to_be_visible()

    page.goto("/requests/")
    page.get_by_label("Or ask").fill("What will close in Q4 2026?")
    page.get_by_role("button", name="Answer it").click()
    expect(page.get_by_text("2 deals are open, worth £134,600").first).to_be_visible()
    assert Request.objects.get(pk=request.pk).opened_at is not None
