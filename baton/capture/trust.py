"""How far a sender is to be trusted: scored here alone, from the transport's evidence, never from content."""

from __future__ import annotations

from typing import Any

from baton.capture.models import Delivery

OWN, TOKEN, SIGNED, UNVERIFIED = "own", "token", "signed", "unverified"
MAILBOX: dict[str, Any] = {"by": "mailbox"}
"""Evidence of a message that was read from, or imported out of, a member's own authenticated mailbox."""
SENT, INBOX = "sent", "inbox"
"""The folder of a connected mailbox (`evidence["folder"]`): only who signs in there puts something into Sent."""
SECRET_ADDRESS: dict[str, Any] = {"by": "token"}
"""Evidence of a message that somebody who knows a member's secret address sent there."""
SIGNATURE: dict[str, Any] = {"by": "signature"}
"""Evidence of what a telephone system or a messenger told, each time with a signature that held."""


def trust_of(delivery: Delivery, claimed: str, *, was_delivered: bool) -> str:
    """Return how far a message counts as written by the member through whom it came.

    'own': from their own mailbox, and from them. 'token': at their secret address, and from them. Everything else
    is 'unverified', whatever its headers claim: it closes and proves nothing. `was_delivered` says that a server
    delivered it into the mailbox, so that it isn't the copy which sending leaves behind; that only takes trust away.
    Of a connected mailbox only what lies in Sent counts, from the address that signed in there (`evidence["address"]`,
    a member's or one that is shared).
    'signed': told by the system that carried it, with a signature over every byte.
    """
    if delivery.evidence.get("by") == SIGNATURE["by"]:
        return SIGNED
    by, folder = delivery.evidence.get("by"), delivery.evidence.get("folder", "")
    if claimed.lower() not in _addresses(delivery) or folder == INBOX:
        return UNVERIFIED
    if by == MAILBOX["by"]:
        return UNVERIFIED if was_delivered else OWN
    return TOKEN if by == SECRET_ADDRESS["by"] else UNVERIFIED


def _addresses(delivery: Delivery) -> set[str]:
    """The addresses that the evidence speaks for."""
    signed_in = delivery.evidence.get("address", "") if delivery.evidence.get("folder") == SENT else ""
    member = delivery.as_member
    return {address.lower() for address in (member.email if member else "", signed_in) if address}
