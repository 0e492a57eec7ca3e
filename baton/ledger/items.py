"""A list of items as the value of a field, such as a deal's scope: each proposed, approved or rejected.

An item is {"what", "state", "said_in"}: its words, its state, and the id of the message or call that says so (None
where a member only said it). Every change is a new fact with the whole list, so that history shows each. Pure.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from baton.ledger.text import folded

PROPOSED, APPROVED, REJECTED = "proposed", "approved", "rejected"
STATES = (PROPOSED, APPROVED, REJECTED)
MOST_ITEMS = 100
MOST_CHARACTERS = 400

Items = list[dict[str, Any]]


def item(what: str, state: str = PROPOSED, said_in: UUID | str | None = None) -> dict[str, Any]:
    """Return one item."""
    return {
        "what": " ".join(what.split())[:MOST_CHARACTERS],
        "state": state,
        "said_in": str(said_in) if said_in else None,
    }


def are_items(value: Any) -> bool:
    """Whether a value is a list of items as it is kept."""
    return isinstance(value, list) and len(value) <= MOST_ITEMS and all(_is_item(each) for each in value)


def _is_item(each: Any) -> bool:
    return (
        isinstance(each, dict)
        and isinstance(each.get("what"), str)
        and 0 < len(each["what"].strip()) <= MOST_CHARACTERS
        and each.get("state") in STATES
    )


def added(kept: Items | None, more: Items, said_in: UUID | str | None = None) -> Items:
    """Return the list with what is new of `more` at its end; what is on it already keeps its state."""
    known = {folded(each["what"]) for each in kept or []}
    new = [each | {"said_in": each.get("said_in") or (str(said_in) if said_in else None)} for each in more]
    return [*(kept or []), *(each for each in new if folded(each["what"]) not in known)]


def typed(text: str, kept: Items | None) -> Items:
    """Return the list that somebody typed, one item a line; a line that was there keeps its state and its source."""
    there = {folded(each["what"]): each for each in kept or []}
    lines = dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip())
    return [there.get(folded(line)) or item(line) for line in lines]


def settled(kept: Items | None, what: str, state: str, said_in: UUID | str | None) -> Items | None:
    """Return the list with one item in another state, None where it has no such item."""
    if not any(each["what"] == what for each in kept or []):
        return None
    change = {"state": state, "said_in": str(said_in) if said_in else None}
    return [each | change if each["what"] == what else each for each in kept or []]
