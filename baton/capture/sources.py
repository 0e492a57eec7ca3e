"""The raw source of an interaction, a click away: its delivery, its bytes, and what a reader makes of them now."""

from __future__ import annotations

from datetime import datetime

from baton.capture.arrival import Arrival
from baton.capture.ingesting import raw_of
from baton.capture.models import Delivery
from baton.capture.ourselves import Ourselves, passed_on_to_us
from baton.capture.reading import parsing
from baton.ledger.models import Interaction
from baton.members.models import Member

CALLER = "capture"


def delivery_of(interaction: Interaction) -> Delivery | None:
    """Return the delivery that brought an interaction first, None where none did (a note, a call)."""
    rows = Delivery.objects.unscoped(CALLER).filter(interaction=interaction.pk).exclude(raw__isnull=True)
    return rows.select_related("as_member").order_by("received_at", "pk").first()


def raw_for(interaction: Interaction, member: Member) -> bytes | None:
    """Return the message as it came, for a member who may read it; None where they may not, or there is none."""
    readable = Interaction.objects.visible_to(member).filter(pk=interaction.pk, readable=True)
    delivery = delivery_of(interaction) if readable.exists() else None
    return raw_of(delivery) if delivery else None


def arrival_of(interaction: Interaction, at: datetime) -> Arrival | None:
    """Read an interaction's raw source once more; None where it has none. A forward gives the original."""
    delivery = delivery_of(interaction)
    if delivery is None:
        return None
    us = Ourselves.today()
    [(_delivery, read)] = parsing([delivery], {delivery.pk: raw_of(delivery)}, us, at=at)()
    if not isinstance(read, Arrival):
        return None
    passed_on = read.passed_on if passed_on_to_us(read, us) else None
    return passed_on or read
