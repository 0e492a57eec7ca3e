"""Who starts when, made from the map: whoever owns and leads first, then desk by desk as the work flows. Pure.

Facts are needed downstream of where they are written down, so the desk that hears from customers first starts first:
a desk that starts before those ahead of it finds empty packets, and learns that Baton has nothing to offer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from baton.map.schema import OperatingMap
from baton.members.hours import WorkingHours

Why = Literal["owner", "deputy", "leads", "desk", "together", "no desk"]
SMALL = 5
"""So many people, or fewer, start together: a plan in waves would be longer than the work."""
WEEK = timedelta(days=7)
SHEET_ENDS = timedelta(days=28)
"""How long after the last start the old spreadsheet is proposed to go: one month of everybody's work."""


@dataclass(frozen=True, slots=True)
class Start:
    """One person's start. `why` says what puts them there, `desk` which one, `chosen` that the owner chose the day."""

    email: str
    on: date
    why: Why
    desks: tuple[str, ...] = ()
    desk: str = ""
    chosen: bool = False


def propose(
    drawn: OperatingMap,
    begins: date,
    seated: Mapping[str, Sequence[str]],
    chosen: Mapping[str, date] | None = None,
) -> list[Start]:
    """Return everybody's start, the earliest first.

    `seated` is address → the desks at which somebody sits (or will, invited), in lower case; whom the map names is
    added. A day that the owner chose holds.
    """
    sits = _seats(drawn, seated)
    order, small = desks_in_order(drawn), len(sits) <= SMALL
    waves = {} if small else _waves(drawn, sits, order)
    starts = []
    for email, desks in sits.items():
        why, desk = _why(drawn, email, desks, order)
        wave = max(waves.values(), default=0) if why == "no desk" else waves.get(desk, 0) if why == "desk" else 0
        on = (chosen or {}).get(email)
        day = on or working_day(drawn.hours, begins + wave * WEEK)
        shown: Why = "together" if small and why == "desk" else why
        starts.append(Start(email, day, shown, tuple(desks), desk, chosen=on is not None))
    return sorted(starts, key=lambda one: (one.on, _rank(one.why), order.get(one.desk, 99), one.email))


def proposed_end(starts: Sequence[Start], hours: WorkingHours) -> date | None:
    """Return the day that is proposed for switching the old spreadsheet off, `None` where nobody starts."""
    last = max((one.on for one in starts), default=None)
    return working_day(hours, last + SHEET_ENDS) if last else None


def desks_in_order(drawn: OperatingMap) -> dict[str, int]:
    """Return desk → its place in the order of work; desks without a stage come last."""
    staged = list(dict.fromkeys(stage.desk for stage in drawn.stages.values()))
    return {desk: place for place, desk in enumerate([*staged, *(one for one in drawn.desks if one not in staged)])}


def working_day(hours: WorkingHours, day: date) -> date:
    """Return this day where the business works on it, else the next one on which it does."""
    return next((day + timedelta(days=n) for n in range(366) if hours.spans_on(day + timedelta(days=n))), day)


def _seats(drawn: OperatingMap, seated: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    sits: dict[str, list[str]] = {email: list(desks) for email, desks in seated.items()}
    for email in filter(None, [drawn.owner, drawn.deputy]):
        sits.setdefault(email.lower(), [])
    for desk in drawn.desks.values():
        for email in {one.lower() for one in (desk.lead, *desk.members) if one}:
            mine = sits.setdefault(email, [])
            if desk.id not in mine:
                mine.append(desk.id)
    return sits


def _waves(drawn: OperatingMap, sits: Mapping[str, Sequence[str]], order: Mapping[str, int]) -> dict[str, int]:
    """Desk → how many weeks after the first its people start. A desk with nobody but its lead takes no week."""
    waves: dict[str, int] = {}
    for desk in sorted(drawn.desks, key=lambda one: order[one]):
        if any(_why(drawn, email, desks, order) == ("desk", desk) for email, desks in sits.items()):
            waves[desk] = len(waves) + 1
    return waves


def _why(drawn: OperatingMap, email: str, desks: Sequence[str], order: Mapping[str, int]) -> tuple[Why, str]:
    known = sorted((desk for desk in desks if desk in drawn.desks), key=lambda one: order[one])
    led = [desk for desk in known if drawn.desks[desk].lead.lower() == email]
    first = (led or known or [""])[0]
    if email == drawn.owner.lower():
        return "owner", first
    if led:
        return "leads", first
    if email == drawn.deputy.lower():
        return "deputy", first
    return ("desk", first) if known else ("no desk", "")


def _rank(why: Why) -> int:
    return ("owner", "deputy", "leads", "desk", "together", "no desk").index(why)
