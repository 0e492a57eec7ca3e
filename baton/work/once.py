"""A form that is sent twice records once: what it makes has an id and keys that follow from the form's own key."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from baton.kernel.ids import derived, uuid7
from baton.ledger.entries import Author, Entry
from baton.ledger.kinds import kind_named
from baton.ledger.recording import record
from baton.members.models import Member


def id_for(key: str, *of: object) -> UUID:
    """Return the id of what a form with this key makes; a new one every time where it has none.

    `of` says whose form it is and where it was sent, so that nobody's key meets somebody else's.
    """
    return derived("form", key, *of) if key else uuid7()


def record_once(entries: list[Entry], key: str, *, by: Member, at: datetime, channel: str) -> Any:
    """Record the entries of one new record, unless the same form has brought it already. Return its row."""
    kind, pk = entries[0].kind, entries[0].record_id
    for entry in entries:
        entry.key = f"form:{pk.hex}:{entry.field}" if key else None
    batch = record(entries, by=Author(by, channel), at=at)
    known = batch.rows.get((kind, pk))
    return known or kind_named(kind).model.objects.visible_to(by).get(pk=pk)  # type: ignore[attr-defined]
