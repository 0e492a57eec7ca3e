"""The owner's plan: who starts when, what each must be able to do, and when the old spreadsheet goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from baton.kernel import words
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.mirror.rollout.dates import BEGINS, OFF, set_day
from baton.mirror.rollout.reading import Person, Plan, plan
from baton.web.map.people import Names
from baton.web.rollout.sheet import sheet_told
from baton.web.rollout.welcome import member_of
from baton.web.rollout.words import PHASES, ability_told, why_told


@require_safe
def rollout(request: HttpRequest) -> HttpResponse:
    """Show the plan to the owner of the map and their deputy; everybody else is told whose it is."""
    at = now()
    found = plan(member_of(request), at=at)
    names = Names()
    context = {
        "plan": found,
        "people": [_person(one, names, at) for one in found.people],
        "answer": _answer(found, at),
        "now": at,
    } | sheet_told(found.set, at)
    return render(request, "baton/rollout/page.html", context)


@require_POST
def days(request: HttpRequest) -> HttpResponse:
    """Set the days of the plan: its beginning, somebody's start, the end of the old spreadsheet."""
    member, at = member_of(request), now()
    about, on = request.POST.get("about", ""), _day(request.POST.get("on", ""))
    found = plan(member, at=at)
    if about not in (BEGINS, OFF, *(one.start.email for one in found.people)):
        raise Refusal(_("Nobody of this address is in the plan."))
    set_day(about, on, by=member, at=at, note=request.POST.get("note", ""))
    said = _("Set: %(day)s.") % {"day": words.day(on, at)} if on else _("The proposal of the map holds again.")
    messages.success(request, said, extra_tags="hand")
    return redirect("rollout")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError as why:
        raise Refusal(_("Give the day as a date.")) from why


def _answer(found: Plan, at: datetime) -> str:
    day = words.day(found.begins, at)
    if found.set.begins is None:
        return _("Nothing has begun. Made from the map, it could begin on %(day)s.") % {"day": day}
    able = sum(not one.left for one in found.people)
    here = sum(one.here == "here" for one in found.people)
    said = ngettext("%(here)d of %(all)d person is here", "%(here)d of %(all)d people are here", len(found.people))
    told = said % {"here": here, "all": len(found.people)}
    return _("%(here)s, and %(able)d can do all that their desk needs. Begun %(day)s.") % {
        "here": told, "able": able, "day": day,
    }  # fmt: skip


def _person(one: Person, names: Names, at: datetime) -> dict[str, Any]:
    drawn = current_map()
    return {
        "name": one.name or names.of(one.start.email),
        "email": one.start.email,
        "member": one.member,
        "desks": [drawn.desks[desk].name for desk in one.start.desks if desk in drawn.desks],
        "on": one.start.on,
        "chosen": one.start.chosen,
        "why": why_told(one.start, drawn),
        "here": {"here": "", "invited": _("invited"), "unknown": _("not invited yet")}[one.here],
        "able": len(one.seen),
        "all": len(one.abilities),
        "left": [ability_told(each) for each in one.left],
        "phase": PHASES[one.phase] if one.phase else "",
    }
