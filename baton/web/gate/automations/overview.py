"""All automations of the map: which are on, what each did lately, and the one switch for all of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from baton.gate.automations import switching
from baton.gate.automations.models import AutomationRun
from baton.kernel.clock import now
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.web.gate.automations.told import automation_told, counted, in_a_line, run_told, state_of
from baton.web.map.people import Names

MONTH = timedelta(days=30)
SHOWN = 12


@require_safe
def automations(request: HttpRequest) -> HttpResponse:
    """List them, with the runs that wait for somebody."""
    drawn, rows, names, member = current_map(), switching.newest(), Names(), member_of(request)
    counts = _counts(member)
    told = [
        automation_told(each, drawn, names)
        | {
            "state": state_of(each, drawn, rows),
            "counted": counted(counts[each.id]),
            "line": in_a_line(each, drawn, names),
        }
        for each in drawn.automations.values()
    ]
    on = sum(switching.is_on(each, drawn, rows) for each in drawn.automations.values())
    waiting = runs_told(AutomationRun.objects.visible_to(member).refused().order_by("-made_at")[:SHOWN], drawn, member)
    context = {
        "automations": told,
        "answer": _answer(len(told), on, len(waiting)),
        "waiting": waiting,
        "stopped": rows.get(switching.ALL) if switching.is_stopped(rows) else None,
        "on": on,
        "may_switch": switching.may_switch(member, drawn).answer == "allow",
        "now": now(),
    }
    return render(request, "baton/gate/automations/overview.html", context)


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Stop all of them at once, or let them go on."""
    if request.POST.get("on"):
        switching.go_on(by=member_of(request), at=now())
        messages.success(request, _("What is switched on acts again."), extra_tags="hand")
    else:
        switching.stop_all(by=member_of(request), at=now(), because=request.POST.get("because", ""))
        messages.success(request, _("Nothing acts by itself any more."), extra_tags="hand")
    return redirect("automations")


def member_of(request: HttpRequest) -> Member:
    """Return whoever asks."""
    assert isinstance(request.user, Member)
    return request.user


def runs_told(rows: Any, drawn: OperatingMap, member: Member) -> list[dict[str, Any]]:
    """Say what became of each of these runs."""
    listed = list(rows)
    deals = Deal.objects.visible_to(member).filter(pk__in={row.deal_id for row in listed})
    titles = dict(deals.values_list("pk", "title"))
    return [run_told(row, drawn, titles) for row in listed]


def _counts(member: Member) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = AutomationRun.objects.visible_to(member).filter(made_at__gte=now() - MONTH).order_by()
    for key, state, count in rows.values_list("automation", "state").annotate(count=Count("pk")):
        found[key][state] = count
    return found


def _answer(count: int, on: int, waiting: int) -> str:
    if not count:
        return _("The map has no automation: everything is done by people.")
    said = ngettext(
        "%(on)d of %(count)d is switched on.", "%(on)d of %(count)d are switched on.", on
    ) % {"on": on, "count": count}  # fmt: skip
    if not waiting:
        return said
    told = ngettext("%(count)d run waits for a fact.", "%(count)d runs wait for a fact.", waiting) % {"count": waiting}
    return f"{said} {told}"
