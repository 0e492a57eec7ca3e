"""Holding the mirror against planted businesses: what it found, how late, and what it said that wasn't so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from baton.map.current import current_map
from baton.mirror.consistent import stage_key
from baton.mirror.counting import count
from baton.mirror.days import Days, begin
from baton.mirror.drift import stages_apart
from baton.mirror.findings import Glass
from baton.mirror.owned import dead_fields
from baton.mirror.sight import Sight
from baton.mirror.signs import warnings
from tests.cast import MONDAY
from tests.mirror.planting import BEGINS_AT, FIRST, SHOWN_BY, Plan, mondays, plant

WARMS_UP = 13
"""Weeks before which nothing is asked: there is no past yet."""


@dataclass(slots=True)
class Outcome:
    """What the mirror said of one business: after how many weeks it said what was planted, and what else it said."""

    plan: Plan
    seed: int
    weeks_late: int | None = None
    false: set[str] = field(default_factory=set)
    unsaid: int = 0


def find_out(plan: Plan, seed: int) -> Outcome:
    """Plant a business and ask the mirror after each of its weeks."""
    owner = plant(plan, seed)
    operating_map = current_map()
    since = begin(FIRST.date(), operating_map)
    days = Days(count(Sight(), since, MONDAY + timedelta(days=1), operating_map), whole=True)
    found = Outcome(plan, seed)
    wanted = SHOWN_BY.get(plan.wrong, lambda _key: False)
    for week in range(WARMS_UP, len(mondays()) + 1):
        until = FIRST.date() + timedelta(weeks=week)
        for key in said(days, until, owner, found):
            if not wanted(key):
                found.false.add(key)
            elif week > BEGINS_AT and found.weeks_late is None:
                found.weeks_late = week - BEGINS_AT
            elif week <= BEGINS_AT:
                found.false.add(key)
    return found


def said(days: Days, until: date, owner: object, found: Outcome) -> Iterator[str]:
    """Yield the keys of all that the mirror would have raised on this Monday."""
    operating_map = current_map()
    told = warnings(days.weeks(until, 30), operating_map)
    found.unsaid = len(told.unsaid)
    yield from (one.key for one in told.signs)
    quarter = days.between(until - timedelta(days=91), until)
    yield from (stage_key(one) for one in stages_apart(quarter))
    month, before = (
        days.between(until - timedelta(days=28), until),
        days.between(until - timedelta(days=56), until - timedelta(days=28)),
    )
    glass = Glass(owner, until - timedelta(days=28), until, month, before, days, operating_map)  # type: ignore[arg-type]
    yield from (one.key for one in dead_fields(glass))


def table(outcomes: Iterable[Outcome]) -> str:
    """Return the outcomes as a table, a line for each kind of business."""
    by: dict[str, list[Outcome]] = {}
    for one in outcomes:
        by.setdefault(one.plan.name, []).append(one)
    lines = ["| planted | found | weeks until it was (median, longest) | false alarms |", "| --- | --- | --- | --- |"]
    for name, several in by.items():
        late = sorted(one.weeks_late for one in several if one.weeks_late is not None)
        found = f"{len(late)} of {len(several)}" if several[0].plan.wrong else "nothing to find"
        when = f"{late[len(late) // 2]}, {late[-1]}" if late else ""
        false = [key for one in several for key in sorted(one.false)]
        told = f"{len(false)} in {len(several)} businesses" + (f": {', '.join(sorted(set(false)))}" if false else "")
        lines.append(f"| {name} | {found} | {when} | {told} |")
    return "\n".join(lines)
