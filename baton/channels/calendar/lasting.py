"""Meetings that repeat without end: looked at further ahead before the times that are known run out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from baton.capture.arrival import Arrival
from baton.capture.ingesting import raw_of
from baton.capture.models import Delivery
from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.calendar.adapter import CALENDAR, READ_MEETING
from baton.ledger.entries import Author
from baton.ledger.models import Interaction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.work.meeting_plans import Plan, merged, stands
from baton.work.meetings import plan_of, planned
from baton.work.models import Meeting

CALLER = "capture"
IN_TIME = timedelta(days=45)
"""How long before the last known time it is looked further."""
LEFT_ALONE = timedelta(days=400)


def look_further(at: datetime, limit: int = 50) -> int:
    """Look at the next times of meetings that go on; return of how many there were. One step of a sweep."""
    last = Meeting.objects.unscoped(CALLER).exclude(of="").values("interaction").annotate(last=Max("starts_at"))
    near = last.filter(last__gt=at - LEFT_ALONE, last__lt=at + IN_TIME).order_by("last")[: limit * 20]
    rows = Interaction.objects.unscoped(CALLER).in_bulk([one["interaction"] for one in near])
    going_on = [row for row in rows.values() if _goes_on(plan_of(row))]
    return sum(_look(row, at) for row in going_on[:limit])


def _goes_on(plan: Plan | None) -> bool:
    main = stands(plan["parts"][""]) if plan and "" in plan["parts"] else {}
    return bool(main.get("goes_on")) and not main["cancelled"]


def _look(row: Interaction, at: datetime) -> bool:
    """Read what told of it once more, with today's horizon; each telling counts by its version, as always."""
    before = plan_of(row)
    assert before is not None
    after = before
    for delivery in Delivery.objects.unscoped(CALLER).filter(interaction=row.pk, channel=CALENDAR, state="read"):
        try:
            zone = current_map().hours.zone
            read: Arrival = parse_untrusted(READ_MEETING, raw_of(delivery), seconds=3.0, zone=zone, at=at)
        except (Unreadable, KeyError):
            continue
        told = read.meeting or {}
        same = [
            one for one in told["parts"] if not one["of"] and one["digest"] == before["parts"][""]["said"]["digest"]
        ]
        after = merged(after, told | {"parts": same})
    if after is before:
        return False
    record([planned(row.pk, before, after)], by=Author(None, CALENDAR), at=at)
    return True
