"""Reckoning duties from events. Pure: the same events, in whatever order they arrived, give the same duties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baton.kernel.ids import derived
from baton.map.elements import Behavior

PAIRED = ("promise", "handoff", "question", "exception", "packet")
"""Events of these families are about a record of their own: what opens on it closes on it."""


@dataclass(slots=True)
class Reckoned:
    """One duty as the events have it: what opened it, what last moved its time, what closed it."""

    behavior: Behavior
    scope: str
    opener: Any
    timer: Any
    closer: Any = None

    @property
    def id(self) -> Any:
        return derived("duty", self.behavior.id, self.opener.id)


def scope_of(behavior: Behavior, event: Any) -> str:
    """Return what the behavior counts as one subject for this event: its record, its customer, or its deal."""
    family = behavior.opens.kind.partition(".")[0]
    if family in PAIRED:
        detail = f":{event.detail}" if family == "packet" else ""
        return f"{event.record_kind}:{event.record_id}{detail}"
    if behavior.opens.kind.startswith("fact."):
        return f"field:{event.record_id}:{event.detail}"
    if event.record_kind == "interaction" and _is_about_one_customer(behavior):
        return f"customer:{event.deal_id or '-'}:{event.contact_id or '-'}"
    return f"deal:{event.deal_id}" if event.deal_id else f"contact:{event.contact_id}"


def _is_about_one_customer(behavior: Behavior) -> bool:
    return behavior.opens.kind.startswith("interaction.")


def opens(behavior: Behavior, event: Any) -> bool:
    """Whether this event opens a duty: only live ones do, and mail in copy asks nobody."""
    return event.live and not event.data.get("cc") and behavior.opens.matches(event.kind, event.detail)


def settles(behavior: Behavior, opener: Any, event: Any) -> bool:
    """Whether this event closes what that one opened: after it, on its record, its thread, its customer or its deal."""
    if not behavior.closes.matches(event.kind, event.detail) or event.happened_at < opener.happened_at:
        return False
    if behavior.opens.kind.partition(".")[0] in PAIRED:
        return event.record_id == opener.record_id and _same_item(opener, event)
    if behavior.opens.kind.startswith("fact."):
        return event.record_id == opener.record_id and event.detail == opener.detail
    if behavior.closes.same_customer or (opener.record_kind == event.record_kind == "interaction"):
        return _same_thread(opener, event) or _same_customer(opener, event)
    return _same_deal(opener, event)


def _same_item(opener: Any, event: Any) -> bool:
    return not opener.kind.startswith("packet.") or opener.detail == event.detail


def _same_thread(opener: Any, event: Any) -> bool:
    return opener.thread is not None and opener.thread == event.thread


def _same_customer(opener: Any, event: Any) -> bool:
    return (
        opener.contact_id == event.contact_id
        and opener.contact_id is not None
        or (opener.contact_id is None and _same_deal(opener, event))
    )


def _same_deal(opener: Any, event: Any) -> bool:
    if opener.deal_id:
        return opener.deal_id == event.deal_id
    return opener.contact_id is not None and opener.contact_id == event.contact_id


def reckon(behavior: Behavior, scope: str, events: Iterable[Any]) -> list[Reckoned]:
    """Walk the events in the order in which they happened, and return the duties they make in this scope.

    An event that opens and comes while a duty is open doesn't open another; where the behavior falls due at
    the event's own time, it moves the time.
    """
    duties: list[Reckoned] = []
    waiting: Reckoned | None = None
    for event in sorted(events, key=lambda e: _order(behavior, e)):
        if waiting and event.id != waiting.opener.id and settles(behavior, waiting.opener, event):
            waiting.closer, waiting = event, None
        if opens(behavior, event) and scope_of(behavior, event) == scope:
            if waiting is None:
                waiting = Reckoned(behavior, scope, event, event)
                duties.append(waiting)
            elif behavior.within.after_its_time:
                waiting.timer = event
    return duties


def _order(behavior: Behavior, event: Any) -> tuple[datetime, int, datetime, Any]:
    """At one and the same moment: what closes an older duty, then what opens, then what was said last."""
    return event.happened_at, 0 if opens(behavior, event) else 1, event.recorded_at, event.id
