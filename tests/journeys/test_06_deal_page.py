"""The deal page: what proves each stage, what the next desk needs, where a value comes from, the message as it came."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from playwright.sync_api import Page, Request, expect

from baton.ledger.models import Deal
from baton.work import moves
from tests.capture.letters import from_mailbox
from tests.cast import MINUTE, Cast, fresh
from tests.journeys.conftest import NOW
from tests.web.deal.scene import quayside

pytestmark = pytest.mark.usefixtures("monday")
NOSY = """\
<html><head><link rel=stylesheet href="https://tracker.example/look.css"></head>
<body background="https://tracker.example/paper.png"><h1>Lobby hours</h1>
<p style="background:url(https://tracker.example/dot.gif)">The desk is staffed from seven.</p>
<img src="https://tracker.example/opened.gif?who=ana"><script>fetch("https://tracker.example/run")</script>
<iframe src="https://tracker.example/"></iframe><video poster="https://tracker.example/v.png"></video>
<form action="https://tracker.example/form"><input name=password></form></body></html>
"""


@pytest.fixture
def deal(cast: Cast) -> Deal:
    deal = quayside(cast, at=NOW - 10 * MINUTE)
    moves.move(deal, "visited", by=cast.ana, at=NOW - 5 * MINUTE)
    return moves.move(fresh(deal), "quoted", by=cast.ana, at=NOW - 4 * MINUTE).deal


def nosy_mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Dana Whitlock <dana@marlowe.example>", "ana@lime.example", "Lobby"
    mail["Message-ID"], mail["Date"] = "<nosy@marlowe.example>", format_datetime(NOW - MINUTE)
    mail.set_content("The desk is staffed from seven.")
    mail.add_alternative(NOSY, subtype="html")
    return mail.as_bytes()


def test_the_rail_says_what_proves_each_stage(page_at, look_everywhere, cast, deal):
    page = page_at(1440, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    marks = {stage: page.locator(".stage", has_text=stage) for stage in ("Visited", "Quoted", "Agreed")}
    expect(marks["Visited"]).to_have_attribute("data-evidence", "shown")
    expect(marks["Visited"].get_by_role("link", name="Meeting held")).to_be_visible()
    expect(marks["Quoted"]).to_have_attribute("data-evidence", "said")
    expect(marks["Quoted"]).to_contain_text("said, no evidence")
    expect(marks["Agreed"]).to_contain_text("Needs: ")
    look_everywhere(page.url, cast.ana)


def test_the_packet_says_what_is_there_missing_and_only_suggested(page_at, cast, deal):
    page = page_at(390, "light", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    expect(page.locator("#packet-scope")).to_contain_text("14 floors")
    expect(page.locator("#packet-start_date")).to_have_attribute("data-has", "suggested")
    expect(page.locator("#packet-key_holder")).to_have_attribute("data-has", "missing")
    expect(page.locator("#packet-key_holder")).to_contain_text("The first crew stands outside.")


def test_a_value_tells_its_source_and_one_click_more_its_whole_history(page_at, cast, deal):
    cast.tell("deal", deal.pk, by=cast.bram, at=NOW - MINUTE, amount={"minor": 9_000_000, "currency": "GBP"})
    page = page_at(1440, "dark", cast.ana)
    page.goto(f"/deals/{deal.pk}/")

    page.locator(".figures").get_by_role("link", name="£90,000").click()
    expect(page.locator("#source")).to_contain_text("Bram Castell")
    page.locator("#source").get_by_role("link", name="who, when, from what").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Amount")
    expect(page.locator("#history li b")).to_have_text(["£90,000", "£84,600"])
    expect(page.locator("#history li").last).to_contain_text("Tomas Okafor")


def test_the_message_as_it_came_loads_nothing_and_runs_nothing(page_at, look_everywhere, server, cast, deal):
    from_mailbox(cast.ana, nosy_mail(), at=NOW - MINUTE)
    asked: list[str] = []
    page = page_at(1440, "light", cast.ana)
    page.on("request", lambda request: asked.append(_origin(request)))
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#timeline li", has_text="The desk is staffed").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Lobby")).to_be_visible()

    page.get_by_text("As it looked").click()
    frame = page.locator("iframe.mail-frame")
    expect(frame.content_frame.get_by_text("The desk is staffed from seven.")).to_be_visible()

    assert "allow-scripts" not in frame.get_attribute("sandbox")
    assert frame.content_frame.locator("script, iframe, form, link").count() == 0
    page.wait_for_load_state("networkidle")
    assert set(asked) == {server}
    look_everywhere(page.url, cast.ana, _unfold)


def _unfold(page: Page) -> None:
    page.get_by_text("As it looked").click()
    expect(page.locator("iframe.mail-frame").content_frame.get_by_text("Lobby hours")).to_be_visible()


def _origin(request: Request) -> str:
    return "/".join(request.url.split("/")[:3])


def test_a_question_is_a_colleague_s_duty_and_its_answer_stands_on_the_deal(page_at, cast, deal):
    page, theirs = page_at(1440, "light", cast.ana), page_at(390, "dark", cast.ben)
    page.goto(f"/deals/{deal.pk}/")
    page.locator("#packet-key_holder").get_by_role("link", name="Ask a colleague").click()
    page.get_by_role("dialog").get_by_label("To").select_option("Ben Raman")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Questions to colleagues")).to_contain_text("key holder")

    theirs.goto("/")
    asked = theirs.locator(".duty", has_text="key holder")
    asked.get_by_label("Your answer").fill("Colin Hart")
    asked.get_by_role("button", name="Answer", exact=True).click()
    expect(theirs.locator(".duty", has_text="Answered.")).to_have_count(1)

    page.reload()
    expect(page.locator("#packet-key_holder")).to_contain_text("Colin Hart")
    assert fresh(deal).value("key_holder") == "Colin Hart"
    assert fresh(deal).next_step_at == NOW - 10 * MINUTE + timedelta(days=2)
