"""What is asked of the forecast in an address: which period, by what, as of when, since when, of whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.decide import forecast
from baton.decide.forecast.deciding import deciding
from baton.decide.forecast.periods import By, Period, containing, from_here, kind, named
from baton.decide.forecast.reckoning import GROUPS, Group, Measure
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.map.elements import Decision
from baton.members.models import Member

PERIODS = 4
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@dataclass(frozen=True)
class Asked:
    """Who asks for what. `at` is None for now; `of` narrows to one of the `group`; `now` is when it is asked."""

    member: Member
    period: Period
    now: datetime
    at: datetime | None = None
    since: datetime | None = None
    group: Group = "owner"
    of: str = ""
    measure: Measure = "expected"

    @property
    def by(self) -> By:
        return self.period.by

    @property
    def periods(self) -> list[Period]:
        return from_here(self.period.start, self.by, PERIODS)

    @cached_property
    def narrow(self) -> dict[Group, Any]:
        """What the sums are narrowed to: one person, desk, source or service."""
        if not self.of:
            return {}
        return {self.group: narrowed(self.group, self.of)}

    @cached_property
    def then(self) -> datetime:
        """Since when changes are shown: as asked, if that is before then, else since the decision was last taken."""
        return self.since or last_taken(self.at or self.now)

    def address(self, name: str, *args: Any, **more: Any) -> str:
        """Return the address of a page of the forecast that asks the same, but for what is named here."""
        told = {
            "period": self.period.key,
            "at": self.at and self.at.isoformat(),
            "since": self.since and self.since.isoformat(),
            "group": self.group if self.group != "owner" else "",
            "of": self.of,
            "measure": self.measure if self.measure != "expected" else "",
        } | more
        query = urlencode({key: value for key, value in told.items() if value not in {None, ""}})
        return f"{reverse(name, args=args)}?{query}"

    def for_period(self, period: Period) -> Asked:
        return replace(self, period=period)


NOBODY = "-"
"""How an address names what has no owner, source or service."""


def narrowed(group: Group, text: str) -> Any:
    """Return the value that a word of an address narrows to. Raises `Refusal`."""
    if text == NOBODY:
        return None if group == "owner" else ""
    if group != "owner":
        return text[:120]
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Refusal(_("There is no such member.")) from wrong


def read(request: HttpRequest) -> Asked:
    """Read what is asked. Raises `Refusal` where there is no forecast, and for what can't be read."""
    assert isinstance(request.user, Member)
    forecast.refuse_unless_on()
    told, moment = request.GET, now()
    at = _moment(told.get("at", ""))
    today = (at or moment).astimezone(current_map().hours.tz).date()
    period = named(told["period"]) if told.get("period") else containing(today, kind(told.get("by") or "quarter"))
    group = next((one for one in GROUPS if one == told.get("group")), "owner")
    measure: Measure = "open" if told.get("measure") == "open" else "expected"
    at = at if at and at < moment else None
    since = _moment(told.get("since", ""))
    since = since if since and since < (at or moment) else None
    return Asked(request.user, period, moment, at, since, group, told.get("of", ""), measure)


def _moment(text: str) -> datetime | None:
    """Read a moment of an address or of a form; one without a zone is where the business is."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+") if text.count(":") > 2 else text.strip())
    except ValueError as wrong:
        raise Refusal(_("“%(text)s” is no moment like 2026-11-09T10:00.") % {"text": text[:40]}) from wrong
    found = found if found.tzinfo else found.replace(tzinfo=current_map().hours.tz)
    if not 1970 < found.year < 9000:
        raise Refusal(_("“%(text)s” is no moment like 2026-11-09T10:00.") % {"text": text[:40]})
    return found


def last_taken(before: datetime) -> datetime:
    """Return when the decision was last taken, by the map, at least half a day ago; a week ago where it never was."""
    tz = current_map().hours.tz
    latest = before - timedelta(hours=12)
    for days in range(100):
        day = latest.astimezone(tz).date() - timedelta(days=days)
        for one in deciding(current_map()):
            at = _taken_on(one, day, tz)
            if at and at <= latest:
                return at
    return before - timedelta(days=7)


def _taken_on(one: Decision, day: date, tz: Any) -> datetime | None:
    every = one.every
    fits = {
        "day": True,
        "week": day.weekday() == (every.day or 0),
        "month": day.day == (every.day or 1),
        "quarter": day.day == (every.day or 1) and day.month % 3 == 1,
    }[every.every]
    at = every.at
    return datetime.combine(day, at, tz) if fits and at else None


def as_file(content: bytes, name: str, ending: str) -> HttpResponse:
    """Answer with a file; nothing of it is kept on the way."""
    answer = HttpResponse(content, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
