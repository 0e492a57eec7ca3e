"""An example of everything that is sent, and true under any map: fields of a map are its own."""

from __future__ import annotations

from typing import Any

from baton.gate.api.schemas import shapes_in_force

SOME_ID = "019a8c5e-6f4b-7c3a-9d2e-1f0b7c3a9d2e"
EXAMPLES: dict[str, dict[str, Any]] = {
    "CompanyNew": {"name": "Marlowe Estates", "domains": ["marlowe.example"], "key": "hubspot:company:12"},
    "CompanyChanges": {"phones": ["+44 20 7946 0018"], "version": 3},
    "ContactNew": {"name": "Dana Whitlock", "emails": ["dana@marlowe.example"], "key": "hubspot:contact:7"},
    "ContactChanges": {"job": "Facilities manager", "version": 2},
    "DealNew": {
        "title": "Quayside Tower, windows",
        "amount": {"minor": 1250000, "currency": "GBP"},
        "next_step": {"what": "Ring Dana", "at": "2026-11-17T09:00:00Z"},
        "key": "hubspot:deal:4711",
    },
    "DealChanges": {"close_date": "2026-12-01", "because": "Dana said so on the phone.", "version": 5},
    "InteractionNew": {"kind": "call", "text": "Dana wants the quote by Friday.", "deal": SOME_ID, "minutes": 4},
    "HandoffNew": {"deal": SOME_ID, "note": "The crane is booked until noon."},
    "HandoffReturn": {"missing": ["key_holder"], "because": "Nobody can let the crew in."},
    "HandoffAnswer": {},
    "RequestNew": {"words": "what will close in Q4?"},
    "Batch": {"operations": [{"method": "POST", "path": "/companies", "body": {"name": "Marlowe Estates"}}]},
}


def example_of(name: str) -> dict[str, Any]:
    """Return an example; of a fact, of the first field that its record has."""
    if name in EXAMPLES:
        return EXAMPLES[name]
    fields = shapes_in_force().schemas[name]["properties"]["field"]["enum"]
    return {"field": fields[0], "value": "Quayside Tower", "status": "suggested", "because": "It stands on the sign."}
