"""The ledger's tables: what was said (facts, interactions) and what follows from it (rows, spans, events)."""

from baton.ledger.models.facts import Fact
from baton.ledger.models.files import File
from baton.ledger.models.indexes import Address, FieldIndex
from baton.ledger.models.interactions import Holder, Interaction, InteractionText
from baton.ledger.models.records import Company, Contact, Deal, Record
from baton.ledger.models.searching import SearchEntry
from baton.ledger.models.spans import DealSeat, DealState, Event

__all__ = [
    "Address",
    "Company",
    "Contact",
    "Deal",
    "DealSeat",
    "DealState",
    "Event",
    "Fact",
    "FieldIndex",
    "File",
    "Holder",
    "Interaction",
    "InteractionText",
    "Record",
    "SearchEntry",
]
