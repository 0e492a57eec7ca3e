"""What other apps share to Baton: kept first, then sorted to what reads it, then asked whose it is.

A phone posts it as the manifest says, or the service worker keeps it and the page sends it. Whoever isn't signed in
signs in first; what they shared waits in the service worker, else here, held for their browser alone.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from baton.capture.models import Delivery
from baton.channels.pocket import door
from baton.channels.pocket.packing import Held
from baton.channels.pocket.reading import LINE
from baton.channels.pocket.sorting import people_in, sorted_out
from baton.channels.pocket.taking import Parcel, key_of, of_key, take_in
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, Interaction, InteractionText
from baton.members.models import Member
from baton.web.inbox.page import place_of_deal
from baton.web.pocket.arriving import held_in, is_ours, typed_at

MOST_BYTES = 100 * 1024 * 1024
MOST_OF_A_STRANGER = 25 * 1024 * 1024
WORDS = ("title", "text", "url")
MOST_TEXT = 20_000
OFFERED = 6
LEFT = "left_at_the_door"


@csrf_exempt  # a phone that shares has no page of ours to take a token from; `is_ours` asks where it comes from instead
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """Take what was shared; a GET sends on what the phone kept, or what was left here before signing in."""
    member = request.user if isinstance(request.user, Member) else None
    if request.method == "POST" and not is_ours(request):
        raise Refusal(_("Only a phone’s own share sheet, or a page of Baton, shares to Baton."))
    if member is None:
        return _leave(request) if request.method == "POST" else redirect_to_login(request.get_full_path())
    if request.method == "POST":
        return _take(request, member)
    return _claim(request, member)


def _take(request: HttpRequest, member: Member) -> HttpResponse:
    files = held_in(request.FILES.getlist("files"), MOST_BYTES)
    words = [request.POST.get(name, "")[:MOST_TEXT] for name in WORDS]
    at = now()
    key = key_of(request.POST.get("key", "") or secrets.token_urlsafe(16))
    return _taken(words, files, key, member, typed_at(request.POST.get("typed_at", ""), at), at)


def _taken(
    words: list[str], files: list[Held], key: str, member: Member, typed: datetime, at: datetime
) -> HttpResponse:
    parcels = [_with_people(one, member) for one in sorted_out(words, files)]
    if not parcels:
        raise Refusal(_("Nothing was in it."))
    take_in(parcels, key=key, by=member, typed_at=typed, at=at)
    return redirect("shared", key=key)


def _with_people(parcel: Parcel, member: Member) -> Parcel:
    """Have words say whom they are about, and nothing more: others wrote them, so nothing is promised by them."""
    return replace(parcel, chips=people_in(parcel.line, member)) if parcel.what == LINE else parcel


# Before signing in


def _leave(request: HttpRequest) -> HttpResponse:
    """Hold what a stranger shares for their browser, while they sign in."""
    if not ratelimit.consume(request, action="share"):
        raise Refusal(_("Sign in first, then share it again."))
    files = held_in(request.FILES.getlist("files"), MOST_OF_A_STRANGER)
    words = [request.POST.get(name, "")[:MOST_TEXT] for name in WORDS]
    token = secrets.token_urlsafe(24)
    door.leave(_digest(token), words, files, at=now())
    request.session[LEFT] = token
    return redirect_to_login(reverse("share"))


def _digest(token: str) -> str:
    return hashlib.sha256(f"door\x1f{token}".encode()).hexdigest()


def _claim(request: HttpRequest, member: Member) -> HttpResponse:
    """Take what this browser left before its member signed in; else have the page send what the phone kept."""
    token = request.session.pop(LEFT, "")
    left = door.left(_digest(token)) if token else None
    if left is None:
        return render(request, "baton/pocket/share.html", {"asked": request.GET.get("kept", "")})
    words, files, left_at = left
    answer = _taken(words, files, _digest(token), member, left_at, now())
    door.clear(_digest(token))
    return answer


# What became of it


@require_safe
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """Say what became of what was shared, and ask whose it is where nobody knows."""
    assert isinstance(request.user, Member)
    rows = of_key(key, request.user)
    if not rows:
        raise Http404
    if len(rows) == 1 and rows[0].job_id:
        return redirect(_import(rows[0]))
    context = {"lines": [_line(row, request.user) for row in rows], "key": key, "places": _places(request.user)}
    return render(request, "baton/pocket/shared.html", context)


def _import(row: Delivery) -> str:
    assert row.job is not None
    return reverse("sheet" if row.job.channel == "sheets" else "import", args=[row.job_id])


def _line(row: Delivery, member: Member) -> dict[str, Any]:
    """Return one thing: its name, where it can be seen, and the message that still waits for its place."""
    if row.job_id:
        assert row.job is not None
        return {"name": row.job.what, "href": _import(row), "note": _("is being read")}
    if row.interaction_id is None:
        waits = row.state == Delivery.State.WAITING
        return {"name": _("Something"), "note": _("is being read") if waits else row.because}
    found = Interaction.objects.visible_to(member).filter(pk=row.interaction_id).first()
    words = InteractionText.objects.visible_to(member).filter(pk=row.interaction_id).values_list("own", flat=True)
    told = {"name": (words.first() or "")[:200] or _("Something"), "note": _("is recorded")}
    if found is None or found.filed_at is None:
        return told | {"asks": row.interaction_id if found else None}
    deal = Deal.objects.visible_to(member).filter(pk=found.deal_id).first() if found.deal_id else None
    return told | ({"href": reverse("deal", args=[deal.pk]), "note": deal.title} if deal else {})


def _places(member: Member) -> list[Any]:
    """Return the deals it may be about: the member's own, those heard of last first."""
    rows = Deal.objects.visible_to(member).open().filter(owner=member).order_by("-last_heard_at", "-touched_at", "id")
    return [place_of_deal(deal) for deal in rows[:OFFERED]]
