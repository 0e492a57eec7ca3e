"""Baton on this phone: installed, told what is pressing, and on an iPhone shared to through a Shortcut."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.capture.addresses import address_of
from baton.channels.pocket import secrets
from baton.channels.push import devices
from baton.channels.push.models import PushDevice
from baton.channels.push.vapid import public_key
from baton.kernel.clock import now
from baton.members.models import Member
from baton.members.sessions import device_words
from baton.web.members.door import ones_own
from baton.web.members.origin import absolute


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


@require_safe
def app_settings(request: HttpRequest) -> HttpResponse:
    """Show how to install it, which devices are told what, and how an iPhone shares."""
    return _page(request)


def _page(request: HttpRequest, secret: str = "") -> HttpResponse:
    member = _me(request)
    context: dict[str, Any] = {
        "push_key": public_key(),
        "devices": PushDevice.objects.filter(member=member).order_by("-made_at"),
        "session_key": request.session.session_key,
        "wants": PushDevice.Wants.choices,
        "capture_address": address_of(member) if member.may_write else "",
        "secrets": secrets.secrets_of(member),
        "secret": secret,
        "pocket": absolute(request, reverse("pocket")),
        "now": now(),
    }
    answer = render(request, "baton/pocket/settings.html", context)
    if secret:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


@ones_own
@require_POST
def app_devices(request: HttpRequest) -> HttpResponse:
    """Have this browser told, with what it says of itself."""
    named = " ".join(filter(None, device_words(request.headers.get("User-Agent", ""))))
    session = request.session.session_key or ""
    told = request.POST.get("subscription", "")
    devices.subscribe(told, device=named, session_key=session, by=_me(request), at=now())
    messages.add_message(request, messages.INFO, _("This device is told from now on."), extra_tags="hand")
    return redirect("app-settings")


@ones_own
@require_POST
def app_device(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set what a device shows and is told."""
    devices.change(pk, by=_me(request), shows="shows" in request.POST, wants=request.POST.get("wants", ""))
    messages.add_message(request, messages.INFO, _("Kept."), extra_tags="hand")
    return redirect("app-settings")


@ones_own
@require_POST
def app_device_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell a device nothing more."""
    devices.take_off(pk, by=_me(request))
    messages.add_message(request, messages.INFO, _("It is told nothing more."), extra_tags="hand")
    return redirect("app-settings")


@require_POST
def app_secrets(request: HttpRequest) -> HttpResponse:
    """Make a secret for a Shortcut, and show it this once."""
    return _page(request, secrets.make(request.POST.get("name", ""), by=_me(request), at=now()))


@require_POST
def app_secret_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a secret."""
    secrets.end(pk, by=_me(request))
    messages.add_message(request, messages.INFO, _("Ended. What comes with it is refused."), extra_tags="hand")
    return redirect("app-settings")
