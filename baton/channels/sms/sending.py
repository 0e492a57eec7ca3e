"""Sending a text: a row in the outbox, sent through Twilio, recorded on its deal once it is out."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.models import Connection, Outgoing
from baton.channels.lines import Told, connection_for, hook_address, keep
from baton.channels.sms.adapter import SMS
from baton.channels.twilio import rest
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.members.models import Member

MOST_CHARACTERS = 1600
"""What Twilio takes at most for one message, in several parts."""


def send(outgoing: Outgoing, at: datetime) -> str:
    """Send one text and return the id that Twilio gave it."""
    settings, token = rest.account(outgoing.connection)
    assert outgoing.connection is not None
    fields = [("To", outgoing.to), ("From", settings["number"]), ("Body", outgoing.body["text"])]
    if address := hook_address(outgoing.connection):
        fields.append(("StatusCallback", address))
    return str(rest.post(settings, token, "Messages", fields).get("sid", ""))


def text(number: str, words: str, *, key: str, by: Member, at: datetime, deal: Deal | None = None) -> Outgoing:
    """Put a text to a customer in the outbox, once for each key. Raises `Refusal` where it can't be sent."""
    connection = connection_for(SMS, by)
    if connection is None:
        raise Refusal(_("No line for texts is connected. The owner or a manager connects one under Channels."))
    if not words.strip():
        raise Refusal(_("Write the text first."))
    if len(words) > MOST_CHARACTERS:
        raise Refusal(_("A text has at most %(most)s characters.") % {"most": MOST_CHARACTERS})
    body = {"text": words.strip()}
    return outbox.put(SMS, f"text:{key}", to=number, body=body, at=at, connection=connection, member=by, deal=deal)


def answer(connection: Connection, number: str, words: str, *, key: str, at: datetime) -> Outgoing:
    """Answer a member who wrote from their own phone; that is no part of any record."""
    body = {"text": words[:MOST_CHARACTERS], "answer": True}
    return outbox.put(SMS, f"answer:{key}", to=number, body=body, at=at, connection=connection)


def record_sent(outgoing: Outgoing, at: datetime) -> None:
    """Take what was sent through the same door as what comes in: it is the record, and what its statuses are about.

    An answer to a member is no part of the record.
    """
    if outgoing.connection is None or not outgoing.sent_as or outgoing.body.get("answer"):
        return
    number = outgoing.connection.settings["number"]
    told = {"MessageSid": outgoing.sent_as, "From": number, "To": outgoing.to, "Body": outgoing.body["text"]}
    deal = str(outgoing.deal_id) if outgoing.deal_id else ""
    keep(outgoing.connection, [Told(outgoing.sent_as, urlencode(told).encode(), outgoing.member, deal)], at)
