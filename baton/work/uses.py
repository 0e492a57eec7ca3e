"""Uses: which facts were relied on, by whom, where. Whoever entered them gets the receipt.

A use is derived where something in the ledger says so: an accepted handoff, and an interaction that keeps in its parts
which facts were decided on (`using`). Other rooms note theirs with `note_uses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from baton.kernel.ids import derived
from baton.kernel.rows import insert_rows
from baton.ledger.models import Deal, Fact, Interaction
from baton.ledger.recording import Batch
from baton.map.elements import BUILT_IN_FIELDS
from baton.members.models import Member
from baton.work.models import Handoff, Use

CALLER = "work.handoffs"
USING = ("review",)
"""Channels whose interactions say which facts were decided on."""


def follow(batch: Batch) -> None:
    """Keep a use for each fact of a packet that somebody else accepted, and of those decided on. A reducer."""
    accepted = [f for f in batch.current if (f.record_kind, f.field, f.value) == ("handoff", "state", "accepted")]
    handoffs = [batch.row("handoff", fact.record_id) for fact in accepted]
    decided = [one for one in batch.interactions if one.parts.get("used")]
    found = [*uses_of(handoffs), *uses_in(decided)]
    if found:
        insert_rows(found, ignore_conflicts=True)


def uses_of(handoffs: Iterable[Handoff]) -> Iterator[Use]:
    """Yield the uses that accepted handoffs mean. A handoff to oneself uses nothing of anybody's."""
    rows = [row for row in handoffs if row.state == Handoff.State.ACCEPTED and not row.to_self]
    ids = {UUID(item["fact"]) for row in rows for item in row.packet if item.get("fact")}
    said_by = _said_by(ids)
    for row in rows:
        for fact in dict.fromkeys(UUID(item["fact"]) for item in row.packet if item.get("fact")):
            yield _use("handoff", row.pk, fact, said_by, row.deal_id, row.decided_by_id, row.decided_at)


def using(where: str, called: str, facts: Iterable[UUID], by: Member | None) -> dict[str, Any]:
    """Return what an interaction keeps in its `parts` to say which facts were decided on, where, and by whom."""
    told = {"in": where, "called": called[:200], "facts": [str(one) for one in facts]}
    return {"used": told | {"by": str(by.pk) if by else None}}


def uses_in(interactions: Iterable[Interaction]) -> Iterator[Use]:
    """Yield the uses that interactions say."""
    rows = [row for row in interactions if row.parts.get("used")]
    said_by = _said_by({UUID(one) for row in rows for one in row.parts["used"]["facts"]})
    for row in rows:
        used = row.parts["used"]
        by = UUID(used["by"]) if used.get("by") else None
        for fact in dict.fromkeys(map(UUID, used["facts"])):
            yield _use(used["in"], row.pk, fact, said_by, row.deal_id, by, row.happened_at, used["called"])


def note_uses(
    where: str, where_id: UUID, called: str, facts: Iterable[UUID], *, by: Member | None, at: datetime
) -> int:
    """Keep that facts about deals were used in something that has a record of its own: a forecast, a request.

    `called` is how it is named to who entered them ("Board pack for Ingrid"). Once for each fact and place, however
    often it is said; return how many facts there were.
    """
    found = list(uses_noted(where, where_id, called, facts, by=by.pk if by else None, at=at))
    insert_rows(found, ignore_conflicts=True)
    return len(found)


def uses_noted(
    where: str, where_id: UUID, called: str, facts: Iterable[UUID], *, by: UUID | None, at: datetime
) -> Iterator[Use]:
    """Yield the uses that such a record means: what `note_uses` keeps, and what the check compares it with."""
    for row in Fact.objects.unscoped(CALLER).filter(pk__in=set(facts)):
        yield _use(where, where_id, row.pk, {row.pk: row.said_by_id}, _deal(row), by, at, called)


def facts_read(deal: Deal, reads: Iterable[str]) -> list[UUID]:
    """Return the confirmed facts of a deal that a decision reads (field names of the map), where it has them."""
    keys = [name for name in reads if name in deal.values or name in BUILT_IN_FIELDS]
    kept = (deal.values.get(name) or {} for name in keys)
    return [UUID(one["f"]) for one in kept if one.get("f") and one.get("v") not in (None, "")]


def _deal(fact: Fact) -> UUID | None:
    return fact.record_id if fact.record_kind == "deal" else None


def _said_by(ids: set[UUID]) -> dict[UUID, UUID | None]:
    return dict(Fact.objects.unscoped(CALLER).filter(pk__in=ids).values_list("pk", "said_by")) if ids else {}


def _use(
    where: str,
    where_id: UUID,
    fact: UUID,
    said_by: dict[UUID, UUID | None],
    deal: UUID | None,
    by: UUID | None,
    at: datetime | None,
    called: str = "",
) -> Use:
    return Use(
        id=derived("use", where, where_id, fact),
        fact_id=fact,
        said_by_id=said_by.get(fact),
        deal_id=deal,
        used_in=where,
        used_in_id=where_id,
        called=called[:200],
        used_by_id=by,
        used_at=at,
    )
