"""A colleague who sends the pipeline around as a spreadsheet is remarked on in Inbox, to those who got it."""

import pytest
from django.test import Client
from time_machine import travel

from baton.capture import inbox
from tests.capture.letters import from_mailbox, recorded
from tests.cast import HOUR, MONDAY, Cast
from tests.channels.email.test_papers import carrying

pytestmark = pytest.mark.django_db
SHEET = b"Deal,Stage,Amount,Owner\nQuayside,Quoted,84600,Ana\n"


def inbox_of(member) -> str:
    client = Client()
    client.force_login(member)
    with travel(MONDAY + HOUR):
        return client.get("/inbox/").content.decode()


def test_it_says_who_sent_what_around_and_can_be_put_away():
    cast = Cast()
    [came] = from_mailbox(
        cast.ana, carrying("week47.csv", SHEET, "Bram Castell <bram@lime.example>", "ana@lime.example")
    )

    page = inbox_of(cast.ana)
    inbox.set_aside(recorded(came), by=cast.ana, at=MONDAY + HOUR)

    assert "Bram Castell sent the pipeline around as a spreadsheet: week47.csv, 1 row." in page
    assert ["sent the pipeline around" in inbox_of(one) for one in (cast.ana, cast.ben)] == [False, False]
