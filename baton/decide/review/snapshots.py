"""Snapshots: the pipeline at one moment, and what changed between two. As-of reads are exact, so a moment is enough."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from baton.decide.review.models import Review, Snapshot
from baton.ledger.models import Deal, DealState
from baton.members.models import Member

KEPT = ("deal_id", "stage", "shown", "desk", "owner_id", "status", "amount", "currency", "close_date", "category")


def states_at(moment: datetime, member: Member) -> QuerySet[DealState]:
    """Return the spans in force at a moment, as recorded by then, of the deals that the member may see."""
    began = DealState.objects.visible_to(member).filter(began_at__lte=moment)
    return began.filter(Q(ended_at__gt=moment) | Q(ended_at__isnull=True))


def take(at: datetime, member: Member, review: Review | None = None) -> Snapshot:
    """Take a snapshot of the open pipeline as the member sees it."""
    deals, sums, digest = measured(at, member)
    return Snapshot.objects.create(review=review, taken_at=at, scope=member, deals=deals, sums=sums, digest=digest)


def measured(at: datetime, member: Member) -> tuple[int, dict[str, int], str]:
    """Return how many deals are open at a moment, their sums by currency, and the digest over their states."""
    summed: dict[str, int] = defaultdict(int)
    digest, count = hashlib.sha256(), 0
    rows = states_at(at, member).filter(status="open").order_by("deal_id").values_list(*KEPT)
    for row in rows.iterator():
        count += 1
        summed[row[7]] += row[6] or 0
        digest.update("\x1f".join(str(value) for value in row).encode() + b"\x1e")
    return count, {currency: minor for currency, minor in sorted(summed.items()) if minor}, digest.hexdigest()


def holds(snapshot: Snapshot) -> bool:
    """Whether the ledger, read as of the snapshot's moment, still gives what was there."""
    return measured(snapshot.taken_at, snapshot.scope) == (snapshot.deals, snapshot.sums, snapshot.digest)


@dataclass(frozen=True, slots=True)
class Changed:
    """One deal that two moments show differently; `was` is None for one that wasn't open yet."""

    deal: UUID
    title: str
    was: dict[str, Any] | None
    now: dict[str, Any]


def changes_between(earlier: datetime, later: datetime, member: Member) -> list[Changed]:
    """Return the deals that changed between two moments, the largest first, as the member sees them."""
    began = DealState.objects.visible_to(member).filter(began_at__gt=earlier, began_at__lte=later)
    touched = set(began.values_list("deal_id", flat=True))
    now = {row["deal_id"]: row for row in states_at(later, member).filter(deal__in=touched).values(*KEPT)}
    was = {row["deal_id"]: row for row in states_at(earlier, member).filter(deal__in=touched).values(*KEPT)}
    titles = dict(Deal.objects.visible_to(member).filter(pk__in=now).values_list("pk", "title"))
    found = [Changed(pk, titles.get(pk, ""), was.get(pk), row) for pk, row in now.items() if was.get(pk) != row]
    return sorted(found, key=lambda one: (-(one.now["amount"] or 0), str(one.deal)))
