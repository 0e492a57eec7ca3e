"""The rest of a long chat follows where its first lines were filed: in the background, some at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from baton.capture.drafting import filing
from baton.capture.inbox import INNER
from baton.capture.known import Place
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Interaction
from baton.ledger.recording import record

CALLER = "capture"
WORK = "following"
AT_ONCE = 100


def follow(at: datetime) -> int:
    """File up to a hundred lines whose chat is filed already; return how many. One step of the loop `following`."""
    filed = Interaction.objects.unscoped(CALLER).filter(thread=OuterRef("thread"), filed_at__isnull=False)
    rows = Interaction.objects.unscoped(CALLER).unfiled().filter(INNER, Exists(filed)).order_by("pk")[:AT_ONCE]
    leaders: dict[Any, Interaction | None] = {}
    entries = [_entry(row, leader) for row in rows if (leader := _leader(row, leaders))]
    if entries:
        record(entries, by=Author(None, "chat"), at=at)
    return len(entries)


def _leader(row: Interaction, leaders: dict[Any, Interaction | None]) -> Interaction | None:
    """The line of the same chat that was filed last says where the rest belongs."""
    if row.thread not in leaders:
        filed = Interaction.objects.unscoped(CALLER).filter(thread=row.thread, filed_at__isnull=False)
        leaders[row.thread] = filed.order_by("-filed_at", "-pk").first()
    return leaders[row.thread]


def _entry(row: Interaction, leader: Interaction) -> Entry:
    place = Place(leader.deal_id, None if row.automatic else leader.contact_id, leader.company_id)
    value = filing(place, leader.audience, leader.filed_because)
    return Entry("interaction", row.pk, "filed", value, because=leader.filed_because)
