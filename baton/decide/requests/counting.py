"""Fire drills counted: answered from Baton, sent around beside it, how long it took, whom it didn’t interrupt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from baton.decide.requests.models import Request
from baton.ledger.models import Interaction
from baton.map.current import current_map
from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Counts:
    """The requests of a quarter. `took` is the median from asked to answered, None while there are none."""

    answered: int
    in_time: int
    timed: int
    opened: int
    spared: int
    asked: int
    beside: int
    took: timedelta | None

    @property
    def minutes(self) -> float:
        """The same in minutes."""
        return self.took.total_seconds() / 60 if self.took is not None else 0.0


def since_quarter(member: Member, at: datetime) -> Counts:
    """Return what became of the requests of this quarter, as far as this member may see them."""
    zone = current_map().hours.tz
    local = at.astimezone(zone)
    began = local.replace(month=(local.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    rows = Request.objects.visible_to(member).answered().filter(asked_at__gte=began)
    told = list(rows.values_list("asked_at", "answered_at", "wanted_by", "opened_at", "spared", "asked"))
    beside = Interaction.objects.visible_to(member).filter(
        happened_at__gte=began, direction="internal", parts__has_key="side_channel"
    )
    times = [answered - asked for asked, answered, *_rest in told if answered]
    due = [(answered, wanted) for _a, answered, wanted, *_rest in told if wanted and answered]
    return Counts(
        answered=len(told),
        in_time=sum(answered <= wanted for answered, wanted in due),
        timed=len(due),
        opened=sum(row[3] is not None for row in told),
        spared=sum(row[4] for row in told),
        asked=sum(row[5] for row in told),
        beside=beside.count(),
        took=median(times) if times else None,
    )
