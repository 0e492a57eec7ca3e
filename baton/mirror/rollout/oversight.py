"""Close oversight of the first weeks: daily, then weekly, then none; it comes back when it slides, and ends for good.

Pure. A week counts once at least three duties fell due in it: one missed duty of two says nothing about anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Phase = Literal["ahead", "daily", "weekly", "over"]
ON_TIME = 0.8
"""The share of duties made on time at which a week holds."""
FEWEST = 3
HELD = 2
"""So many weeks in a row have to hold before nobody looks any more: one for weekly, this many for none."""
LASTS = timedelta(weeks=13)
"""After a quarter it is over whatever happens: then it isn't somebody's start that goes wrong, but the process."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of somebody's own start: duties that fell due in it, and how many of them were made on time."""

    begins: date
    made: int
    of: int

    @property
    def counts(self) -> bool:
        return self.of >= FEWEST

    @property
    def holds(self) -> bool:
        return self.counts and self.made >= ON_TIME * self.of


@dataclass(frozen=True, slots=True)
class Oversight:
    """How closely somebody is looked after: `because` is the week that decided it, `back` that it had stopped."""

    phase: Phase
    since: date
    because: Week | None = None
    back: bool = False
    ends: date | None = None


def oversight(starts: date, weeks: Sequence[Week], today: date) -> Oversight:
    """Return how closely somebody is looked after today. `weeks` are the weeks of theirs that are over, in order."""
    ends = starts + LASTS
    if today < starts:
        return Oversight("ahead", starts, ends=ends)
    if today >= ends:
        return Oversight("over", ends, ends=ends)
    found, held = Oversight("daily", starts, ends=ends), 0
    for week in weeks:
        if not week.counts:
            continue
        held = held + 1 if week.holds else 0
        found = _after(found, week, held, ends)
    return found


def _after(before: Oversight, week: Week, held: int, ends: date) -> Oversight:
    since = week.begins + timedelta(days=7)
    phase: Phase = "over" if held >= HELD else "weekly" if held else "daily"
    back = not held and (before.phase == "over" or (before.back and before.phase == "daily"))
    if phase == before.phase:
        return Oversight(phase, before.since, week, back, ends)
    return Oversight(phase, since, week, back, ends)
