"""What other rooms are told of decisions without knowing their tables: plain values, registered in `baton/rooms.py`."""

from __future__ import annotations

from datetime import datetime

from baton.decide.forecast import is_on
from baton.decide.forecast.calls import bias
from baton.decide.models import ViewAddress
from baton.map.current import current_map
from baton.members.models import Member

Leaving = tuple[str, str, datetime, datetime | None, int]
"""A report that leaves by itself: its name, as whose eyes it shows, made when, read when last, how often."""


def live_addresses(member: Member) -> list[Leaving]:
    """Return the saved views that leave at an address of their own; all of them for who leads or answers for the map.

    Everybody else is told of their own.
    """
    rows = ViewAddress.objects.select_related("view", "member").order_by("made_at")
    drawn = current_map()
    answers = member.email.lower() in {drawn.owner.lower(), drawn.deputy.lower()}
    rows = rows if member.sees_everything or answers else rows.filter(member=member)
    return [(row.view.name, row.member.name, row.made_at, row.read_at, row.times) for row in rows[:50]]


def own_bias(member: Member, at: datetime) -> list[tuple[str, float]]:
    """Return (period, share) by which a member's own forecasts of the last quarters were too high, oldest first."""
    if not is_on():
        return []
    missed = bias(member, "quarter", at.date()).get(member.pk, [])
    return [(one.period.label, one.share) for one in reversed(missed) if one.share is not None]
