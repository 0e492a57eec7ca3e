"""Twelve: a customer's mail is answered from the deal; it can be taken back, and what was sent closes the duty."""

from playwright.sync_api import expect

from baton.capture import outbox
from baton.capture.models import Outgoing
from baton.kernel.clock import now
from baton.ledger.models import Interaction
from baton.work.models import Duty
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.capture.letters import from_mailbox, letter
from tests.cast import MINUTE, MONDAY


def test_a_customer_s_mail_is_answered_from_the_deal(cast, monday, page_at):
    deal = cast.deal(contact=cast.contact(company=cast.company()))
    from_mailbox(cast.ana, letter(message_id="<ask@marlowe.example>"), at=MONDAY + MINUTE)
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.locator("#timeline").get_by_role("link", name="Reply").click()
    expect(page.get_by_label("To", exact=True)).to_have_value("Dana Whitlock <dana@marlowe.example>")
    expect(page.get_by_label("Subject")).to_have_value("Re: Start")
    assert_accessible(page)
    page.get_by_label("Text").fill("Yes, we can start on Tuesday.")
    page.keyboard.press("Control+Enter")

    on_its_way = page.get_by_role("region", name="On its way")
    expect(on_its_way).to_contain_text("Re: Start")
    on_its_way.get_by_role("button", name="Take it back").click()
    expect(on_its_way).to_contain_text("Taken back. What you typed is kept.")
    assert_accessible(page)
    assert outbox.send_due(now() + MINUTE) == 0

    on_its_way.get_by_role("link", name="Write it anew").click()
    expect(page.get_by_label("Text")).to_have_value("Yes, we can start on Tuesday.")
    page.get_by_label("Text").fill("Yes, we can start on 1 December.")
    page.get_by_role("button", name="Send").click()
    expect(on_its_way).to_contain_text("Goes out")
    assert outbox.send_due(now() + MINUTE) == 1

    expect(on_its_way).to_be_hidden()
    expect(page.locator("#timeline")).to_contain_text("Yes, we can start on 1 December.")
    sent = Interaction.objects.unscoped("tests").get(direction="out")
    assert (sent.deal_id, sent.trust, Outgoing.objects.unscoped("tests").get().state) == (deal.pk, "own", "sent")
    assert Duty.objects.unscoped("tests").get(behavior="answer-enquiry").state == "closed"


def test_a_mail_is_written_on_a_phone(cast, monday, page_at):
    deal = cast.deal(contact=cast.contact())
    page = page_at(390, "dark", cast.ana)

    page.goto(f"/deals/{deal.pk}/email/")

    expect(page.get_by_label("Send later")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
