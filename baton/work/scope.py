"""What is part of a deal: items, each proposed, approved or rejected by a message, a call, or a member's word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.items import STATES, settled
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.map.elements import Field
from baton.members.models import Member
from baton.work.looking import deal_seen_by


def settle_item(
    deal: Deal, field: Field, what: str, state: str, *, by: Member, at: datetime, said_in: UUID | None = None
) -> None:
    """Say that one item is approved, rejected or only proposed, by a message of the deal where one says so.

    Raises `Refusal` where the list has no such item (any more), or the message isn't one of the deal that they read.
    """
    seen = deal_seen_by(by, deal.pk)
    kept = seen.values.get(field.id, {})
    value = settled(kept.get("v"), what, state, said_in) if state in STATES else None
    if value is None:
        raise Refusal(_("The list changed meanwhile: it has no such item."))
    if said_in and not _says(seen, said_in, by):
        raise Refusal(_("There is no such message on this deal among those you can read."))
    entry = Entry("deal", seen.pk, field.id, value, interaction_id=said_in, replaces=UUID(kept["f"]))
    record([entry], by=Author(by), at=at, expected={seen.pk: seen.version})


def _says(deal: Deal, said_in: UUID, by: Member) -> bool:
    rows = Interaction.objects.visible_to(by).filter(pk=said_in, deal=deal.pk)
    return any(row.readable for row in rows)


def last_word_of_theirs(deal: Deal, member: Member) -> Interaction | None:
    """Return what the customer said last on this deal, as far as the member can read it."""
    rows = Interaction.objects.visible_to(member).filter(deal=deal.pk, direction="in", automatic="", readable=True)
    return rows.order_by("-happened_at", "-pk").first()
