"""The deals behind any number of the forecast."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from baton.decide import forecast
from baton.decide.forecast.leaving import category_words, rows_table
from baton.decide.forecast.reading import Row
from baton.decide.forecast.reckoning import Category
from baton.kernel import words
from baton.map.current import current_map, one_version
from baton.web.forecast.asking import TYPES, Asked, as_file, read

CATEGORIES: tuple[Category, ...] = ("won", "commit", "best", "pipeline", "omitted", "lost")
SHOWN = 200
"""Rows on the page; the sheets have all of them."""


@require_safe
def forecast_rows(request: HttpRequest) -> HttpResponse:
    """Show the deals that a number is made of, the largest first."""
    with one_version():
        asked = read(request)
        category, found = _found(request, asked)
        currency = current_map().currency
        more = {"category": category or "", "undated": request.GET.get("undated", "")}
        context = {
            "asked": asked,
            "title": _title(asked, category),
            "answer": _answer(found, currency),
            "rows": [_row(row, currency) for row in found[:SHOWN]],
            "more": max(0, len(found) - SHOWN),
            "back": asked.address("forecast"),
            "sheets": [(one, asked.address("forecast-rows-sheet", one, **more)) for one in TYPES],
        }
        return render(request, "baton/forecast/rows.html", context)


@require_safe
def forecast_rows_sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the same deals as a spreadsheet, as CSV or as JSON."""
    if ending not in TYPES:
        raise Http404
    asked = read(request)
    category, found = _found(request, asked)
    name = f"forecast-{asked.period.key}-{category or 'deals'}"
    return as_file(rows_table(found, current_map().currency).as_file(ending), name, ending)


def _found(request: HttpRequest, asked: Asked) -> tuple[Category | None, list[Row]]:
    category = next((one for one in CATEGORIES if one == request.GET.get("category")), None)
    period = None if request.GET.get("undated") else asked.period
    return category, forecast.rows(asked.member, asked.at, period, category=category, narrow=asked.narrow)


def _title(asked: Asked, category: Category | None) -> str:
    return f"{asked.period.label}: {category_words(category)}" if category else asked.period.label


def _answer(found: list[Row], currency: str) -> str:
    told = {
        "count": len(found),
        "sum": words.money(sum(row.worth or 0 for row in found), currency),
        "counts": words.money(sum(row.counts or 0 for row in found), currency),
    }
    return (
        ngettext(
            "%(count)d deal, worth %(sum)s; by weight it counts %(counts)s.",
            "%(count)d deals, worth %(sum)s; by weight they count %(counts)s.",
            len(found),
        )
        % told
    )


def _row(row: Row, currency: str) -> dict[str, Any]:
    stage = current_map().stage_by_id(row.state.stage)
    why_not = {"unpriced": _("no amount"), "unrated": _("no rate")}.get(row.why_not, "")
    return {
        "id": row.state.deal if row.title else "",
        "title": row.title or _("a deal that was taken back"),
        "company": row.company,
        "owner": row.owner,
        "category": category_words(row.category),
        "stage": stage.name if stage else row.state.stage,
        "shown": row.state.shown,
        "day": words.day(row.state.day) if row.state.day else "",
        "amount": "" if row.state.amount is None else words.money(row.state.amount, row.state.currency),
        "worth": why_not if row.worth is None else words.money(row.worth, currency),
        "counts": "" if row.counts is None else words.money(row.counts, currency),
    }
