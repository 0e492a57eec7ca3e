"""The lists: by name, by when they were last heard, and by what one types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.capture.duplicates.pairs import count_open
from baton.kernel.clock import now
from baton.ledger.queries import CustomerPage, companies_list, contacts_list
from baton.members.models import Member
from baton.web.pages import page


def contacts(request: HttpRequest) -> HttpResponse:
    """Show the contacts."""
    return _list(request, "contact", contacts_list)


def companies(request: HttpRequest) -> HttpResponse:
    """Show the companies."""
    return _list(request, "company", companies_list)


def _list(request: HttpRequest, kind: str, listing: Callable[..., CustomerPage]) -> HttpResponse:
    assert isinstance(request.user, Member)
    sort, words = request.GET.get("sort", "name"), request.GET.get("q", "")[:200]
    found = listing(request.user, sort=sort, words=words, after=request.GET.get("after", ""))
    name = "contacts" if kind == "contact" else "companies"
    context = {
        "kind": kind,
        "title": _("Contacts") if kind == "contact" else _("Companies"),
        "found": found,
        "twins": count_open(request.user, kind),
        "words": words,
        "sorts": _sorts(name, sort, words),
        "more": _address(name, sort=sort, q=words, after=found.after) if found.after else "",
        "action": reverse(name),
        "now": now(),
    }
    return render(request, page("customers/list", request, part="rows"), context)


def _sorts(name: str, sort: str, words: str) -> list[dict[str, Any]]:
    ways = (("name", _("By name")), ("-heard", _("Last heard first")), ("heard", _("Longest unheard first")))
    return [{"label": label, "href": _address(name, sort=way, q=words), "current": way == sort} for way, label in ways]


def _address(name: str, **asked: str) -> str:
    return f"{reverse(name)}?{urlencode({key: value for key, value in asked.items() if value})}"
