"""What is opened, counted cheaply: in memory, and added to the day's rows a few times an hour.

Reading a page must not write. So a look is a number in this process; `keep` adds what has come together in one
statement, by a thread of the web process. What a crash loses is a few minutes.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F

from baton.kernel.writer import writing
from baton.members.models import Member
from baton.mirror.models import Look
from baton.mirror.sight import sees_the_business
from baton.mirror.tally import Tally

PARTS = {
    "contacts": "contacts", "companies": "contacts", "deals": "deals", "reviews": "review", "review": "review",
    "forecast": "forecast", "requests": "requests", "mirror": "mirror",
}  # fmt: skip
"""First part of an address → what was opened."""
KEPT_EVERY = timedelta(minutes=10)

_lock = threading.Lock()
_looks: Counter[tuple[date, UUID, str]] = Counter()
_kept_at: list[datetime] = []


def look(member: Member, path: str, on: date) -> None:
    """Count that a member opened a page."""
    part = PARTS.get(path.strip("/").partition("/")[0])
    if part:
        with _lock:
            _looks[on, member.pk, part] += 1


def overdue(at: datetime) -> bool:
    """Whether looks wait to be kept; the first one of a process waits its time too."""
    with _lock:
        if not _kept_at:
            _kept_at.append(at)
        return bool(_looks) and at - _kept_at[0] >= KEPT_EVERY


def keep(at: datetime) -> int:
    """Add what was counted to the rows of its day; return how many rows that were."""
    with _lock:
        taken = dict(_looks)
        _looks.clear()
        _kept_at[:] = [at]
    there = set(Member.objects.filter(pk__in={member for _on, member, _part in taken}).values_list("pk", flat=True))
    taken = {key: times for key, times in taken.items() if key[1] in there}
    if not taken:
        return 0
    with writing():
        rows = [Look(on=on, member_id=member, part=part) for on, member, part in sorted(taken, key=str)]
        Look.objects.bulk_create(rows, ignore_conflicts=True)
        for (on, member, part), times in taken.items():
            Look.objects.filter(on=on, member=member, part=part).update(times=F("times") + times)
    return len(taken)


def keep_overdue(at: datetime) -> bool:
    """Keep what has waited its time. A step of the loop, which finds nothing more to do afterwards."""
    if overdue(at):
        keep(at)
    return False


def looked(member: Member, since: date, until: date) -> Tally:
    """Return what was opened in these days, by whom; one's own alone where one doesn't see the business."""
    rows = Look.objects.filter(on__gte=since, on__lt=until)
    if not sees_the_business(member):
        rows = rows.filter(member=member)
    return Tally(
        (("looked", part, str(who)), times) for part, who, times in rows.values_list("part", "member", "times")
    )
