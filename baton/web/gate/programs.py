"""One's connected programs: which there are, what they may, when they were last let in; making a token, ending any."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.gate.access import tokens
from baton.gate.access.acting import token_key
from baton.gate.access.limits import last_used
from baton.gate.access.programs import Connected, connected_to, end_connection
from baton.gate.access.scopes import CHANGING, SCOPES, known
from baton.gate.origin import absolute
from baton.kernel import words
from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.members.door import ones_own


@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """Show what acts for oneself."""
    member, at = _me(request), now()
    context = {
        "connected": [_connected(one, at) for one in connected_to(member)],
        "tokens": _tokens(member, at),
        "api": absolute(request, "/api/v1/"),
        "mcp": absolute(request, "/mcp"),
    }
    return render(request, "baton/gate/programs.html", context)


def _connected(one: Connected, at: datetime) -> dict[str, Any]:
    since = _("since %(day)s") % {"day": words.day(one.since, at)}
    return {"one": one, "may": in_words(one.scopes), "when": f"{since}, {_used(one.used_at, at)}"}


def _tokens(member: Member, at: datetime) -> list[dict[str, Any]]:
    kept = tokens.tokens_of(member)
    used = last_used([token_key(one.pk) for one in kept])
    return [
        {
            "one": one,
            "may": in_words(one.scopes),
            "when": f"{_until(one.expires_at, at)}, {_used(used.get(token_key(one.pk)), at)}",
        }
        for one in kept
    ]


def _until(end: datetime, at: datetime) -> str:
    said = _("good until %(day)s") if end > at else _("ran out %(day)s")
    return said % {"day": words.day(end, at)}


def _used(used_at: datetime | None, at: datetime) -> str:
    return _("last let in %(when)s") % {"when": words.when(used_at, at)} if used_at else _("not used yet")


def in_words(scopes: list[str]) -> str:
    """Say what a program may, a sentence for each right."""
    return " ".join(f"{SCOPES[scope]}." for scope in known(scopes))


@ones_own
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_making(request: HttpRequest) -> HttpResponse:
    """Make a token, and show its secret this once. Baton asks first whether it is still oneself."""
    member, secret, made = _me(request), "", None
    if request.method == "POST":
        days = request.POST.get("days", "")
        made, secret = tokens.make(
            request.POST.get("name", ""),
            request.POST.getlist("scopes"),
            days=int(days) if days.isdecimal() and len(days) < 4 else 0,
            by=member,
            at=now(),
        )
    may = [(scope, words) for scope, words in SCOPES.items() if member.may_write or scope not in CHANGING]
    context = {"may": may, "lives": tokens.LIVES, "secret": secret, "made": made}
    answer = render(request, "baton/gate/token.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@ones_own
@require_POST
def token_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a token."""
    if not tokens.end(pk, by=_me(request)):
        raise Http404
    messages.add_message(request, messages.INFO, _("Ended. Whoever has it is let in no more."), extra_tags="hand")
    return redirect("programs")


@ones_own
@require_POST
def program_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """End what one allowed a program."""
    if not end_connection(pk, by=_me(request)):
        raise Http404
    messages.add_message(request, messages.INFO, _("Ended. It is let in no more."), extra_tags="hand")
    return redirect("programs")


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user
