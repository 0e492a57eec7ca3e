"""The early warning as the owner reads it: told to them first, each sign with its cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.days import WEEK, Days, day_of, days_seen_by, monday_of
from baton.mirror.findings import Glass
from baton.mirror.models import Week
from baton.mirror.sight import owns, sees_the_business
from baton.mirror.signs import LATEST, LOOKED_BACK, Name, Sign, Warnings, sentence_of, warnings
from baton.mirror.tally import Tally

NEW_AFTER = timedelta(weeks=8)
"""For how long a sign that went away and came back is the same sign: it is told once."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One sign in words: what began to slide, since when, how likely by chance, the key of its cases,
    and the Monday of the week at whose end it was said.
    """

    key: str
    sentence: str
    since: date
    note: str
    week: date


@dataclass(frozen=True, slots=True)
class Early:
    """What is told to the owner: what slides, and of how many signs there is too little to say."""

    warned: list[Warned]
    unsaid: list[str]


def early(member: Member, at: datetime) -> Early:
    """Return the early warning, for the owner of the map and their deputy; nothing for everybody else."""
    operating_map = current_map()
    if not is_told(member):
        return Early([], [])
    until = day_of(at, operating_map)
    told = _said_at_the_end_of(monday_of(until) - WEEK) or _asked_now(member, at, until, operating_map)
    return Early([warned(one, _glass(member, until, operating_map)) for one in told.signs], unsaid(told))


def news(member: Member, at: datetime) -> list[Warned]:
    """Return the signs of the last week that none of the weeks before had: what nobody has been told of yet."""
    operating_map = current_map()
    until = day_of(at, operating_map)
    monday = monday_of(until) - WEEK
    told = _said_at_the_end_of(monday) if is_told(member) else None
    if told is None:
        return []
    before = Week.objects.filter(monday__lt=monday, monday__gte=monday - NEW_AFTER).filter(warned__isnull=False)
    known = {one.key for said in before.values_list("warned", flat=True) for one in Warnings.from_data(said).signs}
    glass = _glass(member, until, operating_map)
    return [warned(one, glass) for one in told.signs if one.key not in known]


def is_told(member: Member) -> bool:
    """Whether a member answers for the map and sees all that the signs are counted from."""
    return owns(member) and sees_the_business(member)


def _glass(member: Member, until: date, operating_map: OperatingMap) -> Glass:
    return Glass(member, until, until, Tally(), Tally(), Days({}, whole=True), operating_map)


def _said_at_the_end_of(monday: date) -> Warnings | None:
    said = Week.objects.filter(monday=monday).values_list("warned", flat=True).first()
    return Warnings.from_data(said) if said else None


def _asked_now(member: Member, at: datetime, until: date, operating_map: OperatingMap) -> Warnings:
    """Ask the signs on the spot, where the worker hasn't come to it yet."""
    back = (until - monday_of(until)).days + (LOOKED_BACK + LATEST) * 7
    weeks = days_seen_by(member, at, back).weeks(until, LOOKED_BACK + LATEST)
    return warnings(weeks, operating_map) if weeks else Warnings([], [])


def warned(sign: Sign, glass: Glass) -> Warned:
    """Say a sign in words."""
    times = max(200, min(1_000_000, round(1 / max(sign.chance, 1e-6))))
    note = _("by chance less than once in %(times)d weeks") % {"times": times}
    week = monday_of(glass.until) - WEEK
    return Warned(sign.key, sentence_of(sign, glass.desk, glass.handoff), sign.since, note, week)


def unsaid(told: Warnings) -> list[str]:
    """Name the signs of which there is nowhere enough to say anything."""
    names: dict[Name, str] = {
        "later": _("how soon things are typed"),
        "less": _("how much is entered"),
        "unshown": _("evidence"),
        "returned": _("handoffs"),
        "late": _("duties"),
        "elsewhere": _("where decisions are taken"),
    }
    return [names[name] for name in dict.fromkeys(name for name, _of in told.unsaid)]
