"""The API of Baton. `Baton(address, token)` reads and writes as the member who made the token, and never more."""

from baton_client.client import Baton
from baton_client.problems import Conflict, Problem
from baton_client.records import Company, Contact, Deal, Duty, Fact, Handoff, Interaction, Money

__all__ = [
    "Baton",
    "Company",
    "Conflict",
    "Contact",
    "Deal",
    "Duty",
    "Fact",
    "Handoff",
    "Interaction",
    "Money",
    "Problem",
]
