"""Drafts: kept whatever is wrong with them, checked line by line, published by the owner alone."""

from datetime import timedelta

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.kernel.clock import stamp
from baton.map.current import current_version
from baton.map.models import MapDraft, MapVersion
from baton.map.publishing import publish
from baton.map.ready import READY
from tests.cast import FIRM, HOUR, MONDAY, Cast
from tests.web.map.test_map import HTMX, page, signed_in, texts

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.deal.addresses")]
SLOWER = FIRM.replace("within: 2 working hours", "within: 3 working hours")
BROKEN = FIRM.replace("  operations: {lead: ben}", "  operations: {leed: ben}")


@pytest.fixture
def cast() -> Cast:
    return Cast()


def write(client: Client, address: str, text: str, **more: str):
    return client.post(address, {"text": text, "based_on": "1", "note": "", **more})


def test_a_draft_begins_with_what_is_in_force(cast):
    parsed = page(signed_in(cast.ana), "/map/draft/")

    assert parsed.css_first("textarea").text() == FIRM
    assert texts(parsed, "#changes") == ["It says the same as version 1"]


@pytest.mark.parametrize("name", READY)
def test_a_draft_can_begin_with_a_ready_map_filled_in_for_this_firm(cast, name):
    parsed = page(signed_in(cast.tomas), f"/map/draft/?start={name}")

    text = parsed.css_first("textarea").text()
    assert "business: Lime & Co" in text
    assert "owner: tomas@lime.example" in text
    assert parsed.css("#against") == []


def test_a_draft_is_kept_with_its_problems_and_each_names_its_line(cast):
    client = signed_in(cast.ana)

    assert write(client, "/map/draft/", BROKEN, note="Ops").status_code == 302

    parsed = page(client, "/map/draft/")
    line = BROKEN.splitlines().index("  operations: {leed: ben}") + 1
    assert parsed.css_first("textarea").text() == BROKEN
    assert parsed.css_first("[data-line]").attributes["data-line"] == str(line)
    assert texts(parsed, "#verdict code.cell-sub")[0] == "operations: {leed: ben}"
    assert current_version() == 1


def test_checking_answers_with_the_verdict_alone_and_keeps_nothing(cast):
    response = signed_in(cast.ana).post("/map/draft/problems/", {"text": SLOWER, "based_on": "1"}, headers=HTMX)

    content = response.content.decode().strip()
    assert content.startswith("<aside")
    assert "the time allowed was 2 working hours, is 3 working hours" in content
    assert not MapDraft.objects.exists()


def test_checking_without_scripts_answers_with_the_page_and_what_was_typed(cast):
    response = write(signed_in(cast.ana), "/map/draft/problems/", SLOWER.replace("\n", "\r\n"))

    parsed = LexborHTMLParser(response.content.decode())
    assert parsed.css_first("textarea").text() == SLOWER


def test_the_owner_publishes_and_the_drafts_that_say_it_are_done_with(cast):
    write(signed_in(cast.ana), "/map/draft/", SLOWER)
    write(signed_in(cast.mia), "/map/draft/", FIRM.replace("lead: ana", "lead: bram"))

    response = write(signed_in(cast.tomas), "/map/draft/publication/", SLOWER, note="More air")

    assert response["Location"] == "/map/"
    newest = MapVersion.objects.first()
    assert (newest.number, newest.text, newest.published_by, newest.note) == (2, SLOWER, cast.tomas, "More air")
    assert [draft.changed_by for draft in MapDraft.objects.all()] == [cast.mia]


@pytest.mark.parametrize("who", ["ana", "mia", "ben"])
def test_others_propose_and_don_t_publish(cast, who):
    client = signed_in(getattr(cast, who))

    response = write(client, "/map/draft/publication/", SLOWER)

    parsed = LexborHTMLParser(response.content.decode())
    assert response.status_code == 422
    assert "Only the owner of the map publishes it" in texts(parsed, "form .notice")[0]
    assert parsed.css_first("textarea").text() == SLOWER
    assert parsed.css("[formaction='/map/draft/publication/']") == []
    assert current_version() == 1


def test_who_may_only_read_keeps_no_draft(cast):
    assert write(signed_in(cast.rita), "/map/draft/", SLOWER).status_code == 403
    assert not MapDraft.objects.exists()


def test_a_draft_on_an_older_version_is_refused_with_what_changed_and_shown_again(cast):
    publish(SLOWER, by=cast.tomas, at=MONDAY)
    client = signed_in(cast.tomas)
    mine = FIRM.replace("lead: ben", "lead: bram")

    response = write(client, "/map/draft/publication/", mine)

    parsed = LexborHTMLParser(response.content.decode())
    assert response.status_code == 409
    assert "Version 2 was published while this draft stood on version 1" in texts(parsed, "form .notice")[0]
    assert texts(parsed, "#verdict .rows li") == [
        "Desk “Operations”: its lead was ben, is bram",
        "Behavior “Answer enquiry”: the time allowed was 3 working hours, is 2 working hours",
    ]
    assert parsed.css_first("[name=based_on]").attributes["value"] == "2"


def test_a_draft_that_is_behind_says_what_it_would_take_back(cast):
    write(signed_in(cast.ana), "/map/draft/", FIRM.replace("lead: ben", "lead: bram"))
    publish(SLOWER, by=cast.tomas, at=MONDAY)

    parsed = page(signed_in(cast.ana), "/map/draft/")

    assert texts(parsed, "#meanwhile") == ["Version 2 came meanwhile"]


def test_two_windows_don_t_overwrite_each_other(cast):
    client = signed_in(cast.ana)
    write(client, "/map/draft/", SLOWER)
    seen = stamp(MapDraft.objects.get().changed_at)
    write(client, "/map/draft/", SLOWER.replace("3 working", "4 working"), seen=seen)

    response = write(client, "/map/draft/", SLOWER.replace("3 working", "5 working"), seen=seen)

    assert response.status_code == 409
    assert "4 working hours" in MapDraft.objects.get().text


def test_a_proposal_stands_on_the_map_and_can_be_published_by_the_owner(cast):
    write(signed_in(cast.ana), "/map/draft/", SLOWER, note="More air")
    proposal = MapDraft.objects.get()
    client = signed_in(cast.tomas)

    assert texts(page(client, "/map/"), "aside .panel:last-child .rows a") == ["Ana Horvat’s"]
    parsed = page(client, f"/map/drafts/{proposal.pk}/")

    assert texts(parsed, "h1") == ["Ana Horvat’s draft of the map"]
    assert texts(parsed, "#verdict .rows li") == [
        "Behavior “Answer enquiry”: the time allowed was 2 working hours, is 3 working hours"
    ]
    assert len(parsed.css("[formaction='/map/draft/publication/']")) == 1
    assert page(client, f"/map/draft/?proposal={proposal.pk}").css_first("textarea").text() == SLOWER


def test_a_draft_is_thrown_away(cast):
    client = signed_in(cast.ana)
    write(client, "/map/draft/", SLOWER)

    client.post("/map/draft/removal/")

    assert not MapDraft.objects.exists()


def test_a_text_larger_than_a_map_may_be_is_refused(cast):
    response = write(signed_in(cast.ana), "/map/draft/", "#" * 1_000_001)

    assert (response.status_code, MapDraft.objects.count()) == (422, 0)


def test_words_that_look_like_markup_stay_words(cast):
    response = write(signed_in(cast.tomas), "/map/draft/problems/", FIRM + "\n<script>alert(1)</script>: x\n")

    assert "<script>alert" not in response.content.decode()


def test_a_draft_is_rehearsed_over_the_last_days_with_its_cases(cast, monkeypatch):
    cast.mail(cast.deal("Quayside", contact=cast.contact()), at=MONDAY + HOUR)
    monkeypatch.setattr("baton.web.map.drafts.now", lambda: MONDAY + timedelta(days=1))

    response = signed_in(cast.ana).post("/map/draft/rehearsal/", {"text": SLOWER, "based_on": "1"}, headers=HTMX)

    parsed = LexborHTMLParser(response.content.decode())
    [said] = texts(parsed, "#rehearsal > p > strong")
    assert said.startswith("Over the last 30 days this would have opened")
    assert "Answer enquiry changed" in texts(parsed, "details summary")[0]
    assert "Quayside" in texts(parsed, "details ol a")
    assert not MapDraft.objects.exists()


def test_a_draft_with_problems_is_not_rehearsed(cast):
    response = write(signed_in(cast.ana), "/map/draft/rehearsal/", BROKEN)

    parsed = LexborHTMLParser(response.content.decode())
    assert (response.status_code, len(parsed.css("#rehearsal strong")), len(parsed.css("#against"))) == (200, 0, 1)
