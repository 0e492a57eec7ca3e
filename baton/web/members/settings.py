"""One's own settings: name, language, time zone, keys; one's capture address; how one signs in, and where one is."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account.internal.flows.logout import logout
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings as configured
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.capture.addresses import address_of, give_token
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.map.elements import SHARED_KINDS
from baton.members import sessions
from baton.members.models import Member
from baton.web.channels.sight import sight_of
from baton.web.members.door import ones_own
from baton.web.pages import sent


class ProfileForm(forms.ModelForm):
    """What a member says about themselves."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), required=False)

    class Meta:
        model = Member
        fields = ("name", "language", "zone", "single_keys", "signature", "wants_digest", "wants_notices")
        labels = {
            "name": gettext_lazy("Name"),
            "single_keys": gettext_lazy("Single letters are keys"),
            "signature": gettext_lazy("Signature"),
            "wants_digest": gettext_lazy("What I owe, by mail each working morning"),
            "wants_notices": gettext_lazy("A mail when I am asked, or something is handed to me or comes up to me"),
        }
        widgets = {"signature": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser asks")), *configured.LANGUAGES]
        self.fields["zone"].choices = [
            ("", _("As the business: %(zone)s") % {"zone": current_map().hours.zone}),
            *ZONES,
        ]


ZONES = sorted((zone, zone.replace("_", " ")) for zone in available_timezones() if "/" in zone)


@ones_own
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change one's own settings."""
    form = ProfileForm(sent(request), instance=_me(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings are kept."))
        return redirect("settings")
    return render(request, "baton/members/settings.html", {"form": form, **_about(request)})


def _about(request: HttpRequest) -> dict[str, Any]:
    member = _me(request)
    steps = list(Authenticator.objects.filter(user=member).order_by("pk"))
    kinds = Authenticator.Type
    return {
        "capture_address": address_of(member) if member.may_write else "",
        "passkeys": [step for step in steps if step.type == kinds.WEBAUTHN],
        "totp": next((step for step in steps if step.type == kinds.TOTP), None),
        "codes_left": _codes_left([step for step in steps if step.type == kinds.RECOVERY_CODES]),
        "sessions": [_session(each, request) for each in sessions.sessions_of(member)],
        "now": now(),
    }


def _codes_left(kept: list[Authenticator]) -> int | None:
    return len(kept[0].wrap().get_unused_codes()) if kept else None


def _session(session: Any, request: HttpRequest) -> dict[str, Any]:
    browser, device = sessions.device_words(session.user_agent)
    return {
        "pk": session.pk,
        "browser": browser or _("A program"),
        "device": device,
        "ip": session.ip,
        "since": session.created_at,
        "seen": session.last_seen_at,
        "current": session.session_key == request.session.session_key,
    }


@ones_own
@require_POST
def capture_address(request: HttpRequest) -> HttpResponse:
    """Give oneself a new capture address, because the old one came into wrong hands."""
    give_token(_me(request))
    messages.success(request, _("Your capture address is a new one. Mail to the old one is refused."))
    return redirect("settings")


@ones_own
@require_POST
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; ending the one at hand is signing out."""
    mine = {each.pk: each for each in sessions.sessions_of(_me(request))}
    if pk not in mine:
        raise Http404
    if mine[pk].session_key == request.session.session_key:
        logout(request)
        return redirect("account_login")
    sessions.end_session(_me(request), pk)
    messages.success(request, _("Signed out there."))
    return redirect("settings")


@ones_own
@require_POST
def other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sessions.end_sessions(_me(request), but=request.session.session_key)
    messages.success(request, _("Signed out everywhere else."))
    return redirect("settings")


@require_safe
def sign_in_steps(request: HttpRequest) -> HttpResponse:
    """Lead allauth's overviews of second steps to where they stand here."""
    return redirect("settings")


@require_safe
def who_sees_what(request: HttpRequest) -> HttpResponse:
    """Say who sees what: before something is filed, after, and on which deals."""
    drawn = current_map()
    shared = [{"kind": KINDS[kind], "share": SHARES[drawn.shares(kind)]} for kind in SHARED_KINDS]
    context = {"shared": shared, "everyone": drawn.visibility == "everyone"} | sight_of(_me(request))
    return render(request, "baton/members/who_sees_what.html", context)


KINDS = {
    "email": gettext_lazy("Email"),
    "text": gettext_lazy("Texts"),
    "chat": gettext_lazy("Chats"),
    "call": gettext_lazy("Calls"),
    "calendar": gettext_lazy("Calendar"),
    "note": gettext_lazy("Notes"),
}
SHARES = {
    "everything": gettext_lazy("everybody on the deal reads it"),
    "subject": gettext_lazy("everybody on the deal sees that it happened, and its subject"),
    "nothing": gettext_lazy("it stays with the member whose channel brought it"),
}


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user
