"""A member with something to owe, the letters that were sent, and an answer on its way back."""

from email import message_from_bytes, policy

import pytest
from django.core import mail

from baton.capture import outbox
from baton.capture.models import Delivery
from baton.capture.reading import read_waiting
from baton.channels.email.receiving import keep
from tests.cast import Cast

WROTE = "On Mon, 16 Nov 2026 at 07:00, Baton, Lime & Co <baton@localhost> wrote:"


@pytest.fixture
def cast(db):
    return Cast()


@pytest.fixture
def letters():
    """Send what is due, and return all letters that went out so far, as mail programs read them."""

    def sent(at):
        outbox.send_due(at)
        return [message_from_bytes(one.raw, policy=policy.default) for one in mail.outbox]

    return sent


@pytest.fixture
def answer():
    """Answer a letter by mail to the receiver, as its reader unless told, and return the delivery it became."""

    def write(letter, text, at, sender="", envelope=None, **headers):
        sender = sender or str(letter["To"])
        head = {"From": sender, "To": letter["Reply-To"], "Subject": f"Re: {letter['Subject']}", **headers}
        head |= {"Message-ID": f"<{abs(hash((text, sender, at)))}@lime.example>", "In-Reply-To": letter["Message-ID"]}
        quoted = "\n".join(f"> {line}" for line in letter.get_body(("plain",)).get_content().splitlines())
        lines = [f"{name}: {value}" for name, value in head.items()]
        raw = "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text, "", WROTE])
        raw += "\r\n" + quoted.replace("\n", "\r\n")
        envelope = sender.rpartition("<")[2].strip("> ") if envelope is None else envelope
        keep(envelope, [str(letter["Reply-To"])], raw.encode(), "127.0.0.1", at)
        read_waiting(at)
        return Delivery.objects.unscoped("tests").latest("received_at")

    return write
