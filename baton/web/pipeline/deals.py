"""The list: sort by any column, filter by anything the registry names, choose rows, edit in place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import ngettext

from baton.decide.deals import Page, deals_list
from baton.decide.registry import Listed, registry
from baton.decide.saved import views_of
from baton.decide.views import Filter
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.pages import page, whole_number
from baton.web.pipeline.asking import Asked, read, tabs
from baton.web.pipeline.drawing import rows_html

OPERATOR_WORDS = {
    "has": _t("has"),
    "begins": _t("begins with"),
    "is": _t("is"),
    "empty": _t("is empty"),
    "filled": _t("is filled"),
    "from": _t("from"),
    "to": _t("to"),
    "any": _t("is one of"),
    "none": _t("is none of"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column: its words, the address that sorts by it, and how it is sorted now."""

    one: Listed
    href: str
    sorted: str
    number: bool


def list_page(request: HttpRequest) -> HttpResponse:
    """Show one page of the list."""
    asked, at = read(request), now()
    number = request.GET.get("page", "1")
    found = deals_list(asked.member, asked.view, at=at, number=whole_number(number, 1))
    context = {
        "asked": asked,
        "tabs": tabs(asked, "deals-list"),
        "answer": _answer(found),
        "found": found,
        "heads": [_head(one, asked) for one in found.columns],
        "filters": [_filter(one, asked) for one in asked.view.filters],
        "names": sorted(registry().values(), key=lambda one: one.label.lower()),
        "operators": OPERATOR_WORDS.items(),
        "rows": rows_html(found.lines),
        "stages": list(current_map().stages.values()),
        "members": list(Member.objects.filter(is_active=True).order_by("name")),
        "pages": _pages(found, asked),
        "kept": next((one for one in views_of(asked.member) if one.pk == asked.saved), None),
        "definition": asked.address("deals-list").partition("?")[2],
        "board_href": asked.address("board"),
        "here": asked.address("deals-list", page=found.number),
        "now": at,
    }
    answer = render(request, page("pipeline/list", request, part="list"), context)
    answer.set_cookie("pipeline", "list", max_age=31_536_000, samesite="Lax", httponly=True)
    return answer


def _answer(found: Page) -> str:
    if not found.total:
        return _("No deal among those you can see answers to this.")
    return ngettext("%(count)s deal.", "%(count)s deals.", found.total) % {"count": found.total}


def _head(one: Listed, asked: Asked) -> Head:
    view = asked.view
    here = view.sorted_by.name == one.name
    sort = f"-{one.name}" if here and not view.descending else one.name
    pairs = [(key, value) for key, value in view.as_pairs() if key != "sort"] + [("sort", sort)]
    way = ("descending" if view.descending else "ascending") if here else ""
    return Head(one, _address(pairs), way, one.type in {"money", "number"})


def _address(pairs: list[tuple[str, str]]) -> str:
    from urllib.parse import urlencode

    from django.urls import reverse

    return f"{reverse('deals-list')}?{urlencode(pairs)}"


def _filter(one: Filter, asked: Asked) -> dict[str, str]:
    """Return a filter in words, and the address without it."""
    listed = registry()[one.name]
    names = dict(listed.choices)
    if listed.type == "member":
        names = {str(pk): name for pk, name in Member.objects.values_list("pk", "name")}
    typed = ", ".join(str(names.get(value, value)) for value in one.typed if value)
    rest = [f for f in asked.view.filters if f is not one]
    pairs = [(f"{f.name}.{f.operator}", value) for f in rest for value in f.typed or ("",)]
    pairs += [(key, value) for key, value in asked.view.as_pairs() if "." not in key]
    label = f"{listed.label} {OPERATOR_WORDS[one.operator]} {typed}".strip()
    return {"label": label, "without": _address(pairs)}


def _pages(found: Page, asked: Asked) -> dict[str, Any]:
    before = asked.address("deals-list", page=found.number - 1) if found.number > 1 else ""
    after = asked.address("deals-list", page=found.number + 1) if found.number < found.pages else ""
    return {"before": before, "after": after}
