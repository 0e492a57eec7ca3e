"""The first weeks of whom one looks after: what they made on time and what they missed, as they see it too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from baton.kernel.clock import now
from baton.ledger.models import Deal
from baton.map.current import current_map, current_version
from baton.members.models import Member
from baton.mirror.rollout.dates import Days, days_set
from baton.mirror.rollout.reading import looked_after
from baton.mirror.rollout.weeks import Looked
from baton.web.rollout.words import PHASES, oversight_told
from baton.work.behaviors import in_force

STATES = {
    "made": gettext_lazy("made on time"),
    "late": gettext_lazy("made late"),
    "missed": gettext_lazy("missed so far"),
}


@require_safe
def first_weeks(request: HttpRequest) -> HttpResponse:
    """Show the first weeks of the people at the desks that one leads."""
    assert isinstance(request.user, Member)
    at = now()
    found = looked_after(request.user, at)
    titles = _titles(request.user, found)
    people = [looked_told(one, at, titles) for one in found]
    looking = sum(one["open"] for one in people)
    context = {"people": people, "answer": _answer(looking), "begun": days_set(request.user).begins, "now": at}
    return render(request, "baton/rollout/first_weeks.html", context)


def _answer(looking: int) -> str:
    if not looking:
        return _("Nobody is looked after closely right now.")
    sentence = ngettext("You look after %(count)d person.", "You look after %(count)d people.", looking)
    return sentence % {"count": looking}


def looked_told(one: Looked, at: datetime, titles: dict[Any, str] | None = None) -> dict[str, Any]:
    """One person's first weeks in words."""
    known = in_force(current_version())
    return {
        "name": one.member.name,
        "id": one.member.pk,
        "phase": PHASES[one.oversight.phase],
        "open": one.oversight.phase in ("daily", "weekly"),
        "because": oversight_told(one.oversight, at),
        "ends": one.oversight.ends,
        "weeks": one.weeks,
        "made": one.made,
        "missed": one.missed,
        "lately": [
            {"name": known[row.behavior].name, "due_at": row.due_at, "state": row.state, "told": STATES[row.state],
             "deal": row.deal if titles is None or row.deal in titles else None,
             "title": (titles or {}).get(row.deal, "")}
            for row in one.lately if row.behavior in known
        ],
    }  # fmt: skip


def _titles(member: Member, found: list[Looked]) -> dict[Any, str]:
    ids = {row.deal for one in found for row in one.lately if row.deal}
    return dict(Deal.objects.visible_to(member).filter(pk__in=ids).values_list("pk", "title")) if ids else {}


def today_of(member: Member, days: Days, at: datetime) -> list[dict[str, Any]]:
    """What Today shows a lead: daily ones each day, weekly ones on the first working day of the week."""
    if days.begins is None:
        return []
    found = [looked_told(one, at) | {"daily": one.oversight.phase == "daily"} for one in looked_after(member, at, days)]
    weekly = _opens_the_week(at)
    return [one for one in found if one["open"] and (one["daily"] or weekly)]


def _opens_the_week(at: datetime) -> bool:
    hours = current_map().hours
    today = at.astimezone(hours.tz).date()
    before = (today - timedelta(days=n) for n in range(1, today.weekday() + 1))
    return not any(hours.spans_on(day) for day in before)
