"""What we owe a customer and what they owe us, across their deals."""

from __future__ import annotations

from uuid import UUID

from baton.ledger.models import Deal
from baton.members.models import Member
from baton.work.models import Promise

MOST = 50


def open_promises(
    member: Member, *, company: UUID | None = None, contact: UUID | None = None, most: int = MOST
) -> list[Promise]:
    """Return the open promises on the deals of a customer that the member sees, the next one due first."""
    whose = {"company": company} if company else {"contact": contact}
    deals = Deal.objects.visible_to(member).filter(**whose).values("pk")
    rows = Promise.objects.visible_to(member).open().filter(deal__in=deals)
    return list(rows.order_by("due_at", "pk")[:most])
