"""Keeping a way to look at the deals, for oneself or for everybody."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from baton.decide.saved import delete_view, rename_view, save_view, share_view
from baton.decide.views import View
from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.members.door import ones_own


@require_POST
@ones_own
def views(request: HttpRequest) -> HttpResponse:
    """Keep the view that is looked at under a name."""
    assert isinstance(request.user, Member)
    asked = QueryDict(request.POST.get("definition", "")[:4000])
    pairs = [(key, value) for key, values in asked.lists() for value in values]
    shared = bool(request.POST.get("shared"))
    kept = save_view(request.POST.get("name", ""), View.from_pairs(pairs), by=request.user, at=now(), shared=shared)
    return redirect(f"{reverse('deals-list')}?view={kept.pk}")


@require_POST
@ones_own
def view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give one's own view another name, or show it to everybody."""
    assert isinstance(request.user, Member)
    rename_view(pk, request.POST.get("name", ""), by=request.user)
    share_view(pk, by=request.user, shared=bool(request.POST.get("shared")))
    return redirect(f"{reverse('deals-list')}?view={pk}")


@require_POST
@ones_own
def view_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one's own view; the deals in it stay as they are."""
    assert isinstance(request.user, Member)
    delete_view(pk, by=request.user)
    return redirect(reverse("deals-list"))
