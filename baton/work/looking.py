"""Looks a deal up as one member sees it, for the verbs that write on it."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.members.models import Member


def deal_seen_by(member: Member, deal_id: UUID) -> Deal:
    """Return the deal as it stands now; raise `Refusal` where the member may not write, or may not see it."""
    if not member.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    return deal_shown_to(member, deal_id)


def deal_shown_to(member: Member, deal_id: UUID) -> Deal:
    """Return the deal as it stands now, to a read-only member too; raise `Refusal` where they may not see it."""
    deal = Deal.objects.visible_to(member).filter(pk=deal_id).first()
    if deal is None:
        raise Refusal(_("There is no such deal among those you can see."))
    return deal
