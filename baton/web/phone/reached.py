"""How a contact can be reached by phone, for the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from baton.capture.models import Connection, OwnNumber
from baton.channels.calls.adapter import CALLS
from baton.channels.sms.adapter import SMS
from baton.channels.whatsapp.adapter import WHATSAPP
from baton.kernel.phones import e164
from baton.ledger.models import Contact
from baton.map.current import current_map
from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Lines:
    """Which lines there are for a member: to be connected for a call, to text, to chat."""

    call: bool = False
    text: bool = False
    chat: bool = False


def lines_for(member: Member) -> Lines:
    """Look up the lines, in at most two queries."""
    if not member.may_write:
        return Lines()
    there = set(Connection.objects.visible_to(member).on().values_list("channel", flat=True))
    proven = CALLS in there and OwnNumber.objects.filter(member=member, proven_at__isnull=False).exists()
    return Lines(proven, SMS in there, WHATSAPP in there)


def number_of(contact: Contact) -> str:
    """Return the contact's first number in E.164, or as it was written."""
    written = "".join(sign for sign in contact.phone if sign in "+0123456789")
    return e164(contact.phone, current_map().country) or written


def by_phone(contact: Contact, lines: Lines, deal: UUID | None = None) -> dict[str, Any]:
    """Return the number and the addresses of what can be done with it; nothing where there is no number."""
    number = number_of(contact) if contact.phone else ""
    if not number:
        return {"tel": ""}
    about = "?" + urlencode({"deal": str(deal)}) if deal else ""
    told = {"tel": number, "spoken": reverse("contact-spoken", args=[contact.pk]) + about}
    if lines.call:
        told["call"] = reverse("contact-call", args=[contact.pk]) + about
    if lines.text or lines.chat:
        told["write"] = reverse("contact-text", args=[contact.pk]) + about
    return told
