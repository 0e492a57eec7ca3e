"""How a promise that stands in a message becomes a record of its own."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from baton.capture.grammar.reading import Reading
from baton.kernel.ids import derived
from baton.ledger.entries import Entry
from baton.ledger.models import Deal
from baton.members.hours import WorkingHours


def due_moment(written: str, hours: WorkingHours) -> datetime:
    """Return when something written as a day or a moment falls due: a day ends when work ends on it, or before it."""
    if "T" in written:
        moment = datetime.fromisoformat(written)
        return moment if moment.tzinfo else moment.replace(tzinfo=hours.tz)
    noon = datetime.combine(datetime.fromisoformat(written).date(), time(12), tzinfo=hours.tz)
    spans = hours.spans_on(noon.date())
    return spans[-1][1] if spans else noon.replace(hour=17).astimezone(UTC)


def promise_entries(
    value: dict[str, Any],
    deal: Deal,
    promised_by: UUID | None,
    interaction: UUID,
    reading: Reading,
    *,
    at: datetime,
    reader: str,
) -> list[Entry]:
    """Return the entries of a promise read from a message; the same words of the same message give the same record."""
    record_id = derived("promise", interaction, reading.start, reading.end)
    told = promise_values(value, deal.pk, deal.contact_id, promised_by, interaction)
    return [
        Entry(
            "promise",
            record_id,
            name,
            one,
            happened_at=at,
            interaction_id=interaction,
            words=reading.sentence[:1000],
            span=(reading.start, reading.end),
            reader=reader,
            confidence=round(reading.confidence, 2),
            key=f"{reader}:{record_id}:{name}",
        )
        for name, one in told.items()
    ]


def promise_values(
    value: dict[str, Any], deal: UUID, contact: UUID | None, promised_by: UUID | None, interaction: UUID | None
) -> dict[str, Any]:
    """Return the fields of a promise's record, its state last, because that is what makes it happen."""
    told = {
        "deal": str(deal),
        "contact": str(contact) if contact else None,
        "what": value["what"],
        "due_at": value.get("due_at"),
        "who": value.get("who", "us"),
        "promised_by": str(promised_by) if promised_by else None,
        "made_in": str(interaction) if interaction else None,
        "state": "open",
    }
    return {name: one for name, one in told.items() if one is not None}
