"""Spans of a deal's state: closed and opened as facts and evidence come in, never rewritten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from baton.kernel.rows import insert_rows, update_rows
from baton.ledger.models import Deal, DealSeat, DealState

if TYPE_CHECKING:
    from baton.ledger.recording import Batch

CALLER = "ledger.recording"
KEPT = (
    "stage",
    "shown",
    "desk",
    "owner_id",
    "status",
    "amount",
    "currency",
    "close_date",
    "category",
    "service",
    "source",
    "stage_since",
    "opened_at",
    "decided_at",
    "decided_owner_id",
    "decided_desk",
)


def keep(batch: Batch) -> None:
    """Close and open spans for the deals of this batch, and keep a seat for everyone who held one."""
    deals = {record_id: row for (kind, record_id), row in batch.rows.items() if kind == "deal"}
    if not deals:
        return
    open_spans = {span.deal_id: span for span in _open_spans(list(deals))}
    fresh = [_next_span(deal, open_spans.get(deal_id), batch) for deal_id, deal in deals.items()]
    update_rows([span for span in open_spans.values() if span.ended_at], ["ended_at"])
    insert_rows([span for span in fresh if span])
    _seat(batch)


def _open_spans(ids: list[Any]) -> Any:
    return DealState.objects.unscoped(CALLER).filter(deal__in=ids, ended_at__isnull=True)


def _next_span(deal: Any, span: DealState | None, batch: Batch) -> DealState | None:
    """Close the span that no longer says what the deal is, and return the one that follows it."""
    state = state_of(deal)
    if span and state_of(span) == state:
        return None
    began = batch.at
    if span:
        began = max(began, span.began_at + timedelta(microseconds=1))
        span.ended_at = began
    return DealState(deal_id=deal.pk, began_at=began, map_version=batch.map_version, **state)


def state_of(row: Deal | DealState) -> dict[str, Any]:
    """Return what a span keeps of a deal, or what a span says."""
    return {name: getattr(row, name) for name in KEPT}


def _seat(batch: Batch) -> None:
    owners = [
        (f.record_id, f.value) for f in batch.current if (f.record_kind, f.field) == ("deal", "owner") and f.value
    ]
    seats = [DealSeat(deal_id=deal, member_id=member) for deal, member in owners]
    insert_rows(seats, ignore_conflicts=True)
