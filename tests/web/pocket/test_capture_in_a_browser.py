"""Capture on a phone with a bad line: what is typed, photographed and said is kept, and recorded exactly once."""

import pytest
from playwright.sync_api import Page, expect

from baton.ledger.models import File, Interaction
from tests.browser import assert_accessible, assert_no_sideways_scroll, until
from tests.cast import Cast
from tests.web.pocket.test_pocket_in_a_browser import NOTHING_WAITS

pytestmark = pytest.mark.django_db(transaction=True)
PHOTO = {"name": "roof.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8 a picture"}


@pytest.fixture
def cast(server: str) -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def lose_the_next_answer(page: Page, address: str) -> None:
    """The server gets what is sent and records it, and nobody ever hears of it."""

    def lose(route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(address, lose, times=1)


def notes() -> list[Interaction]:
    return list(Interaction.objects.unscoped("tests").order_by("happened_at"))


def test_the_app_opens_on_the_line_with_a_photo_and_what_is_owed_first(cast, deal, page_at):
    cast.mail(deal)
    page = page_at(390, "light", cast.ana)
    page.goto("/quick/")

    expect(page.get_by_label("What happened, in one line")).to_be_focused()
    expect(page.get_by_role("region", name="First today")).to_contain_text("Reply to Dana Whitlock")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    page.get_by_label("What happened, in one line").fill("Dana showed me the roof")
    page.get_by_label("Photo").set_input_files(PHOTO)
    expect(page.locator("#chosen")).to_have_text("roof.jpg")
    page.get_by_role("button", name="Record").click()

    expect(page.locator("#notices")).to_contain_text("Recorded")
    assert File.objects.unscoped("tests").get().name == "roof.jpg"
    until(page, NOTHING_WAITS)


def test_a_lost_answer_is_made_up_for_and_doubles_nothing(cast, deal, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto("/quick/")
    lose_the_next_answer(page, "**/quick/")

    page.get_by_label("What happened, in one line").fill("Called Dana, she is fine with Tuesday")
    page.get_by_label("Photo").set_input_files(PHOTO)
    page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-kept]")).to_contain_text("1 waiting")
    assert len(notes()) == 1
    page.goto("/today/")

    until(page, NOTHING_WAITS)
    assert (len(notes()), File.objects.unscoped("tests").count()) == (1, 1)


def test_what_is_photographed_without_a_line_is_recorded_with_its_own_time(cast, deal, page_at):
    page = page_at(390, "dark", cast.ana)
    page.goto("/quick/")
    page.context.set_offline(True)
    for words in ("Called Dana", "The roof at Marlowe"):
        page.get_by_label("What happened, in one line").fill(words)
        page.get_by_label("Photo").set_input_files(PHOTO)
        page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-kept]")).to_contain_text("2 waiting")
    assert notes() == []
    page.context.set_offline(False)

    until(page, NOTHING_WAITS)
    first, second = notes()
    assert (first.subject, second.subject) == ("Called Dana", "The roof at Marlowe")
    assert first.happened_at < second.happened_at < second.recorded_at


def test_a_file_that_was_put_to_a_deal_without_a_line_comes_along(cast, deal, page_at):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")
    lose_the_next_answer(page, "**/quick/")
    form = page.locator("#say-form")

    form.locator("textarea").fill("The drawing")
    form.locator("[type=file]").set_input_files(PHOTO)
    form.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("[data-kept]")).to_contain_text("1 waiting")
    page_at.complaints.clear()  # htmx says on the console what the page says in words
    page.reload()

    until(page, NOTHING_WAITS)
    assert [(note.deal_id, note.subject) for note in notes()] == [(deal.pk, "The drawing")]
    assert File.objects.unscoped("tests").count() == 1


def test_a_voice_note_is_recorded_and_goes_with_the_line(cast, deal, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto("/quick/")
    page.evaluate(
        "navigator.mediaDevices.getUserMedia = async () => new AudioContext().createMediaStreamDestination().stream"
    )

    page.get_by_role("button", name="Voice note").click()
    expect(page.get_by_role("button", name="Stop")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#chosen")).to_contain_text("Voice note")
    page.get_by_role("button", name="Record").click()

    expect(page.locator("#notices")).to_contain_text("Recorded")
    assert File.objects.unscoped("tests").get().content_type == "audio/webm"


def test_what_waits_outlives_a_session_that_ended(cast, deal, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto("/quick/")
    page.context.set_offline(True)
    page.get_by_label("What happened, in one line").fill("Called Dana")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-kept]")).to_contain_text("1 waiting")
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    with page.expect_response("**/quick/", timeout=30_000):  # asked again after a while where the event is missed
        page.context.set_offline(False)
    assert notes() == []

    page.context.add_cookies(kept)
    page.goto("/today/")

    until(page, NOTHING_WAITS)
    assert len(notes()) == 1


def test_what_is_refused_says_why_and_stands_in_the_form_still(cast, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto("/quick/")

    page.get_by_label("What happened, in one line").fill(" ")
    page.get_by_role("button", name="Record").click()

    expect(page.locator("#notices")).to_contain_text("Write what happened, in a few words.")
    until(page, NOTHING_WAITS)


def test_what_is_refused_later_waits_until_somebody_throws_it_away(cast, page_at):
    page = page_at(390, "light", cast.ana)
    page.goto("/quick/")
    page.context.set_offline(True)
    page.get_by_label("What happened, in one line").fill(" ")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-kept]")).to_contain_text("1 waiting")
    page.context.set_offline(False)
    page.goto("/share/")

    page.get_by_role("button", name="Record what waits here").click()
    expect(page.locator("#notices")).to_contain_text("Write what happened, in a few words.")
    page.get_by_role("button", name="Throw it away").click()

    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    until(page, NOTHING_WAITS)
