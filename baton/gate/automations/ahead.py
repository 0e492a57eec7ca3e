"""When an automation acts: at once, so long after, or before a time that is still to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from baton.gate.automations.models import AutomationRun
from baton.kernel.claims import ring
from baton.kernel.ids import derived
from baton.kernel.rows import insert_rows
from baton.ledger.models import Deal, Event
from baton.map.automations import Automation, Timing
from baton.map.durations import Within
from baton.map.schema import OperatingMap

BELL = "automations"
CALLER = "gate.automations"
CHANNEL = "automation"
"""By which an automation writes: what it did sets no other off, and is the evidence of no stage."""


def moment_of(each: Automation, event: Any, value: Any, drawn: OperatingMap, at: datetime) -> datetime | None:
    """Return when it acts on an event; None where that is gone by.

    `value` is the date that it waits for, as the ledger keeps it.
    """
    timing = each.acts
    if timing is None:
        return at
    if timing.way == "later":
        return timing.span.due(event.happened_at, drawn.hours)
    about = _its_time(event, drawn) if timing.way == "before its time" else _opening(value, drawn)
    if about is None or about <= at:
        return None
    return max(at, _before(about, timing, drawn))


def _its_time(event: Any, drawn: OperatingMap) -> datetime | None:
    starts = event.data.get("starts")
    if not starts:
        return event.due_at
    found = datetime.fromisoformat(starts)
    return found if found.tzinfo else found.replace(tzinfo=drawn.hours.tz)


def _opening(value: Any, drawn: OperatingMap) -> datetime | None:
    """Return when the business opens on that day, or next."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return drawn.hours.next_open(datetime(day.year, day.month, day.day, tzinfo=drawn.hours.tz))


def _before(about: datetime, timing: Timing, drawn: OperatingMap) -> datetime:
    """Days are days of the calendar; working time before a moment is counted as it passes on the clock."""
    earlier = about - _span(timing.span)
    return drawn.hours.next_open(earlier) if timing.way == "before" else earlier


def _span(within: Within) -> timedelta:
    return timedelta(minutes=within.amount) if within.unit == "working minutes" else timedelta(days=within.amount)


def run_for(each: Automation, event: Event, acts_at: datetime, version: int, at: datetime) -> AutomationRun:
    """Return the run of one automation on one event; its id follows from both, so that there is one."""
    assert event.deal_id is not None
    return AutomationRun(
        id=derived("automation", each.id, event.pk),
        automation=each.id,
        event=event.pk,
        kind=event.kind,
        deal_id=event.deal_id,
        happened_at=event.happened_at,
        made_at=at,
        acts_at=acts_at,
        due_at=acts_at,
        map_version=version,
    )


def look_ahead(each: Automation, drawn: OperatingMap, at: datetime) -> int:
    """Let what was switched on wait for the dates that are known already; return how many there are."""
    if each.acts is None or each.acts.way != "before":
        return 0
    name = each.acts.field
    deals = Deal.objects.unscoped(CALLER).under_way().filter(**{f"values__{name}__f__isnull": False})
    facts = {values[name]["f"]: values[name].get("v") for values in deals.values_list("values", flat=True)}
    events = Event.objects.unscoped(CALLER).filter(fact__in=list(facts), kind="fact.confirmed", detail=name)
    return keep([run for event in events if (run := _run(each, event, facts, drawn, at))])


def _run(
    each: Automation, event: Event, facts: dict[str, Any], drawn: OperatingMap, at: datetime
) -> AutomationRun | None:
    acts_at = moment_of(each, event, facts.get(str(event.fact_id)), drawn, at)
    return run_for(each, event, acts_at, 0, at) if acts_at and event.deal_id else None


def keep(runs: Iterable[AutomationRun]) -> int:
    """Leave these runs to be acted on; those that are there already stay as they are."""
    rows = list(runs)
    insert_rows(rows, ignore_conflicts=True)
    if rows:
        ring(BELL)
    return len(rows)
