"""What is told is noted in the transaction in which it happened: a crash loses no message and makes none up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from baton.gate.hooks.models import HookDelivery, Subscription
from baton.kernel.claims import ring
from baton.kernel.clock import stamp
from baton.kernel.ids import derived
from baton.kernel.rows import insert_rows
from baton.ledger.models import Event
from baton.ledger.recording import Batch, register_reducer

BELL = "webhooks"
CALLER = "gate.hooks"
HOOKS_REDUCER = 950


def register_hooks() -> None:
    """Have every event told to whoever subscribed to it; called once at start."""
    register_reducer(HOOKS_REDUCER, follow)


def follow(batch: Batch) -> None:
    """Leave one row for each live event and each subscription to its kind. A reducer of `record()`."""
    live = [event for event in batch.events if event.live]
    if not live:
        return
    there = Subscription.objects.unscoped(CALLER).on().order_by("pk")
    rows = [_delivery(one, event, batch) for one in there for event in live if event.kind in one.kinds]
    if rows:
        insert_rows(rows)
        ring(BELL)


def _delivery(subscription: Subscription, event: Event, batch: Batch) -> HookDelivery:
    return HookDelivery(
        subscription=subscription,
        message=derived("hook", subscription.pk, event.pk, batch.at),
        kind=event.kind,
        about=event.deal_id or event.record_id,
        told=_told(event, batch),
        made_at=batch.at,
        due_at=batch.at,
    )


def _told(event: Event, batch: Batch) -> dict[str, Any]:
    by = batch.by.member or None
    return {
        "event": str(event.pk),
        "detail": event.detail,
        "happened_at": stamp(event.happened_at),
        "record": [event.record_kind, str(event.record_id)],
        "deal": _id(event.deal_id),
        "contact": _id(event.contact_id),
        "company": _id(event.company_id),
        "interaction": _id(event.interaction_id) if event.record_kind == "interaction" else None,
        "by": by.name if by else None,
        "channel": batch.by.channel,
    }


def _id(key: UUID | None) -> str | None:
    return str(key) if key else None
