"""The installed app in a browser: what is shared or typed without a line is kept, and recorded once when it is back."""

import pytest
from playwright.sync_api import Page, expect

from baton.capture.models import ImportJob
from baton.ledger.models import Interaction
from tests.browser import assert_accessible, assert_no_sideways_scroll, until
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Colin Hart\nTEL:+44 7700 900456\nEND:VCARD\n"
SHARE = """([name, type, content]) => {
    const form = Object.assign(document.createElement("form"),
        {method: "POST", action: "/share/", enctype: "multipart/form-data"});
    const [words, files] = ["text", "files"].map((name) => Object.assign(document.createElement("input"), {name}));
    if (name) {
        const picked = new DataTransfer();
        picked.items.add(new File([content], name, {type}));
        files.type = "file";
        files.files = picked.files;
        form.append(files);
    } else {
        words.value = content;
        form.append(words);
    }
    document.body.append(form);
    form.submit();
}"""
"""What a phone does with what is shared, as the manifest says: a POST that leads to a page."""


@pytest.fixture
def cast(server: str, settings, tmp_path) -> Cast:
    return Cast()


NOTHING_WAITS = "caches.open('baton-kept').then((kept) => kept.keys()).then((waiting) => !waiting.length)"


def install(page: Page) -> None:
    """Open the app as the first time, until its worker looks after it."""
    page.goto("/quick/")
    until(page, "navigator.serviceWorker.controller && caches.keys().then((names) => names.length)")


def test_a_contact_card_is_shared_to_the_installed_app(cast, page_at):
    page = page_at(390, "light", cast.ana)
    install(page)

    page.evaluate(SHARE, ["Colin.vcf", "text/x-vcard", CARD])

    expect(page.get_by_role("heading", name="Colin.vcf")).to_be_visible()
    assert ImportJob.objects.get().channel == "contacts"
    until(page, NOTHING_WAITS)


def test_what_is_shared_without_a_line_is_sent_when_it_is_back(cast, page_at):
    page = page_at(390, "dark", cast.ana)
    install(page)
    page.context.set_offline(True)

    page.evaluate(SHARE, ["", "", "The key is under the third pot"])
    expect(page.get_by_text("What you shared is kept on this phone too.")).to_be_visible()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="The key is under the third pot")).to_be_visible()
    assert_accessible(page)
    assert Interaction.objects.unscoped("tests").count() == 1


def test_what_is_typed_on_the_page_without_a_line_is_recorded_by_who_was_here_last(cast, page_at):
    page = page_at(390, "light", cast.ana)
    install(page)
    page.context.set_offline(True)
    page.goto("/today/")
    expect(page.get_by_role("heading", name="There is no line to Baton")).to_be_visible()

    page.get_by_label("What happened, in one line").fill("Rang the agent, nobody there")
    page.get_by_role("button", name="Keep it here").click()
    expect(page.locator("[data-kept]")).to_contain_text("1 waiting")
    page.context.set_offline(False)

    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    until(page, "localStorage.getItem('baton.kept') === '[]'")
    assert Interaction.objects.unscoped("tests").get().from_name == "Ana Horvat"


def test_signing_out_takes_what_the_app_kept_and_leaves_what_is_not_sent(cast, page_at):
    page = page_at(390, "light", cast.ana)
    install(page)
    page.evaluate("localStorage.setItem('baton.kept', '[{\"member\": \"somebody\"}]')")

    page.context.clear_cookies()
    page.goto("/account/login/")
    until(page, "caches.keys().then((names) => names.length === 0)")

    until(page, "localStorage.getItem('baton.member') === null")
    assert page.evaluate("localStorage.getItem('baton.kept')") == '[{"member": "somebody"}]'
