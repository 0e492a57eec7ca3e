"""The private feed: its address is made, shown once, renewed and ended by its member; their program reads it."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.channels.calendar.feeding import calendar_at, end_feed, feed_of, make_feed
from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.members.door import ones_own
from baton.web.members.origin import absolute


@require_http_methods(["GET", "POST"])
@ones_own
def calendar(request: HttpRequest) -> HttpResponse:
    """Show whether there is a feed; a POST makes an address, or another one in its place, and shows it this once."""
    member = request.user
    assert isinstance(member, Member)
    link = ""
    if request.method == "POST":
        link = absolute(request, reverse("calendar-feed", args=[make_feed(member, now())]))
    answer = render(request, "baton/calendar/feed.html", {"feed": feed_of(member), "link": link, "now": now()})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@ones_own
def calendar_removal(request: HttpRequest) -> HttpResponse:
    """End the address; whoever has it reads nothing more."""
    assert isinstance(request.user, Member)
    end_feed(request.user)
    return redirect("calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar (RFC 5545), or say that it is as it was. The address is a secret, so no log gets it."""
    found = calendar_at(token, now())
    if found is None:
        return _unlogged(HttpResponse("Not found", status=404, content_type="text/plain"))
    etag = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(found, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="baton.ics"'
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _unlogged(answer: HttpResponse) -> HttpResponse:
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
