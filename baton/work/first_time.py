"""How often a packet is accepted the first time it is offered, and what it lacked when it wasn't."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from baton.members.models import Member
from baton.work.models import Handoff

LOOKED_AT = timedelta(days=90)
ENOUGH = 20
"""From so many cases on a share says something; fewer are shown as cases."""
OFTEN = 2


@dataclass(slots=True)
class FirstTime:
    """Each deal’s first handoff of one kind: how many, how many accepted; and what all that came back lacked."""

    offered: int = 0
    accepted: int = 0
    returned: int = 0
    missing: Counter[str] = field(default_factory=Counter)

    @property
    def sentence(self) -> str:
        """Return the share, or the cases while they are few; empty while there are none."""
        if not self.offered:
            return ""
        if self.offered < ENOUGH:
            return _("{accepted} of {offered} first time").format(accepted=self.accepted, offered=self.offered)
        return _("{share}% first time").format(share=round(100 * self.accepted / self.offered))

    def often_misses(self, item: str) -> bool:
        """Whether this item was missing in several returns, and in every fifth of them at least."""
        return self.missing[item] >= OFTEN and self.missing[item] * 5 >= self.returned


def first_times(member: Member, at: datetime) -> dict[str, FirstTime]:
    """Return handoff → how it went, over what this member may see of the last 90 days. To oneself counts in nothing."""
    decided = Handoff.objects.visible_to(member).between_people().filter(
        state__in=(Handoff.State.ACCEPTED, Handoff.State.RETURNED), decided_at__gte=at - LOOKED_AT
    )  # fmt: skip
    rows = decided.order_by("offered_at", "id").values_list("handoff", "deal_id", "state", "missing")
    return _counted(list(rows))


def _counted(rows: Sequence[tuple[str, Any, str, list[str]]]) -> dict[str, FirstTime]:
    found: dict[str, FirstTime] = defaultdict(FirstTime)
    seen: set[tuple[str, Any]] = set()
    for handoff, deal, state, missing in rows:
        counted, first = found[handoff], (handoff, deal) not in seen
        seen.add((handoff, deal))
        counted.offered += first
        counted.accepted += first and state == Handoff.State.ACCEPTED
        counted.returned += state == Handoff.State.RETURNED
        counted.missing.update(set(missing) if state == Handoff.State.RETURNED else ())
    return dict(found)
