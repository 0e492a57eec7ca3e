"""When a repeating meeting takes place: bounded in number, in time and in work. Pure; runs in the limited child."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event

BEFORE, AHEAD = timedelta(days=60), timedelta(days=400)
"""How far back and ahead its occurrences are looked at; later ones are looked at when their time comes near."""
MOST_OCCURRENCES = 120
TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
"""Nobody meets that often; what repeats so is taken as the once that it begins with."""
WORKED_OUT = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "UID")
Moment = Callable[..., datetime]


def times_of(event: Event, calendar: Any, moment: Moment, lasts: timedelta, at: datetime) -> dict[str, Any]:
    """Return {"rule", "times": [[start as first planned, end], …], "until": how far was looked, "goes_on"}."""
    rule = _rule(event)
    told: dict[str, Any] = {"rule": rule[:300], "times": [], "until": (at + AHEAD).isoformat()}
    if any(f"FREQ={often}" in rule.upper() for often in TOO_OFTEN):
        return told | {"until": ""}
    try:
        found = recurring_ical_events.of(_alone(event, calendar)).between(at - BEFORE, at + AHEAD)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, recurring_ical_events.InvalidCalendar):
        return told | {"until": ""}
    starts = sorted({moment(one["DTSTART"].dt) for one in islice(found, MOST_OCCURRENCES * 4)})
    told["goes_on"] = len(starts) > MOST_OCCURRENCES or _goes_on(rule, at + AHEAD)
    told["times"] = [[start.isoformat(), (start + lasts).isoformat()] for start in starts[:MOST_OCCURRENCES]]
    return told


def _goes_on(rule: str, looked_until: datetime) -> bool:
    """Whether there may be more of it later: it has no end, or one that lies further ahead."""
    ends = re.findall(r"UNTIL=(\d{8})", rule.upper())
    if ends:
        return max(ends) > f"{looked_until:%Y%m%d}"
    return "FREQ=" in rule.upper() and "COUNT=" not in rule.upper()


def _rule(event: Event) -> str:
    rule = event.get("RRULE")
    rules = rule if isinstance(rule, list) else [rule] if rule else []
    try:
        return " ".join(one.to_ical().decode("utf-8", "replace") for one in rules)
    except Exception:  # noqa: BLE001  a broken property raises what it likes when it is looked at
        return ""


def _alone(event: Event, calendar: Any) -> Calendar:
    """The event by itself, with nothing but its times: what it says otherwise is none of the rule's business."""
    alone, bare = Calendar(), Event()
    for name in WORKED_OUT:
        if name in event:
            bare[name] = event[name]
    for zone in calendar.walk("VTIMEZONE"):
        alone.add_component(zone)
    alone.add_component(bare)
    return alone
