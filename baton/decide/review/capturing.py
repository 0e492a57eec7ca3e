"""A deal that was talked about and isn't in Baton: begun on the spot, marked as a side-channel deal, and counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.decide.review.models import Review
from baton.decide.review.reviews import refuse_stranger, talked_about
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member

MARK = "side_channel"
"""The fact on a deal that says in which review it turned out to have been kept beside Baton."""


def begin_deal(review: Review, text: str, *, by: Member, at: datetime) -> Deal:
    """Begin a deal from one line; its first words are its title. Raises `Refusal`."""
    refuse_stranger(review, by)
    operating_map = current_map()
    if operating_map.conflict_check:
        raise Refusal(_("The map wants a conflict check first. Open the deal from the enquiry in Inbox."))
    stage, key = operating_map.first_stage, uuid7()
    told: dict[str, Any] = {"title": title_in(text), "stage": stage.id, "desk": stage.desk, "owner": str(by.pk)}
    told |= {MARK: {"review": str(review.pk), "decision": review.decision}}
    with writing():
        batch = record(said("deal", key, **told), by=Author(by, "review"), at=at)
        talked_about(review, key, at=at, side_channel=True)
    return batch.row("deal", key)


def title_in(text: str) -> str:
    """Return what a deal is called after the line that begins it: its words up to the first stop."""
    head = text.strip().splitlines()[0]
    for stop in (":", ",", ";", ". "):
        head = head.partition(stop)[0]
    return " ".join(head.split())[:120] or text.strip()[:120]
