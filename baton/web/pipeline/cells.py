"""Editing in place: what is typed becomes a fact, if nobody changed the deal meanwhile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from baton.decide.deals import Cell, cells_of
from baton.decide.registry import Listed, listed
from baton.decide.typed import parse
from baton.kernel.clock import now, stamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.members.models import Member
from baton.web.notices import way_back
from baton.web.pages import wants_part
from baton.web.pipeline.drawing import cell_html, edited, is_edited


@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Show the input of one cell, or record what was typed into it."""
    assert isinstance(request.user, Member)
    deal = Deal.objects.visible_to(request.user).filter(pk=pk).first()
    one = listed(name)
    if deal is None or not is_edited(one):
        raise Http404
    if request.method == "GET":
        context = _context(deal, one, request.user, editing=True) | {"back": way_back(request) or reverse("deals-list")}
        return render(request, f"baton/pipeline/{'cell' if wants_part(request) else 'edit'}.html", context)
    _record(deal, one, request.POST.get("value", ""), request.POST.get("version", ""), request.user)
    if not wants_part(request):
        return redirect(way_back(request) or reverse("deals-list"))
    deal = Deal.objects.visible_to(request.user).get(pk=pk)
    return render(request, "baton/pipeline/cell.html", _context(deal, one, request.user, editing=False))


def _context(deal: Deal, one: Listed, member: Member, *, editing: bool) -> dict[str, Any]:
    [found] = cells_of(deal, [one], member)
    return {
        "line": deal,
        "cell": found,
        "one": one,
        "editing": editing,
        "typed": _typed(one, found),
        "members": list(Member.objects.filter(is_active=True).order_by("name")) if one.type == "member" else [],
        "drawn": cell_html(deal.pk, deal.title, deal.shown, found, edited()),
    }


def _typed(one: Listed, found: Cell) -> str:
    """Return the value as a person would type it."""
    if found.value is None:
        return ""
    return str(found.value) if one.type in {"member", "date"} and not one.field else found.text


def _record(deal: Deal, one: Listed, text: str, version: str, member: Member) -> None:
    at, expected = now(), int(version) if version.isdecimal() else None
    value = parse(one, text, at)
    if one.name in {"next_step", "next_step_at"}:
        _set_step(deal, one, value, member, expected)
        return
    if value is None and one.name == "owner":
        raise Refusal(_("This can’t be left empty."))
    versions = {} if expected is None else {deal.pk: expected}
    record(said("deal", deal.pk, **{one.name: value}), by=Author(member), at=at, expected=versions)


def _set_step(deal: Deal, one: Listed, value: Any, member: Member, expected: int | None) -> None:
    kept = deal.value("next_step") or {}
    what = value if one.name == "next_step" else kept.get("what", "")
    due = value if one.name == "next_step_at" else kept.get("at")
    if not what:
        raise Refusal(_("Say what the next step is; an open deal always has one."))
    entry = {"what": what, "at": due if isinstance(due, str) or due is None else stamp(due), "by": kept.get("by")}
    versions = {} if expected is None else {deal.pk: expected}
    record(said("deal", deal.pk, next_step=entry), by=Author(member), at=now(), expected=versions)
