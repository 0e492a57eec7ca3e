"""Facts that an answered request rests on were used: whoever entered them sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from baton.decide.requests.models import Request
from baton.kernel.ids import derived
from baton.kernel.rows import insert_rows
from baton.ledger.models import Fact
from baton.work.models import Use

CALLER = "work.handoffs"
USED_IN = "request"


def note_uses_of(request: Request, facts: Iterable[UUID], at: datetime) -> None:
    """Keep a use for each fact about a deal, once a request. One's own facts need no receipt."""
    rows = Fact.objects.unscoped(CALLER).filter(pk__in=set(facts), record_kind="deal")
    found = [
        Use(
            id=derived("use", USED_IN, request.pk, pk),
            fact_id=pk,
            said_by_id=said_by,
            deal_id=deal,
            used_in=USED_IN,
            used_in_id=request.pk,
            used_by_id=request.asked_by_id,
            used_at=at,
        )
        for pk, said_by, deal in rows.values_list("pk", "said_by", "record_id")
        if said_by != request.asked_by_id
    ]
    insert_rows(found, ignore_conflicts=True)
