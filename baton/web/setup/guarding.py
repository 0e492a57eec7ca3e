"""Who may open a page of the set-up, and when: in order, until a map is published, and never again after."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from baton.map.current import is_published
from baton.members.models import Member
from baton.web.pages import page
from baton.web.setup.conversation import PAGES, Conversation

View = Callable[..., HttpResponse]
METHODS = ["GET", "HEAD", "POST"]


def setting_up(here: str) -> Callable[[View], View]:
    """Open a page to whoever goes on with the set-up, once the pages before it are answered."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **more: Any) -> HttpResponse:
            if settings.BATON_DEMO:
                raise Http404
            if is_published():
                return redirect("map-charter")
            talk = conversation(request)
            if talk is None or not talk.may_go_on:
                return redirect("setup")
            missing = talk.first_unanswered(here)
            return redirect(PAGES[missing][0]) if missing else view(request, talk, **more)

        return never_cache(require_http_methods(METHODS)(guarded))

    return wrap


def conversation(request: HttpRequest) -> Conversation | None:
    """Return the set-up as the member signed in goes on with it."""
    assert isinstance(request.user, Member)
    return Conversation.of(request.user)


def shown(request: HttpRequest, talk: Conversation, here: str, part: str = "", **context: Any) -> HttpResponse:
    """Show a page of the conversation, with the way so far beside it."""
    pages = talk.pages
    at = pages.index(here)
    told = {
        "steps": [
            {"title": PAGES[each][1], "done": number < at, "current": each == here, "href": PAGES[each][0]}
            for number, each in enumerate(pages)
        ],
        "business": talk.answers("place").get("business", ""),
        "purpose": talk.answers("decisions").get("purpose", ""),
        "owner": talk.names.of(talk.owner_email) if talk.answers("owner") else "",
        "back": PAGES[pages[at - 1]][0] if at else "",
        "left": len(pages) - at,
    }
    errors = context.get("why") or (context.get("form") and context["form"].errors)
    return render(
        request, page(f"setup/{here}", request, part=part or None), told | context, status=422 if errors else 200
    )
