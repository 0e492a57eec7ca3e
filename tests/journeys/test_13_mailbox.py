"""A mailbox is connected in a form that tries it first; what a customer writes is on their deal, the rest stays."""

import pytest
from playwright.sync_api import expect

from baton.kernel.clock import now
from tests.capture.letters import letter
from tests.cast import MONDAY, Cast
from tests.channels.mailbox.reading import hear
from tests.dovecot import PASSWORD

pytestmark = pytest.mark.usefixtures("monday")
ANA = "ana@lime.example"
PETRA = "Petra Lind <petra@tyneview.example>"


@pytest.fixture
def deal(cast: Cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company, at=MONDAY)


def fill(page, dovecot, password: str) -> None:
    page.get_by_label("Its address").fill(ANA)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Server").fill("127.0.0.1")
    page.get_by_label("Port").fill(str(dovecot.port))
    page.get_by_label("Encryption").select_option("none")
    page.get_by_role("button", name="Try it and connect").click()


def test_ana_connects_her_mailbox_and_accepts_a_deal_out_of_it(page_at, look_everywhere, cast, deal, dovecot):
    page = page_at(1440, "light", cast.ana)
    page.goto("/channels/")
    page.get_by_role("link", name="Forward or copy mail to Baton").click()
    expect(page.get_by_role("heading", name="Everything that comes in, at Google")).to_be_visible()
    look_everywhere(page.url, cast.ana)

    page.goto("/channels/mailbox/own/connection/")
    look_everywhere(page.url + "?how=microsoft", cast.ana)
    fill(page, dovecot, "wrong")
    expect(page.get_by_text("127.0.0.1 doesn’t let us in")).to_be_visible()
    fill(page, dovecot, PASSWORD)
    expect(page.get_by_text("ana@lime.example is connected.")).to_be_visible()

    hear(now())
    dovecot.deliver(ANA, letter(subject="Lobby", text="Bring felt pads.", date=now()))
    dovecot.deliver(ANA, letter("news@shop.example", subject="Sale", list_unsubscribe="<mailto:x@shop.example>"))
    asked = letter(PETRA, ANA, "Gutters", "Do you clean gutters?", message_id="<1@tyneview.example>", date=now())
    answer = letter(ANA, PETRA, "Re: Gutters", "We do.", in_reply_to="<1@tyneview.example>", date=now())
    dovecot.deliver(ANA, asked)
    dovecot.deliver(ANA, answer, folder="Sent")
    hear(now())

    page.goto("/channels/")
    expect(page.locator("main")).to_contain_text("3 kept. 1 left where they are: newsletters and automatic mail")
    look_everywhere("/who-sees-what/", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    expect(page.locator("#timeline")).to_contain_text("Bring felt pads.")

    page.goto("/inbox/")
    expect(page.locator(".reader .notice")).to_contain_text("this may be a deal of yours")
    page.keyboard.press("n")
    expect(page.get_by_text("Opened Gutters.")).to_be_visible()
