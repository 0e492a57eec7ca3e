"""One automation: what it does, on what it stands, its rehearsal, its switch, and its runs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from baton.gate.automations import switching
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.needing import rule_of
from baton.gate.automations.rehearsing import Case, Rehearsed, rehearse
from baton.gate.automations.telling import condition_told, field_name, gap_told
from baton.kernel.clock import now
from baton.map.automations import Automation
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.web.gate.automations.overview import member_of, runs_told
from baton.web.gate.automations.told import automation_told, state_of
from baton.web.map.people import Names
from baton.web.pages import page

RUNS = 50
CASES = 60


@require_safe
def automation(request: HttpRequest, key: str) -> HttpResponse:
    """Show one, with its newest runs."""
    return _shown(request, _known(key))


@require_POST
def rehearsal(request: HttpRequest, key: str) -> HttpResponse:
    """Show what it would have done over the last 90 days; nothing is written."""
    each, drawn = _known(key), current_map()
    found = rehearse(each, drawn, member=member_of(request), at=now())
    told = _rehearsed(found, drawn) | {"rule": rule_of(each, drawn), "held": _held(each, drawn)}
    return _shown(request, each, {"rehearsed": told}, part="rehearsal")


@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    """Switch it on, as it was rehearsed, or off."""
    member, told = member_of(request), request.POST
    each = _known(key)
    if told.get("on"):
        switching.switch_on(each.id, by=member, at=now(), rule=told.get("rule", ""), because=told.get("because", ""))
        messages.success(request, _("%(name)s is switched on.") % {"name": each.name}, extra_tags="hand")
    else:
        switching.switch_off(each.id, by=member, at=now(), because=told.get("because", ""))
        messages.success(request, _("%(name)s is switched off.") % {"name": each.name}, extra_tags="hand")
    return redirect("automation", key=each.id)


def _known(key: str) -> Automation:
    each = current_map().automation_by_id(key)
    if each is None:
        raise Http404
    return each


def _shown(request: HttpRequest, each: Automation, more: dict[str, Any] | None = None, part: str = "") -> HttpResponse:
    drawn, rows, member = current_map(), switching.newest(), member_of(request)
    runs = AutomationRun.objects.visible_to(member).filter(automation=each.id).order_by("-made_at", "-pk")[:RUNS]
    verdict = switching.may_switch(member, drawn)
    context: dict[str, Any] = {
        "automation": automation_told(each, drawn, Names()),
        "state": state_of(each, drawn, rows),
        "is_on": switching.is_on(each, drawn, rows),
        "switched": rows.get(each.id),
        "runs": runs_told(runs, drawn, member),
        "may_switch": verdict.answer == "allow",
        "why_not": verdict.because,
        "now": now(),
    }
    return render(request, page("gate/automations/one", request, part=part or "whole"), context | (more or {}))


def _held(each: Automation, drawn: OperatingMap) -> dict[str, Any]:
    verdict = switching.held_by_hand(each, drawn, now()).verdict
    return {"enough": verdict.answer == "allow", "because": verdict.because}


# The rehearsal in words


def _rehearsed(found: Rehearsed, drawn: OperatingMap) -> dict[str, Any]:
    return {
        "sentence": _sentence(found),
        "gaps": [
            {"field": field_name(field, drawn), "gap": gap, "count": count}
            for (field, gap), count in found.gaps.most_common()
        ],
        "cases": [_case(case, drawn) for case in found.cases[:CASES]],
        "more": max(0, len(found.cases) - CASES),
        "are_more": found.are_more,
    }


def _sentence(found: Rehearsed) -> str:
    counts: Counter[str] = found.counts
    if not found.cases:
        return _("Over the last 90 days nothing would have set it off.")
    acted = ngettext("would have acted %(n)d time", "would have acted %(n)d times", counts["act"]) % {
        "n": counts["act"]
    }
    told = {"acted": acted, "refused": counts["refuse"], "left": counts["leave"]}
    return _("Over the last 90 days it %(acted)s, refused %(refused)d and left %(left)d. Here they are.") % told


def _case(case: Case, drawn: OperatingMap) -> dict[str, Any]:
    tones = {"act": "hand", "refuse": "faded", "leave": ""}
    return {
        "deal": case.deal.pk,
        "title": case.deal.title,
        "at": case.at,
        "state": {"act": _("would have acted"), "refuse": _("refused"), "leave": _("left")}[case.answer],
        "tone": tones[case.answer],
        "because": _because(case, drawn),
    }


def _because(case: Case, drawn: OperatingMap) -> str:
    if case.because:
        return {"limit": _("Its limit for the day was reached."), "twice": _("They had a message already.")}[
            case.because
        ]
    found = case.judgement
    if found and found.unmet:
        return _("It doesn’t hold: %(what)s.") % {"what": condition_told(found.unmet, drawn)}
    return gap_told(found.short.kept(), drawn) if found and found.short else ""
