"""How decisions are taken: one's own months first; those of others to the owner, once they are over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from baton.decide.review.using import own_use, use_of_others
from baton.kernel.clock import now
from baton.members.models import Member


@require_safe
def use(request: HttpRequest) -> HttpResponse:
    """Show what was decided from Baton, and what was asked for or sent around beside it."""
    assert isinstance(request.user, Member)
    at = now()
    context = {"mine": own_use(request.user, at), "others": use_of_others(request.user, at)}
    return render(request, "baton/review/use.html", context)
