"""How far a sender is to be trusted: scored here alone, from the transport's evidence, never from content."""

from __future__ import annotations

from typing import Any

from baton.capture.models import Delivery

OWN, TOKEN, UNVERIFIED = "own", "token", "unverified"
MAILBOX: dict[str, Any] = {"by": "mailbox"}
"""Evidence of a message that was read from, or imported out of, a member's own authenticated mailbox."""
SECRET_ADDRESS: dict[str, Any] = {"by": "token"}
"""Evidence of a message that somebody who knows a member's secret address sent there."""


def trust_of(delivery: Delivery, claimed: str, *, was_delivered: bool) -> str:
    """Return how far a message counts as written by the member through whom it came.

    'own': from their own mailbox, and from them. 'token': at their secret address, and from them. Everything else
    is 'unverified', whatever its headers claim: it closes and proves nothing. `was_delivered` says that a server
    delivered it into the mailbox, so that it isn't the copy which sending leaves behind; that only takes trust away.
    """
    member = delivery.as_member
    if member is None or claimed.lower() != member.email.lower():
        return UNVERIFIED
    by = delivery.evidence.get("by")
    if by == MAILBOX["by"]:
        return UNVERIFIED if was_delivered else OWN
    return TOKEN if by == SECRET_ADDRESS["by"] else UNVERIFIED
