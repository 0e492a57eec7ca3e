"""Chasing: what happens when somebody forgets. Each duty is reminded of once, and goes up once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from baton.kernel.clock import stamp
from baton.ledger.entries import Author, Entry, said
from baton.ledger.recording import record
from baton.map.current import current_version, map_version_numbered
from baton.map.elements import IfForgotten
from baton.work.behaviors import in_force
from baton.work.duties import moment_of, standing
from baton.work.models import Duty
from baton.work.owing import People
from baton.work.reckoning import Reckoned

CALLER = "work.duties"
BATCH = 50


def chase(at: datetime, limit: int = 500) -> int:
    """Remind of, and take up, the duties whose time to be looked at has come; return how many. A sweep."""
    version = current_version()
    behaviors, people = in_force(version), People(map_version_numbered(version))
    waiting = Duty.objects.unscoped(CALLER).filter(state="open", chase_at__lte=at).order_by("chase_at", "id")
    rows = list(waiting[:limit])
    found = list(standing(rows, behaviors))
    _leave_alone({row.pk for row in rows} - {duty.pk for duty, _reckoned in found})
    people.prepare([reckoned for _duty, reckoned in found])
    for start in range(0, len(found), BATCH):
        part = found[start : start + BATCH]
        entries = [entry for duty, reckoned in part for entry in steps(duty, reckoned, people, at)]
        if entries:
            record(entries, by=Author.baton(), at=at)
    return len(found)


def _leave_alone(ids: set[UUID]) -> None:
    """Duties of a behavior that the map no longer has are chased no more; publishing withdraws them."""
    Duty.objects.unscoped(CALLER).filter(pk__in=ids).update(chase_at=None)


def steps(duty: Duty, reckoned: Reckoned, people: People, at: datetime) -> Iterator[Entry]:
    """Yield what the behavior says is to happen by now and hasn't happened yet."""
    for step in reckoned.behavior.if_forgotten:
        if moment_of(step, duty, people) > at:
            continue
        if step.verb == "remind" and not duty.reminded_at:
            yield from said("duty", duty.pk, reminded=stamp(at))
        if step.verb in {"escalate", "reassign"} and not duty.escalated_at:
            yield from _up(step, duty, reckoned, people, at)


def _up(step: IfForgotten, duty: Duty, reckoned: Reckoned, people: People, at: datetime) -> Iterator[Entry]:
    to = _goes_to(step, duty, reckoned, people)
    yield from said("duty", duty.pk, escalated={"to": str(to) if to else None, "at": stamp(at)})
    if step.verb == "reassign" and to:
        yield from said("duty", duty.pk, passed_to=str(to))


def _goes_to(step: IfForgotten, duty: Duty, reckoned: Reckoned, people: People) -> UUID | None:
    """Whoever the map names; where that is the one who forgot, the manager, then the owner; else nobody."""
    for found in people.above(step.to, reckoned, duty.desk):
        if found and found != duty.owed_by_id:
            return found
    return None
