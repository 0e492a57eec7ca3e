"""What the reference business still owes: duties of the last days, opened by mail that came through `record()`."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.work import watches
from baton.work.models import Watch
from bench import words
from bench.people import AT_DESK, BUSY, members

CALLER = "bench"
BUSY_DUTIES, OTHERS_DUTIES, STEP = 250, 30, 50


def owe(at: datetime) -> None:
    """Let customers write to 250 deals of each busy member and to a few of everybody else's."""
    dice, everybody = Random(11), members()
    for first in [name for there in AT_DESK.values() for name in there]:
        wanted = BUSY_DUTIES if first in BUSY else OTHERS_DUTIES
        deals = Deal.objects.unscoped(CALLER).filter(owner=everybody[first], status__in=("open", "won"))
        _write_to(list(deals.order_by("pk")[:wanted]), at, dice)


def _write_to(deals: list[Deal], at: datetime, dice: Random) -> None:
    for start in range(0, len(deals), STEP):
        mails = [_mail(deal, at - timedelta(minutes=dice.randint(0, 60)), dice) for deal in deals[start : start + STEP]]
        record(interactions=mails, by=Author(None, "email"), at=at)


def _mail(deal: Deal, sent: datetime, dice: Random) -> NewInteraction:
    filed: dict[str, Any] = {"deal": str(deal.pk), "contact": str(deal.contact_id), "company": str(deal.company_id)}
    filed |= {"audience": "full", "because": "They wrote on this deal before."}
    text = words.sentences(dice, 3)
    return NewInteraction("email", "in", "email", sent, subject=f"Re: {deal}", text=text, trust="signed", filed=filed)


def watch(operating_map: Any, slice_of: int = 400) -> None:
    """Make the watches of every deal that goes on, as its events have it."""
    watched = watches.silences(operating_map)
    going_on = Deal.objects.unscoped(CALLER).exclude(status__in=watches.ENDED)
    ids = list(going_on.values_list("pk", flat=True))
    for start in range(0, len(ids), slice_of):
        rows = watches.expected(set(ids[start : start + slice_of]), watched, operating_map)
        Watch.objects.bulk_create(list(rows))
