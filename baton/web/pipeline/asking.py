"""What is asked of the pipeline in an address: filters, sort, words; read by the registry alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.decide.models import SavedView
from baton.decide.registry import Listed, listed
from baton.decide.saved import opened, views_of
from baton.decide.views import View
from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, for which view, and which saved one it came from."""

    member: Member
    view: View
    saved: UUID | None = None

    def address(self, name: str, **more: Any) -> str:
        """Return the address of a page with this view."""
        pairs = self.view.as_pairs() + [(key, str(value)) for key, value in more.items() if value not in {"", None}]
        return f"{reverse(name)}?{urlencode(pairs)}"


def read(request: HttpRequest) -> Asked:
    """Read the view that a request asks for. Raises `Refusal` for a name that isn't one."""
    assert isinstance(request.user, Member)
    kept = _saved(request)
    base = opened(kept, by=request.user) if kept else View()
    pairs = [(key, value) for key, values in request.GET.lists() for value in values]
    return Asked(request.user, View.from_pairs(pairs, base), kept)


def _saved(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("view", ""))
    except ValueError:
        return None


def deals_filter(request: HttpRequest) -> HttpResponse:
    """Add one filter to the view that is looked at, and show it. A colleague may be named by their name."""
    asked = QueryDict(request.GET.get("definition", "")[:4000])
    pairs = [(key, value) for key, values in asked.lists() for value in values]
    name, operator = request.GET.get("name", ""), request.GET.get("operator", "")
    one = listed(name)
    operator = operator if operator in one.operators else one.operators[0]
    pairs.append((f"{name}.{operator}", _typed(one, request.GET.get("value", "").strip())))
    view = View.from_pairs(pairs)
    return redirect(f"{reverse('deals-list')}?{urlencode(view.as_pairs())}")


def _typed(one: Listed, text: str) -> str:
    if one.type == "member":
        named = Member.objects.filter(name__icontains=text).values_list("pk", flat=True).first()
        return str(named or text)
    return text


def tabs(asked: Asked, page: str) -> list[dict[str, Any]]:
    """Return the views to choose from: everyone's, one's own deals, and the saved ones."""
    mine = f"{reverse(page)}?owner.any={asked.member.pk}"
    everyone = not asked.saved and not asked.view.filters
    owners = [one.typed for one in asked.view.filters if one.name == "owner"]
    found = [
        {"label": _("Everyone’s"), "href": reverse(page), "current": everyone},
        {"label": _("Mine"), "href": mine, "current": not asked.saved and owners == [(str(asked.member.pk),)]},
    ]
    return found + [_tab(kept, asked, page) for kept in views_of(asked.member)]


def _tab(kept: SavedView, asked: Asked, page: str) -> dict[str, Any]:
    return {"label": kept.name, "href": f"{reverse(page)}?view={kept.pk}", "current": asked.saved == kept.pk}
