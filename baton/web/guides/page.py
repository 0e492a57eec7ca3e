"""All guides, and one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from baton.web.guides.shelf import NAMES, SOURCE, guide


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Show every guide by its title."""
    found = [guide(name, get_language() or SOURCE) for name in NAMES]
    return render(request, "baton/guides/all.html", {"guides": sorted(filter(None, found), key=lambda one: one.title)})


@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """Show one guide in the reader's language."""
    found = guide(name, get_language() or SOURCE)
    if found is None:
        raise Http404
    return render(request, "baton/guides/one.html", {"guide": found})
