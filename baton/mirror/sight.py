"""Who looks into the mirror, and which rows they look at: a member's own, or all that isn't private."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from baton.ledger.models import Interaction
from baton.ledger.models.records import sees_all_deals
from baton.map.current import current_map
from baton.members.models import Member

CALLER = "mirror"


@dataclass(frozen=True, slots=True)
class Sight:
    """Gives the rows of a model that may be counted. Without a member these are the business's, private ones left out.

    What only its holder reads is counted for nobody: nor is it ever part of the process of others.
    """

    member: Member | None = None

    def of(self, model: Any) -> Any:
        """Return the rows to count."""
        if self.member is None:
            rows = model.objects.unscoped(CALLER)
            return rows.exclude(audience="private") if model is Interaction else rows
        return model.objects.visible_to(self.member)


def owns(member: Member) -> bool:
    """Whether the member owns the map or stands in for who does: theirs is the owner's desk."""
    operating_map = current_map()
    return member.is_active and member.email.lower() in {operating_map.owner.lower(), operating_map.deputy.lower()}


def sees_the_business(member: Member) -> bool:
    """Whether there is no deal that this member may not see, so that the counts of the business are theirs to see."""
    return sees_all_deals(member)
