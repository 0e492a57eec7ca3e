"""Behaviors that lapsed, on the page of behaviors: how often they were missed, the cases, and the owner's decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.kernel.clock import now
from baton.ledger.models import Deal
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work import lapsing
from baton.work.models import Duty, Lapse


def lapses_told(reader: Member, drawn: OperatingMap) -> dict[str, dict[str, Any]]:
    """Return behavior → its lapse that waits for a decision, with the cases that the reader may see."""
    waiting = list(Lapse.objects.visible_to(reader).waiting())
    if not waiting:
        return {}
    names = dict(Member.objects.values_list("pk", "name"))
    may = lapsing.may_decide(reader, drawn).answer == "allow"
    return {row.behavior: _lapse(row, reader, names) | {"may_decide": may} for row in waiting}


def _lapse(row: Lapse, reader: Member, names: dict[UUID, str]) -> dict[str, Any]:
    missed = lapsing.missed_in(row, reader)
    deals = Deal.objects.visible_to(reader).filter(pk__in=[one.deal_id for one in missed if one.deal_id])
    titles = dict(deals.values_list("pk", "title"))
    return {"at": row, "cases": [_case(one, titles, names) for one in missed]}


def _case(duty: Duty, titles: dict[UUID, str], names: dict[UUID, str]) -> dict[str, Any]:
    title = titles.get(duty.deal_id, "") if duty.deal_id else ""
    return {
        "title": title,
        "href": reverse("deal", args=[duty.deal_id]) if title else "",
        "who": names.get(duty.owed_by_id, "") if duty.owed_by_id else "",
        "due_at": duty.due_at,
        "closed_at": duty.closed_at,
    }


@require_POST
def lapse_decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a behavior as it is, for a reason; changing or retiring it is done in the draft."""
    by = request.user
    assert isinstance(by, Member)
    lapse = get_object_or_404(Lapse.objects.visible_to(by), pk=pk)
    lapsing.keep(lapse, because=request.POST.get("because", ""), by=by, at=now())
    messages.success(request, _("It stays as it is, and people are reminded of it again."))
    return redirect("map-behaviors")
