"""The door of every screen: who is there, in which language and time zone, and whether they may change anything.

A view is for members unless it says `@login_not_required`, and unsafe methods are for those whose role writes unless
it says `@ones_own`. Who left, and whose role changed, is found out with each request.
"""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.usersessions.models import UserSession
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from baton.kernel.clock import now
from baton.kernel.texts import writable
from baton.kernel.writer import writing
from baton.map.current import one_version
from baton.members.models import Member
from baton.web.notices import linked, say, typed, way_back
from baton.work.reader import zone_of

SAFE = {"GET", "HEAD", "OPTIONS"}
SEEN_EVERY = timedelta(minutes=10)
SESSIONS_REMEMBERED = 2000
View = Callable[..., HttpResponseBase]
_seen: dict[str, datetime] = {}


def ones_own(view: View) -> View:
    """Mark a view for read-only members too: it changes what is the member's own, or calls a value wrong."""
    view.ones_own = True  # type: ignore[attr-defined]
    return view


class DoorMiddleware(LoginRequiredMiddleware):
    """Asks each request who it is from before a view sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._go_on = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        member = request.user
        if not isinstance(member, Member):
            return self._go_on(request)
        _note_seen(request)
        with ExitStack() as around:
            if request.method in SAFE:
                around.enter_context(one_version())
            around.enter_context(timezone.override(zone_of(member)))
            if member.language:
                around.enter_context(translation.override(member.language))
            return self._go_on(request)

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[Any, Any]
    ) -> HttpResponseBase | None:
        """Send strangers to the sign-in page, and tell a read-only member why nothing was changed."""
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused:
            return _signed_out(request) or refused
        if not isinstance(request.user, Member):
            return None
        _leave_out_nul(request)
        if request.method in SAFE:
            return None
        if request.user.may_write or getattr(view_func, "ones_own", False):
            return None
        return _read_only(request)


def _signed_out(request: HttpRequest) -> HttpResponse | None:
    """Answer whose session ended while a page stood open: the page stays, and what was typed stands in it."""
    sends, within = request.method not in SAFE, request.headers.get("HX-Request") == "true"
    page = way_back(request) or "/"
    if not within and not (request.POST and any(one.told for one in typed(request))):
        return redirect_to_login(page) if sends else None
    sentence = (
        _("You are signed out, so nothing was changed; what you typed stands here still. %s, then send it again.")
        if sends
        else _("You are signed out. %s to go on.")
    )
    there = f"{reverse('account_login')}?{urlencode({'next': page})}"
    return say(
        request,
        linked(sentence, there, _("Sign in"), apart=sends),
        status=401,
        title=_("Please sign in again"),
    )


def _leave_out_nul(request: HttpRequest) -> None:
    """Read what was asked and typed without NUL, which no form of ours sends and PostgreSQL keeps in no text."""
    for way in ("GET", "POST"):
        sent: QueryDict = getattr(request, way)
        if any("\x00" in text for name, texts in sent.lists() for text in (name, *texts)):
            kept = QueryDict(mutable=True)
            for name, texts in sent.lists():
                kept.setlist(writable(name), [writable(str(text)) for text in texts])
            setattr(request, way, kept)


def _read_only(request: HttpRequest) -> HttpResponse:
    sentence = _("Your role is read only, so nothing was changed. The owner or a manager can change your role.")
    return say(request, sentence, status=403, title=_("Yours to read"), tone="faded")


def _note_seen(request: HttpRequest) -> None:
    """Remember that a session is in use, once in ten minutes: People and one's sessions show it."""
    key, at = request.session.session_key, now()
    if not key or at - _seen.get(key, at - SEEN_EVERY) < SEEN_EVERY:
        return
    if len(_seen) >= SESSIONS_REMEMBERED:
        _seen.clear()
    _seen[key] = at
    with writing():
        UserSession.objects.filter(session_key=key).update(last_seen_at=at)
