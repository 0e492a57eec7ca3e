"""What lies in a message but is another channel's to read: kept as a delivery of its own, with what carried it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery
from baton.ledger.entries import NewInteraction

CARRIED = "message"
"""Evidence of what lay in a message: {"by", "sender", "trust", "interaction", "thread"}, whoever wrote the message."""


def enclose(told: Iterable[tuple[Delivery, NewInteraction | None, tuple[Any, ...]]], live: bool, at: datetime) -> None:
    """Keep what lies in messages that are being recorded in this transaction, for their channels to read next."""
    incoming = [
        Incoming(
            channel,
            f"in:{carrier.pk}:{place}",
            raw,
            as_member=carrier.as_member,
            desk=carrier.desk,
            sender=message.from_address,
            evidence=_evidence(carrier, message),
            live=live,
        )
        for carrier, message, enclosed in told
        if message is not None
        for place, (channel, raw) in enumerate(enclosed)
    ]
    if incoming:
        ingest_many(incoming, at=at)


def _evidence(carrier: Delivery, message: NewInteraction) -> dict[str, Any]:
    told = {"by": CARRIED, "sender": message.from_address.lower(), "trust": message.trust}
    told |= {"interaction": str(message.id), "thread": str(message.thread or message.id)}
    deal = carrier.evidence.get("deal")
    return told | ({"deal": deal} if deal else {})
