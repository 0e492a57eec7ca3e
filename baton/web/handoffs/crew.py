"""A packet for crew without an account: made on the handoff, opened by whoever has its address, ended in one press."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.kernel import words
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member
from baton.members.sessions import device_words
from baton.web.deal.files import handed_out
from baton.web.handoffs.page import handoff_seen
from baton.web.members.origin import absolute
from baton.work import crew
from baton.work.models import CrewAddress, Handoff

CLOSED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "private, no-store"}
"""What an address with a secret in it tells browsers and search engines."""


@require_http_methods(["GET", "HEAD", "POST"])
def handoff_crew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who has an address of this packet and when they opened it; a POST makes one, and shows it this once."""
    handoff, member = handoff_seen(request, pk), _member(request)
    link = _made(request, handoff, member) if request.method == "POST" else ""
    at = now()
    offered = crew.offered_items(handoff, member, at) if handoff.state in crew.SHOWN_STATES else []
    context = {
        "handoff": handoff,
        "items": [
            {"key": item.key, "name": item.name, "value": item.value, "ticked": usual} for item, usual in offered
        ],
        "files": crew.offered_files(handoff, member, at) if offered else [],
        "days": [(days, _days(days)) for days in crew.DAYS],
        "usually": crew.USUALLY,
        "link": link,
        "there": [_address(row, at) for row in crew.addresses_of(handoff)[: crew.MOST_ADDRESSES]],
    }
    return render(request, "baton/handoffs/crew.html", context)


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _days(days: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _made(request: HttpRequest, handoff: Handoff, member: Member) -> str:
    days, chosen, at = request.POST.get("days", ""), request.POST.getlist("file"), now()
    _row, token = crew.share(
        handoff,
        name=request.POST.get("name", ""),
        items=request.POST.getlist("item"),
        files=[one.pk for one in crew.offered_files(handoff, member, at) if str(one.pk) in chosen],
        days=int(days) if days.isdecimal() and len(days) < 4 else crew.USUALLY,
        by=member,
        at=at,
    )
    return absolute(request, reverse("crew-packet", args=[token]))


def _address(row: CrewAddress, at: Any) -> dict[str, Any]:
    """Return one address: whom it is for, whether it still leads somewhere, and each time it was opened."""
    told = {"maker": row.made_by.short_name, "made": words.when(row.made_at, at)}
    if row.ended_at:
        who = row.ended_by.short_name if row.ended_by else ""
        state = _("ended %(when)s by %(name)s") % {"when": words.when(row.ended_at, at), "name": who}
    elif row.expires_at <= at:
        state = _("ran out %(when)s") % {"when": words.day(row.expires_at, at)}
    else:
        state = _("good until %(day)s") % {"day": words.day(row.expires_at, at)}
    openings = [f"{words.when(one.at, at)}, {one.device}".strip(", ") for one in row.openings.order_by("-at")[:10]]
    live = row.ended_at is None and row.expires_at > at
    return {"pk": row.pk, "name": row.name, "state": state, "live": live, "openings": openings} | told


@require_POST
def crew_ending(request: HttpRequest, pk: UUID, address: UUID) -> HttpResponse:
    """End an address; whoever has it reads nothing more."""
    handoff = handoff_seen(request, pk)
    row = CrewAddress.objects.filter(pk=address, handoff=handoff.pk).first()
    if row is None:
        raise Http404
    crew.end(row, by=_member(request), at=now())
    messages.add_message(request, messages.INFO, _("Ended. Whoever opens it now is told so."), extra_tags="hand")
    return redirect("handoff-crew", pk=pk)


# Without an account


@login_not_required
@require_safe
def crew_packet(request: HttpRequest, token: str) -> HttpResponse:
    """Show one packet to whoever has its address, and nothing else of Baton."""
    row, refused = _opened(request, token)
    if row is None:
        return refused
    at = now()
    crew.note_opening(row, " ".join(filter(None, device_words(request.headers.get("User-Agent", "")))), at)
    with timezone.override(current_map().hours.zone):
        context = {"carried": crew.carried(row, at), "address": row, "token": token, "now": at, "made_by": row.made_by}
        return _closed(render(request, "baton/handoffs/crew_packet.html", context))


@login_not_required
@require_safe
def crew_file(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """Hand out one of the files that go with a packet."""
    row, refused = _opened(request, token)
    if row is None:
        return refused
    found = next((one for one in crew.files_of(row) if one.pk == pk), None)
    if found is None:
        raise Http404
    return _closed(handed_out(found))


def _opened(request: HttpRequest, token: str) -> tuple[CrewAddress | None, HttpResponse]:
    """Return the address that a secret opens; else what whoever asked is told."""
    if ratelimit.consume(request, app="allauth.account", action="crew", limit_get=True) is None:
        return None, _sorry(request, _("That was opened very often just now. Wait a minute, then try again."), 429)
    try:
        row = crew.opened_by(token, now())
    except crew.Ended as over:
        return None, _sorry(request, over.sentence, 410)
    if row is None:
        return None, _sorry(request, _("This address isn’t one of ours. Look whether all of it was copied."), 404)
    return row, HttpResponse()


def _sorry(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return _closed(render(request, "baton/handoffs/crew_sorry.html", {"sentence": sentence}, status=status))


def _closed(answer: HttpResponse) -> HttpResponse:
    for name, value in CLOSED.items():
        answer.headers[name] = value
    return answer
