"""The mirror as a member sees it: the three questions over one window, with what was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from baton.map.current import current_map, one_version
from baton.members.models import Member
from baton.mirror.clear import clear
from baton.mirror.consistent import consistent
from baton.mirror.days import day_of, days_seen_by, months_back
from baton.mirror.findings import QUESTIONS, Finding, Glass, Question
from baton.mirror.looks import looked
from baton.mirror.owned import owned

WINDOWS = (30, 90)
"""Days that the mirror looks back over."""


@dataclass(slots=True)
class Mirror:
    """What the mirror shows: its glass, and the findings of each question."""

    glass: Glass
    at: datetime
    window: int
    findings: dict[Question, list[Finding]] = field(default_factory=dict)

    @property
    def all(self) -> list[Finding]:
        return [one for question in QUESTIONS for one in self.findings[question]]

    def answer(self, question: Question) -> str:
        """Say what the findings of a question come to, without a grade: how many to look at, or too few."""
        found = self.findings[question]
        looking = sum(one.tone == "look" for one in found)
        if looking:
            return _("%(count)d to look at") % {"count": looking}
        if not found or all(one.tone == "few" for one in found if one.of):
            return _("Too little to say")
        return _("Nothing stands out")


@one_version()
def mirror(member: Member, *, at: datetime, window: int = WINDOWS[0], history: bool = False) -> Mirror:
    """Return what the mirror shows this member of the last `window` days, all of it among what they may see."""
    glass = glass_of(member, at=at, window=window, history=history)
    found: dict[Question, list[Finding]] = {
        "clear": clear(glass), "consistent": consistent(glass), "owned": owned(glass, at),
    }  # fmt: skip
    return Mirror(glass, at, window, found)


def glass_of(member: Member, *, at: datetime, window: int, history: bool = False) -> Glass:
    """Return the glass of a window: what was counted in it, and in as many days before it."""
    operating_map = current_map()
    until = day_of(at, operating_map) + timedelta(days=1)
    since = until - timedelta(days=window)
    months = [first for first, _after in months_back(until)] if history else []
    days = days_seen_by(member, at, window * 2, edges=[since, since - timedelta(days=window), *months])
    now, before = days.between(since, until), days.between(since - timedelta(days=window), since)
    now.update(looked(member, since, until))
    return Glass(member, since, until, now, before, days, operating_map)
