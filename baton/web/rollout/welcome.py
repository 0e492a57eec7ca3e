"""What do we use here: one's desk, duties, handoffs, whom to ask; and the first day, on one's own deals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baton.kernel.clock import now
from baton.map.current import current_map, current_version
from baton.map.elements import Desk
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.mirror.rollout.dates import Days, days_set
from baton.mirror.rollout.first_day import first_day
from baton.mirror.rollout.protocol import protocol_of
from baton.mirror.rollout.reading import own_weeks
from baton.mirror.rollout.weeks import lookers
from baton.web.map.people import Names
from baton.web.rollout.desks import protocol_told
from baton.web.rollout.weeks import looked_told
from baton.web.rollout.words import people_told, step_told
from baton.work.behaviors import in_force
from baton.work.seats import desks_of

FIRST_DAYS = timedelta(days=14)
"""So long Today says where one reads what is used here."""


@require_safe
def what_we_use(request: HttpRequest) -> HttpResponse:
    """Show a member what is theirs here: desks, duties, handoffs, whom to ask, and what is shown about them."""
    member, at = member_of(request), now()
    drawn, names, days = current_map(), Names(), days_set(member)
    desks = [drawn.desks[one] for one in drawn.desks if one in desks_of(member, drawn)]
    pages = [protocol_told(protocol_of(one, drawn, in_force(current_version())), drawn, names) for one in desks]
    context = {
        "pages": pages,
        "answer": _answer(member, desks, names),
        "ask": list(_whom_to_ask(member, desks, drawn, names)),
        "shown": _shown(member, desks, drawn, names, days, at),
        "practice": settings.BATON_PRACTICE_URL,
        "now": at,
    }
    return render(request, "baton/rollout/what_we_use.html", context | _steps(member, at))


@require_safe
def guided(request: HttpRequest) -> HttpResponse:
    """Show the steps of the first day, each on something real of one's own."""
    member, at = member_of(request), now()
    return render(request, "baton/rollout/first_day.html", {"now": at} | _steps(member, at))


def member_of(request: HttpRequest) -> Member:
    """Return who is signed in."""
    assert isinstance(request.user, Member)
    return request.user


def is_new(member: Member, days: Days, at: datetime) -> bool:
    """Whether these are somebody's first days: since they came in, or since the day planned for them."""
    on = days.starts.get(member.email.lower()) or days.begins
    tz = current_map().hours.tz
    starts = max(on, member.joined_at.astimezone(tz).date()) if on else member.joined_at.astimezone(tz).date()
    return timedelta(0) <= at.astimezone(tz).date() - starts < FIRST_DAYS


def _steps(member: Member, at: datetime) -> dict[str, Any]:
    steps = [step_told(one) for one in first_day(member, at)]
    done = sum(one["done_at"] is not None for one in steps)
    return {"steps": steps, "done": done, "all_done": bool(steps) and done == len(steps)}


def _answer(member: Member, desks: list[Desk], names: Names) -> str:
    if not desks:
        return _("You sit at no desk yet: whoever invited you can seat you on the page People.")
    told = [
        (_("%(desk)s, which you lead") if one.lead.lower() == member.email.lower() else _("%(desk)s with %(lead)s"))
        % {"desk": one.name, "lead": names.of(one.lead)}
        for one in desks
    ]
    return _("You sit at %(desks)s.") % {"desks": _(" and at ").join(told)}


def _whom_to_ask(member: Member, desks: list[Desk], drawn: OperatingMap, names: Names) -> Iterator[dict[str, str]]:
    """Each person once, with everything that they are asked about."""
    found: dict[str, list[str]] = {}
    for desk in desks:
        found.setdefault(desk.lead, []).append(_("how %(desk)s works") % {"desk": desk.name})
        for one in drawn.handoffs_to(desk.id):
            other = drawn.desks[one.from_desk]
            found.setdefault(other.lead, []).append(_("what comes from %(desk)s") % {"desk": other.name})
        for one in drawn.handoffs_from(desk.id):
            other = drawn.desks[one.to_desk]
            found.setdefault(other.lead, []).append(_("what goes to %(desk)s") % {"desk": other.name})
    found.setdefault(drawn.owner, []).append(_("why the map is as it is"))
    for email, about in found.items():
        if email and email.lower() != member.email.lower():
            yield {"name": names.of(email), "email": email, "about": ", ".join(dict.fromkeys(about))}


def _shown(
    member: Member, desks: list[Desk], drawn: OperatingMap, names: Names, days: Days, at: datetime
) -> dict[str, Any]:
    """What is shown to others about one's start, in the same figures."""
    own = own_weeks(member, at, days)
    who = people_told(lookers(member, [one.id for one in desks], drawn), names)
    return {
        "who": who,
        "owner": names.of(drawn.owner) if drawn.owner.lower() != member.email.lower() else "",
        "planned": days.begins is not None,
        "weeks": looked_told(own, at) if own and who else None,
    }
