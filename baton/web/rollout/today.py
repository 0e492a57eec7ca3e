"""What Today says of starting: where to read, how a lead's people are doing, what the old spreadsheet holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baton.channels.sheets.retiring import left_on_the_day
from baton.members.models import Member
from baton.mirror.rollout.dates import days_set
from baton.web.rollout.weeks import today_of
from baton.web.rollout.welcome import is_new


def starting(member: Member, at: datetime) -> dict[str, Any]:
    """Return whether these are the member's first days, whose first weeks they look after, and what the sheet holds."""
    days = days_set(member)
    old = left_on_the_day(member, days.off, at)
    left = old.found["left"] if old else 0
    return {"new": is_new(member, days, at), "looked": today_of(member, days, at), "left": left}
