"""Uses: which facts were relied on, by whom, where. Whoever entered them gets the receipt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from baton.kernel.ids import derived
from baton.ledger.models import Fact
from baton.ledger.recording import Batch
from baton.work.models import Handoff, Use

CALLER = "work.handoffs"


def follow(batch: Batch) -> None:
    """Keep a use for each fact of a packet that was accepted by somebody else. A reducer."""
    accepted = [f for f in batch.current if (f.record_kind, f.field, f.value) == ("handoff", "state", "accepted")]
    handoffs = [batch.row("handoff", fact.record_id) for fact in accepted]
    if handoffs:
        Use.objects.bulk_create(list(uses_of(handoffs)), ignore_conflicts=True)


def uses_of(handoffs: Iterable[Handoff]) -> Iterator[Use]:
    """Yield the uses that accepted handoffs mean. A handoff to oneself uses nothing of anybody's."""
    rows = [row for row in handoffs if row.state == Handoff.State.ACCEPTED and not row.to_self]
    ids = {UUID(item["fact"]) for row in rows for item in row.packet if item.get("fact")}
    said_by = dict(Fact.objects.unscoped(CALLER).filter(pk__in=ids).values_list("pk", "said_by"))
    for row in rows:
        for fact in dict.fromkeys(UUID(item["fact"]) for item in row.packet if item.get("fact")):
            yield _use(row, fact, said_by.get(fact))


def _use(row: Handoff, fact: UUID, said_by: UUID | None) -> Use:
    return Use(
        id=derived("use", "handoff", row.pk, fact),
        fact_id=fact,
        said_by_id=said_by,
        deal_id=row.deal_id,
        used_in="handoff",
        used_in_id=row.pk,
        used_by_id=row.decided_by_id,
        used_at=row.decided_at,
    )
