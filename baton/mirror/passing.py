"""Deals passing through their stages: how long each stood at one, and what became of those that stood there.

Read from the spans of deals, and asked of any of them: of the days that are counted, or of what one member sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from baton.ledger.models import DealState
from baton.mirror.sight import CALLER

BACK_FILL = timedelta(days=30)
"""A deal whose past is older than this when Baton first hears of it was brought from somewhere else."""
WON = ("won", "done")
LOST = "lost"
OPEN = "open"
DAY = timedelta(days=1)
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Stay:
    """A deal that left a stage, or was lost at it: when that was recorded, and for how many days it had stood."""

    deal: UUID
    at: datetime
    stage: str
    days: float
    owner: UUID | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deal that had stood at a stage, and when that was recorded."""

    deal: UUID
    at: datetime
    stage: str
    won: bool
    owner: UUID | None


def spans_of(deal: str) -> Any:
    """Return the spans of the deal that this column of the question outside names."""
    return DealState.objects.unscoped(CALLER).filter(deal=OuterRef(deal))


def stays(spans: Any) -> Iterator[Stay]:
    """Yield the stays that end with one of these spans, in their order; of whose the deal was then.

    A deal that still stands where it stood has no stay yet. What stood there before Baton heard of it is left out.
    """
    after = spans_of("deal_id").filter(began_at=OuterRef("ended_at"))
    heard = spans_of("deal_id").filter(stage=OuterRef("stage"), stage_since=OuterRef("stage_since"))
    spans = spans.filter(ended_at__isnull=False, stage_since__isnull=False).exclude(status__in=[LOST, "void"]).annotate(
        then=Subquery(after.values("stage")[:1]), status_then=Subquery(after.values("status")[:1]),
        since_then=Subquery(after.values("stage_since")[:1]),
        heard=Subquery(heard.order_by("began_at").values("began_at")[:1]),
    )  # fmt: skip
    columns = "deal", "ended_at", "stage", "stage_since", "heard", "then", "status_then", "since_then", "owner"
    for deal, at, stage, since, heard_at, then, status, since_then, owner in _each(spans, columns):
        if then == stage and status != LOST:
            continue
        if heard_at - since <= BACK_FILL:
            left = (since_then or at) if then != stage else at
            yield Stay(deal, at, stage, max(0.0, (left - since) / DAY), owner)


def outcomes(spans: Any, since: datetime) -> Iterator[Outcome]:
    """Yield what became of deals that was recorded from `since` on, once for each stage that they passed while open.

    The spans are those of whole deals, from their beginning. A deal that was opened again passes its stages anew.
    """
    deal, passed = None, dict[str, UUID | None]()
    for deal_id, at, stage, status, owner in _each(
        spans.order_by("deal", "began_at"), ("deal", "began_at", "stage", "status", "owner")
    ):
        if deal_id != deal:
            deal, passed = deal_id, {}
        if status == OPEN:
            passed[stage] = owner
            continue
        if at >= since and (status == LOST or status in WON):
            yield from (Outcome(deal, at, one, status in WON, whose) for one, whose in passed.items())
        passed = {}


def _each(spans: Any, columns: tuple[str, ...]) -> Any:
    return spans.values_list(*columns).iterator(chunk_size=AT_ONCE)
