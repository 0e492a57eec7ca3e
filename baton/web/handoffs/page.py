"""The page: whose turn it is, the list of one way, and one handoff beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.handoffs.lists import WAYS, Exchange, Section, answer_of, missing_most, returned, sections_of, waiting
from baton.web.handoffs.packet import shown
from baton.work.models import Handoff


def handoff_seen(request: HttpRequest, pk: UUID) -> Handoff:
    """Return a handoff that the member sees; 404 where there is none."""
    assert isinstance(request.user, Member)
    found = Handoff.objects.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def exchange_of(request: HttpRequest, way: str = "to") -> Exchange:
    """Return what the page is about."""
    assert isinstance(request.user, Member)
    asked = request.GET.get("way", way)
    return Exchange(request.user, now(), asked if asked in WAYS else way)


def handoffs(request: HttpRequest) -> HttpResponse:
    """Show what waits, with the first of it opened: for us, or where nothing does, what came back to us."""
    exchange = exchange_of(request)
    sections = sections_of(exchange)
    if not sections and "way" not in request.GET and returned(exchange, "from").exists():
        exchange = exchange_of(request, "from")
        sections = sections_of(exchange)
    first = next((line.pk for section in sections for line in section.lines), None)
    opened = handoff_seen(request, first) if first else None
    return render(request, "baton/handoffs/page.html", context_of(exchange, sections, opened))


def handoff(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one handoff, beside the list that it stands in."""
    opened = handoff_seen(request, pk)
    exchange = exchange_of(request, way_of(opened, exchange_of(request)))
    context = context_of(exchange, sections_of(exchange), opened) | {"alone": True}
    return render(request, "baton/handoffs/page.html", context)


def way_of(opened: Handoff, exchange: Exchange) -> str:
    """Return the list in which a handoff stands for this member."""
    if opened.state in {Handoff.State.ACCEPTED, Handoff.State.WITHDRAWN}:
        return "done"
    return "to" if opened.to_desk in exchange.desks else "from"


def context_of(exchange: Exchange, sections: list[Section], opened: Handoff | None) -> dict[str, Any]:
    """Return everything that the page shows."""
    return {
        "exchange": exchange,
        "now": exchange.at,
        "answer": answer_of(exchange),
        "ways": _ways(exchange),
        "sections": sections,
        "missing_most": missing_most(exchange),
        "opened": opened,
    } | (shown(opened, exchange) if opened else {})


def _ways(exchange: Exchange) -> list[dict[str, Any]]:
    counted = {way: waiting(exchange, way).count() + returned(exchange, way).count() for way in ("to", "from")}
    names = {"to": _("To us"), "from": _("From us"), "done": _("Done")}
    return [
        {
            "label": names[way],
            "href": f"{reverse('handoffs')}?way={way}",
            "count": counted.get(way),
            "current": way == exchange.way,
        }
        for way in WAYS
    ]
