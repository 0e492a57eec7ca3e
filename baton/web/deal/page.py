"""The page of a deal, put together from its parts; and its timeline, a screenful at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from baton.decide.commission.numbers import numbers_of
from baton.kernel.ids import uuid7
from baton.web.deal import aside, head, scope
from baton.web.deal.fields import other_values
from baton.web.deal.meetings import meetings_of
from baton.web.deal.outgoing import outgoing_of
from baton.web.deal.rail import rail_of
from baton.web.deal.seen import see
from baton.web.deal.timeline import timeline_of
from baton.web.pages import page, wants_part
from baton.work import handoffs
from baton.work.packets import packet_of


def deal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show where a deal stands, what proves it, what the next desk needs, and what was promised."""
    return render(request, "baton/deal/page.html", deal_context(request, pk))


def deal_context(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """Return everything that the page and its parts show."""
    seen = see(request, pk)
    wanted = handoffs.next_for(seen.deal, seen.map) if seen.deal.desk in seen.map.desks else None
    packet = packet_of(seen.deal, wanted, member=seen.member, at=seen.now, operating_map=seen.map) if wanted else None
    timeline = timeline_of(seen, request.GET.get("tab", ""))
    on_page = {entry.id for _day, entries in timeline.days for entry in entries}
    passed = aside.handoffs_of(seen)
    return {
        "seen": seen,
        "deal": seen.deal,
        "now": seen.now,
        "figures": head.figures(seen),
        "next": head.next_step(seen),
        "handing": head.handing_over(seen),
        "handoff_address": reverse("deal-handoff", args=[seen.deal.pk]),
        "rail": rail_of(seen, packet, passed, on_page),
        "packet": packet,
        "packet_rows": aside.packet_rows(seen, packet) if packet else [],
        "packet_note": aside.packet_note(packet) if packet else "",
        "packet_desk": seen.map.desks[packet.handoff.to_desk].name if packet else "",
        "items": scope.panels_of(seen),
        "meetings": meetings_of(seen),
        "promises": aside.promises_of(seen),
        "exceptions": aside.exceptions_of(seen),
        "questions": aside.questions_of(seen),
        "people": aside.people_of(seen),
        "linked": aside.linked_deals(seen),
        "passed": aside.history_of(seen, passed),
        "values": other_values(seen, packet),
        "timeline": timeline,
        "outgoing": outgoing_of(seen),
        "numbers": numbers_of(seen.deal),
        "series": head.series_of(seen),
        "key": uuid7(),
    }


def deal_timeline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one tab of the timeline, or the entries that follow those already shown."""
    if not wants_part(request):
        return render(request, "baton/deal/page.html", deal_context(request, pk))
    seen = see(request, pk)
    timeline = timeline_of(seen, request.GET.get("tab", ""), request.GET.get("before", ""))
    part = "timeline" if timeline.first else "entries"
    context = {"seen": seen, "deal": seen.deal, "timeline": timeline, "now": seen.now}
    return render(request, page("deal/timeline", request, part=part), context)
