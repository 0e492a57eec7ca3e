"""What sets an automation off leaves a run, in the transaction in which it happened; and what settles one wakes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from baton.gate.automations.ahead import BELL, CALLER, CHANNEL, keep, moment_of, run_for
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.needing import watched
from baton.gate.automations.switching import is_on, newest
from baton.kernel.claims import ring
from baton.ledger.models import Event
from baton.ledger.recording import Batch, register_reducer
from baton.map.automations import Automation
from baton.map.current import map_version_numbered
from baton.map.schema import OperatingMap
from baton.work.reckoning import ASKS_NOTHING

AUTOMATIONS_REDUCER = 940


def register_automations() -> None:
    """Have automations follow what is recorded; called once at start."""
    register_reducer(AUTOMATIONS_REDUCER, follow)


def follow(batch: Batch) -> None:
    """Leave a run for each automation that an event sets off, and wake those that wait for a fact. A reducer."""
    drawn = map_version_numbered(batch.map_version)
    kinds, fields = watched(drawn)
    if not kinds:
        return
    _wake(batch, fields)
    if batch.by.channel == CHANNEL:
        return  # what an automation did sets off none: two of them can't chase each other
    events = [event for event in batch.events if event.kind in kinds and sets_off(event)]
    if events:
        keep(_set_off(events, drawn, batch))


def sets_off(event: Event) -> bool:
    """Only what happens now, on a deal, and to which somebody would have to react: no import, no mail in copy."""
    return event.live and event.deal_id is not None and not ASKS_NOTHING & event.data.keys()


def _set_off(events: list[Event], drawn: OperatingMap, batch: Batch) -> Iterator[AutomationRun]:
    rows = newest()
    for each in drawn.automations.values():
        if rows and is_on(each, drawn, rows):
            yield from _of_one(each, events, drawn, batch)


def _of_one(each: Automation, events: list[Event], drawn: OperatingMap, batch: Batch) -> Iterator[AutomationRun]:
    for event in events:
        if each.when.matches(event.kind, event.detail):
            acts_at = moment_of(each, event, _value(each, event, batch), drawn, batch.at)
            if acts_at:
                yield run_for(each, event, acts_at, batch.map_version, batch.at)


def _value(each: Automation, event: Event, batch: Batch) -> Any:
    """Return the date that it waits for, as the fact which set it off says it."""
    if each.acts is None or each.acts.way != "before":
        return None
    return next((fact.value for fact in batch.facts if fact.pk == event.fact_id), None)


def _wake(batch: Batch, fields: frozenset[str]) -> None:
    """What was said anew about a fact that fell short lets the runs that wait for it be judged again."""
    told = {(fact.record_kind, fact.record_id) for fact in batch.facts if _names(fact.record_kind, fact.field, fields)}
    told |= {("deal", event.deal_id) for event in batch.events if event.interaction_id and event.deal_id}
    if not told:
        return
    waiting = AutomationRun.objects.unscoped(CALLER).refused().filter(about__in={pk for _kind, pk in told})
    if waiting.update(state=AutomationRun.State.WAITING, due_at=batch.at):
        ring(BELL)


ALIASES = {"emails": "email", "phones": "phone", "job": "role", "domains": "domain"}


def _names(kind: str, field: str, fields: frozenset[str]) -> bool:
    if kind == "deal":
        return field in fields
    return kind in {"contact", "company"} and (field in fields or f"{kind}.{ALIASES.get(field, field)}" in fields)
