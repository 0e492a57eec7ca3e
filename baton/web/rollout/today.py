"""What Today says of starting with Baton: to who is new where to read, to a lead how their people are doing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baton.members.models import Member
from baton.mirror.rollout.dates import days_set
from baton.web.rollout.weeks import today_of
from baton.web.rollout.welcome import is_new


def starting(member: Member, at: datetime) -> dict[str, Any]:
    """Return whether these are the member's first days, and whose first weeks they look after."""
    days = days_set(member)
    return {"new": is_new(member, days, at), "looked": today_of(member, days, at)}
