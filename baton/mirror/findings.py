"""What the mirror says: findings, each with its cases, its history and what would change it. There is no grade."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil, isinf
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.kernel import words
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.chance import BEYOND_CHANCE, ENOUGH, differ, interval
from baton.mirror.days import Days
from baton.mirror.tally import Tally

Question = Literal["clear", "consistent", "owned"]
Tone = Literal["good", "look", "note", "few"]
QUESTIONS: tuple[Question, ...] = ("clear", "consistent", "owned")
MINUTES_A_DAY = 1440
FEW = 5
"""Hours or days below which halves are told."""
GOOD = 0.9
"""The share from which on nobody need look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that behavior says. `key` opens its cases and its history; `hits` of `of` are counted, `of` 0 where
    there is nothing to be a part of. `remedy` is what would change it.
    """

    key: str
    question: Question
    sentence: str
    hits: int = 0
    of: int = 0
    tone: Tone = "note"
    note: str = ""
    remedy: str = ""

    @property
    def enough(self) -> bool:
        """Whether there are enough comparable cases to speak of a share."""
        return self.of >= ENOUGH

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data; a share only where there are enough cases."""
        told: dict[str, Any] = {"key": self.key, "question": self.question, "sentence": self.sentence}
        told |= {"hits": self.hits, "of": self.of, "tone": self.tone, "note": self.note, "remedy": self.remedy}
        if self.enough:
            low, high = interval(self.hits, self.of)
            told |= {"share": round(self.hits / self.of, 4), "interval": [round(low, 4), round(high, 4)]}
        return told


@dataclass(slots=True)
class Glass:
    """What a finding is read from: the window, the window before it, the map, and who looks."""

    member: Member
    since: date
    until: date
    now: Tally
    before: Tally
    days: Days
    map: OperatingMap

    @cached_property
    def names(self) -> dict[str, str]:
        """Return member id → name."""
        return {str(pk): name for pk, name in Member.objects.values_list("pk", "name")}

    def stage(self, key: str) -> str:
        known = self.map.stage_by_id(key)
        return known.name if known else key

    def handoff(self, key: str) -> str:
        known = self.map.handoff_by_id(key)
        return known.name if known else key

    def item(self, key: str) -> str:
        known = self.map.field(key)
        return str(known.name) if known else _(key.capitalize())

    def behavior(self, key: str) -> str:
        known = self.map.behavior_by_id(key)
        return known.name if known else key

    def desk(self, key: str) -> str:
        known = self.map.desk_by_id(key)
        return known.name if known else key


Counted = Callable[[Tally], tuple[int, int]]
"""Reads (hits, of) from any tally: the window's, the one's before, a month's."""


def share(hits: int, of: int) -> str:
    """Say a share: as a percentage where there are enough comparable cases, else as what it is."""
    if of >= ENOUGH:
        return _("%(percent)d %% of %(of)d") % {"percent": round(100 * hits / of), "of": of}
    return _("%(hits)d of %(of)d") % {"hits": hits, "of": of}


def how_sure(hits: int, of: int) -> str:
    """Say how far the share may be off by chance alone, or that there are too few cases to say."""
    if of < ENOUGH:
        return ngettext(
            "%(count)d comparable case: too few for a share. Look at it.",
            "%(count)d comparable cases: too few for a share. Look at them.",
            of,
        ) % {"count": of}
    low, high = interval(hits, of)
    return _("between %(low)d and %(high)d %%, allowing for chance") % {
        "low": round(low * 100), "high": round(high * 100),
    }  # fmt: skip


def against_before(glass: Glass, counted: Counted) -> str:
    """Say what it was in the time before, where the difference is beyond chance; else nothing."""
    (hits, of), (were, of_before) = counted(glass.now), counted(glass.before)
    if min(of, of_before) < ENOUGH or differ(hits, of, were, of_before) > BEYOND_CHANCE:
        return ""
    return _("%(percent)d %% in the time before") % {"percent": round(100 * were / of_before)}


def tone_of(hits: int, of: int, *, good: float = GOOD) -> Tone:
    """Return whether to look: only where even the favorable end of the interval falls short."""
    if of < ENOUGH:
        return "few"
    _low, high = interval(hits, of)
    return "look" if high < good else "good" if hits / of >= good else "note"


def measured(
    glass: Glass, key: str, question: Question, counted: Counted, sentence: str, remedy: str, *, good: float = GOOD
) -> Finding | None:
    """Return the finding of a share, with what it was before; none where nothing happened. `sentence` has %(share)s."""
    hits, of = counted(glass.now)
    if not of:
        return None
    note = "; ".join(filter(None, [against_before(glass, counted), how_sure(hits, of)]))
    return Finding(
        key, question, sentence % {"share": share(hits, of)}, hits, of, tone_of(hits, of, good=good), note, remedy
    )


def lasting(minutes: float) -> str:
    """Say how long after the event something was recorded, at most."""
    if isinf(minutes):
        return _("more than two weeks")
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", int(minutes)) % {"count": minutes}
    return in_days(minutes / MINUTES_A_DAY)


def in_days(days: float) -> str:
    """Say how many days something lasts, or hours below one: to halves where they are few."""
    if isinf(days):
        return _("more than a year")
    hours = _to_half(days * 24)
    if hours < 24:
        return _("%(count)s h") % {"count": words.number(hours)}
    told = _to_half(days)
    return ngettext("%(count)s day", "%(count)s days", ceil(told)) % {"count": words.number(told)}


def _to_half(value: float) -> float:
    return round(value) if value >= FEW else round(value * 2) / 2
