"""One run: what set it off, what it knew, what it did or why it didn't, and what can be done about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.gate.automations import settling
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.telling import deed_told, field_name
from baton.kernel.clock import now
from baton.map.catalog import EVENTS
from baton.map.current import current_map, map_version_numbered
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.web.gate.automations.overview import member_of, runs_told
from baton.web.gate.automations.told import knew_told
from baton.web.map.people import Names
from baton.work.models import Question


@require_safe
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one run."""
    member, drawn = member_of(request), current_map()
    row = _seen(member, pk)
    [told] = runs_told([row], drawn, member)
    event = EVENTS.get(row.kind)
    context = {
        "run": row,
        "told": told,
        "event": event.sentence if event else row.kind,
        "knew": knew_told(row.knew, drawn, _names(row)),
        "did": _did(row, drawn),
        "question": Question.objects.visible_to(member).filter(pk=row.question).first() if row.question else None,
        "asked": Names(),
        "field": field_name(row.field, drawn) if row.field else "",
        "confirmable": row.state == "refused" and member.may_write and row.gap != "missing",
        "leavable": row.state == "refused" and member.may_write,
        "undoable": row.state == "acted" and member.may_write,
        "now": now(),
    }
    context["of"] = Member.objects.filter(pk=context["question"].asked_of_id).first() if context["question"] else None
    return render(request, "baton/gate/automations/run.html", context)


@require_POST
def settlement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the fact which fell short is right, so that it goes on; or have it left."""
    row, member = _seen(member_of(request), pk), member_of(request)
    if request.POST.get("answer") == "leave":
        settling.leave(row, by=member, at=now())
        messages.success(request, _("Left: nothing is done here by itself."), extra_tags="hand")
    else:
        settling.confirm(row, by=member, at=now())
        messages.success(request, _("Confirmed: it goes on by itself, once."), extra_tags="hand")
    return redirect("automation-run", pk=row.pk)


@require_POST
def undoing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo what it did, as far as that is possible."""
    row, member = _seen(member_of(request), pk), member_of(request)
    left = settling.undo(row, by=member, at=now())
    messages.success(request, " ".join([_("Undone."), *left]), extra_tags="hand")
    return redirect("automation-run", pk=row.pk)


def _seen(member: Member, pk: UUID) -> AutomationRun:
    row = AutomationRun.objects.visible_to(member).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _names(row: AutomationRun) -> dict[str, str]:
    ids = {one["by"] for one in row.knew if one.get("by")}
    return {str(pk): name for pk, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}


def _did(row: AutomationRun, drawn: OperatingMap) -> list[dict[str, Any]]:
    """Say what it did, in the words of the map that it acted under."""
    then = map_version_numbered(row.map_version) if row.map_version else drawn
    each, names = then.automation_by_id(row.automation), Names()
    found = []
    for one in row.did:
        deed = each.deed(one["deed"]) if each else None
        who = names.who(deed.who, then) if deed and deed.who else _("the deal owner")
        found.append({"what": deed_told(deed, then, who) if deed else one["deed"], "state": settling.sent(one)})
    return found
