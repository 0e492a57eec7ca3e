"""Telephone lines of the tests: connected, told things with a signature, and what stands recorded then."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from baton.capture.channels import Answer, Call, channel_named
from baton.capture.models import Connection, Delivery, OwnNumber
from baton.capture.reading import process
from baton.channels.telephone.signatures import signature
from baton.kernel.sealed import Sealed
from baton.ledger.entries import Author, said
from baton.ledger.models import Contact, Interaction, InteractionText
from baton.ledger.recording import record
from tests.cast import MONDAY, Cast

OURS, DANA, ANAS_PHONE, STRANGER = "+442079460000", "+447700900123", "+447700900456", "+447700900999"
TOKEN, SECRET = "12345", "0123456789abcdef0123456789abcdef"
URL = "https://baton.example/hooks/1/"
ACCOUNT = "AC0123456789abcdef"


def line(channel: str, secret: dict[str, str] | None = None, **settings: Any) -> Connection:
    """Connect a line without asking anybody outside."""
    told = {"number": OURS, "account_sid": ACCOUNT} | settings
    sealed = Sealed.of(secret or {"auth_token": TOKEN, "secret": SECRET})
    return Connection.objects.create(channel=channel, name=channel, settings=told, secret=sealed, made_at=MONDAY)


def with_phone(cast: Cast, contact: Contact, *numbers: str) -> Contact:
    """Give a contact phone numbers, written as people write them."""
    record(said("contact", contact.pk, phones=list(numbers)), by=Author(cast.tomas), at=MONDAY)
    return contact


def own_phone(member: Any, number: str = ANAS_PHONE) -> None:
    """Have a phone proven as the member's."""
    OwnNumber.objects.create(member=member, number=number, code=number[-6:], asked_at=MONDAY, proven_at=MONDAY)


def twilio_signature(url: str, fields: dict[str, str], token: str = TOKEN) -> str:
    """Sign as Twilio does (not through Baton's own code)."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def twilio_call(fields: dict[str, str], url: str = URL, token: str = TOKEN) -> Call:
    """Return a signed post of Twilio's."""
    headers = {"x-twilio-signature": twilio_signature(url, fields, token)}
    return Call("POST", url, headers, urlencode(fields).encode())


def event_call(event: dict[str, Any], at: datetime = MONDAY, secret: str = SECRET) -> Call:
    """Return a signed event of any other telephone system."""
    body, stamp = json.dumps(event).encode(), str(int(at.timestamp()))
    return Call("POST", URL, {"x-baton-signature": f"t={stamp},v1={signature(stamp, body, secret)}"}, body)


def tell(connection: Connection, call: Call, at: datetime = MONDAY) -> Answer:
    """Have a line be told something."""
    told = channel_named(connection.channel).line
    assert told is not None
    assert told.called is not None
    return told.called(connection, call, at)


def read_all(at: datetime = MONDAY) -> None:
    """Read whatever waits and is due."""
    due = (
        Delivery.objects.unscoped("tests")
        .filter(due_at__lte=at)
        .select_related("as_member")
        .order_by("received_at", "pk")
    )
    if deliveries := list(due):
        process(deliveries, at=at)


def recorded() -> list[Interaction]:
    """Return what stands recorded, in the order in which it happened."""
    return list(Interaction.objects.unscoped("tests").order_by("happened_at", "pk"))


def words_of(interaction: Interaction) -> str:
    """Return what was written."""
    return InteractionText.objects.unscoped("tests").get(pk=interaction.pk).own
