"""Contacts as a channel: which function reads an address book in the limited child, and what may come back from it."""

from __future__ import annotations

from baton.capture.channels import Channel, register
from baton.capture.untrusted import allow

CONTACTS = "contacts"
READ_CARDS = allow(
    "baton.channels.contacts.reading.read_cards",
    answers=[f"baton.channels.contacts.card.{name}" for name in ("Card", "Labelled", "Place")],
)
SECONDS = 30.0
READ_LEFT = allow("baton.channels.contacts.reading.read_left")


def register_contacts() -> None:
    """Let address books be imported; called once at start."""
    from baton.channels.contacts.importing import bring_in

    register(Channel(CONTACTS, READ_LEFT, bring_in=bring_in))
