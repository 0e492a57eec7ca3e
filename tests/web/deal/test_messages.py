"""The message itself: shown as sent, in a frame that loads and runs nothing, and handed out as bytes."""

import pytest

from baton.capture.ingesting import ingest
from baton.capture.reading import process
from baton.capture.trust import MAILBOX
from baton.ledger.models import Interaction
from tests.cast import MONDAY, Cast
from tests.web.deal.test_page import text

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db]
HOSTILE = (
    b"From: Dana Whitlock <dana@marlowe.example>\r\nTo: Ana <ana@lime.example>\r\nSubject: Start\r\n"
    b"Message-ID: <1@marlowe.example>\r\nDate: Mon, 16 Nov 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>Could we start?</p><script>alert(1)</script><img src='https://spy.example/x.png' onerror='alert(2)'>"
    b"<a href='javascript:alert(3)'>look</a><form action='/deals/'><input name=x></form>"
    b"<div data-hx-get='/quick/' hx-get='/quick/'>x</div>\r\n"
)


@pytest.fixture
def message(cast):
    cast.deal(contact=cast.contact())
    delivery = ingest("email", "1", HOSTILE, at=MONDAY, as_member=cast.ana, evidence=MAILBOX)
    process([delivery], at=MONDAY)
    return Interaction.objects.unscoped("tests").get(deliveries=delivery.pk)


def test_a_message_is_shown_as_text_with_who_wrote_it_to_whom(cast, message, signed_in):
    response = signed_in(cast.ana).get(f"/messages/{message.pk}/")

    assert text(response, "h1") == ["Start"]
    assert "Dana Whitlock <dana@marlowe.example>" in text(response, ".facts dd")[0]
    assert "Could we start?" in text(response, ".said")[0]


def test_its_html_stands_in_a_frame_that_loads_and_runs_nothing(cast, message, signed_in):
    answer = signed_in(cast.ana).get(f"/messages/{message.pk}/frame/")

    policy, body = answer.headers["Content-Security-Policy"], answer.content.decode()
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';")
    assert "script-src" not in policy
    assert [word for word in ("<script", "alert", "spy.example", "hx-get", "<form", "<input") if word in body] == []
    assert "1 remote picture was left out" in body


def test_its_source_is_handed_out_as_the_bytes_that_came(cast, message, signed_in):
    answer = signed_in(cast.ana).get(f"/messages/{message.pk}/source/")

    assert answer.content == HOSTILE
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{message.pk}.eml"'
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("part", ["", "frame/", "source/"])
def test_a_message_that_somebody_may_not_read_is_not_there(cast, message, signed_in, part):
    cast.tell("interaction", message.pk, audience="subject")

    assert signed_in(cast.bram).get(f"/messages/{message.pk}/{part}").status_code == 404


def test_a_note_has_no_source(db, signed_in):
    cast = Cast()
    note = cast.mail(cast.deal())

    assert signed_in(cast.ana).get(f"/messages/{note.pk}/source/").status_code == 404
