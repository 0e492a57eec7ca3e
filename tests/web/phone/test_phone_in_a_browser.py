"""The phone as people use it: whoever dials from the deal and comes back is asked once what was said."""

import pytest
from playwright.sync_api import expect

from baton.ledger.models import Interaction
from tests.browser import assert_accessible, assert_no_sideways_scroll, until
from tests.cast import Cast
from tests.channels.telephones import line, own_phone, with_phone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db) -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    contact = with_phone(cast, cast.contact(company=company), "07700 900123")
    return cast.deal(contact=contact, company=company)


def come_back(page) -> None:
    """The page can't leave itself: the clock is put back to before the call, then the browser tells that it is seen."""
    page.evaluate("""() => {
        const kept = JSON.parse(localStorage.getItem("baton-spoken"));
        localStorage.setItem("baton-spoken", JSON.stringify({...kept, at: kept.at - 60000}));
        document.dispatchEvent(new Event("visibilitychange"));
    }""")


def test_coming_back_from_a_number_that_was_tapped_asks_once_what_was_said(cast, deal, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    page.evaluate("addEventListener('click', (event) => event.target.closest('a') && event.preventDefault())")

    page.get_by_role("link", name="Call Dana Whitlock").last.click()
    come_back(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="You spoke with Dana Whitlock?")).to_be_visible()
    assert_accessible(page)
    dialog.get_by_role("textbox").fill("Agreed on Tuesday, quote by Friday")
    dialog.get_by_role("button", name="Record").click()

    expect(page.get_by_text("Agreed on Tuesday, quote by Friday").first).to_be_visible()
    assert Interaction.objects.unscoped("tests").get(kind="call").deal_id == deal.pk
    until(page, "localStorage.getItem('baton-spoken') === null")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_dialogs_of_the_phone_can_be_read_by_everybody(cast, deal, page_at, width, scheme):
    line("calls"), line("sms"), line("whatsapp"), own_phone(cast.ana)
    page = page_at(width, scheme, cast.ana)

    for name in ("Call Dana Whitlock", "Write to Dana Whitlock"):
        page.goto(f"/deals/{deal.pk}/")
        page.get_by_role("link", name=name).last.click()
        expect(page.get_by_role("dialog").get_by_role("heading", name=name)).to_be_visible()
        assert_accessible(page)
    page.goto("/settings/phone/")
    assert_no_sideways_scroll(page)
    assert_accessible(page)
