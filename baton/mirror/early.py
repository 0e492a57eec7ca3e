"""The early warning as the owner reads it: told to them first, each sign with its cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from baton.map.current import current_map, current_version
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.days import Days, day_of, days_seen_by
from baton.mirror.findings import Glass
from baton.mirror.models import Day
from baton.mirror.sight import owns, sees_the_business
from baton.mirror.signs import LATEST, LOOKED_BACK, Name, Sign, Warnings, sentence_of, warnings
from baton.mirror.tally import Tally


@dataclass(frozen=True, slots=True)
class Warned:
    """One sign in words: what began to slide, since when, how likely by chance, and the key of its cases."""

    key: str
    sentence: str
    since: date
    note: str


@dataclass(frozen=True, slots=True)
class Early:
    """What is told to the owner: what slides, and of how many signs there is too little to say."""

    warned: list[Warned]
    unsaid: list[str]


def early(member: Member, at: datetime) -> Early:
    """Return the early warning, for the owner of the map and their deputy; nothing for everybody else."""
    operating_map = current_map()
    if not (owns(member) and sees_the_business(member)):
        return Early([], [])
    until = day_of(at, operating_map)
    told = _told(member, at, until, operating_map)
    glass = Glass(member, until, until, Tally(), Tally(), Days({}, whole=True), operating_map)
    return Early([warned(one, glass) for one in told.signs], unsaid(told))


def _told(member: Member, at: datetime, until: date, operating_map: OperatingMap) -> Warnings:
    """Read half a year of weeks, once for each time that their days were counted: it takes a page's time."""
    counted = Day.objects.aggregate(last=Max("on"), at=Max("counted_at"))
    monday = until - timedelta(days=until.weekday())
    key = (str(connection.settings_dict["NAME"]), current_version(), monday, counted["at"])
    kept = counted["last"] is not None and counted["last"] >= monday - timedelta(days=1)
    if kept and key in _known:
        return _known[key]
    weeks = days_seen_by(member, at, (LOOKED_BACK + LATEST + 1) * 7).weeks(until, LOOKED_BACK + LATEST)
    told = warnings(weeks, operating_map) if weeks else Warnings([], [])
    if kept:
        _known.clear()
        _known[key] = told
    return told


_known: dict[tuple[str, int, date, datetime], Warnings] = {}


def warned(sign: Sign, glass: Glass) -> Warned:
    """Say a sign in words."""
    times = max(200, min(1_000_000, round(1 / max(sign.chance, 1e-6))))
    note = _("by chance less than once in %(times)d weeks") % {"times": times}
    return Warned(sign.key, sentence_of(sign, glass.desk, glass.handoff), sign.since, note)


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
