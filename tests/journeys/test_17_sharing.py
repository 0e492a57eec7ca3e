"""Seventeen: a chat that WhatsApp exported is shared from a phone to Baton and stands on its deal, once."""

from playwright.sync_api import expect

from baton.capture import imports
from baton.kernel.clock import now
from baton.ledger.models import Interaction
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.web.pocket.test_pocket_in_a_browser import SHARE, install

CHAT = (
    "16/11/2026, 08:40 - Dana Whitlock: Could we start on Tuesday?\n"
    "16/11/2026, 08:41 - Ana Horvat: Yes, at seven.\n"
    "16/11/2026, 08:42 - Dana Whitlock: The key is with the porter\n"
)


def test_an_exported_chat_is_shared_from_a_phone(cast, monday, page_at):
    deal = cast.deal(contact=cast.contact(company=cast.company()))
    page = page_at(390, "light", cast.ana)
    install(page)

    for _again in range(2):
        page.evaluate(SHARE, ["WhatsApp Chat with Dana Whitlock.txt", "text/plain", CHAT])
        expect(page.get_by_role("heading", name="WhatsApp Chat with Dana Whitlock.txt")).to_be_visible()
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        imports.work(now)

    expect(page.get_by_text("All 3 messages are read.")).to_be_visible()
    page.goto(f"/deals/{deal.pk}/")
    expect(page.get_by_text("The key is with the porter").first).to_be_visible()
    assert Interaction.objects.unscoped("tests").filter(kind="chat").count() == 3
