"""Turns the bytes of an address book into cards: the function that the limited child is asked for."""

from __future__ import annotations

from baton.capture.untrusted import Unreadable
from baton.channels.contacts.card import Card
from baton.channels.contacts.lines import decoded
from baton.channels.contacts.tables import tables
from baton.channels.contacts.vcard import vcards

MOST_BYTES = 100_000_000
MOST_CARDS = 200_000


def read_cards(raw: bytes) -> list[Card]:
    """Return the cards of a .vcf or .csv file, by what is in it and not by its name.

    Raises `Unreadable` with a sentence where it holds none, or more than an address book does.
    """
    if len(raw) > MOST_BYTES:
        raise Unreadable("It is larger than 100 MB; no address book is.")
    text = decoded(raw)
    cards: list[Card] = []
    for card in vcards(text) if "BEGIN:VCARD" in text[:100_000].upper() else tables(text):
        cards.append(card)
        if len(cards) > MOST_CARDS:
            raise Unreadable("It holds more than 200,000 cards.")
    if not cards:
        raise Unreadable("There is no card in it.")
    return cards


def read_left(raw: bytes, **_told: object) -> None:
    """Say of a file that an import kept and didn't come to read what is to be done; a worker asks for it."""
    raise Unreadable("The import of this address book was cut off. Import the file again; what is known stays known.")
