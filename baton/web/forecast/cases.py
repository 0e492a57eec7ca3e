"""The comparable deals of a stage: what became of them, and after how long."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from baton.decide.forecast.cases import Ended, cases_at
from baton.decide.forecast.history import FEWEST
from baton.decide.forecast.leaving import cases_table, category_words
from baton.kernel import words
from baton.map.current import current_map, one_version
from baton.web.forecast.asking import TYPES, Asked, as_file, read

SHOWN = 200
"""Rows on the page; the sheets have all of them."""


@require_safe
def forecast_cases(request: HttpRequest) -> HttpResponse:
    """List the deals behind a share of the past, or those that are too few for one."""
    with one_version():
        asked = read(request)
        stage, name = _stage(request)
        found = cases_at(asked.member, asked.at, stage)
        context = {
            "asked": asked,
            "title": name or _("All that were decided"),
            "answer": _answer(found, name),
            "rows": [_row(one, asked) for one in found[:SHOWN]],
            "more": max(0, len(found) - SHOWN),
            "back": asked.address("forecast-history"),
            "sheets": [(one, asked.address("forecast-cases-sheet", one, stage=stage)) for one in TYPES],
        }
        return render(request, "baton/forecast/cases.html", context)


@require_safe
def forecast_cases_sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the same deals as a spreadsheet, as CSV or as JSON."""
    if ending not in TYPES:
        raise Http404
    asked = read(request)
    stage, _name = _stage(request)
    found = cases_at(asked.member, asked.at, stage)
    return as_file(cases_table(found, current_map().currency).as_file(ending), f"cases-{stage or 'all'}", ending)


def cases_address(asked: Asked, stage: str = "") -> str:
    """Return where the cases of a stage are listed; those of all deals without one."""
    return asked.address("forecast-cases", stage=stage)


def _stage(request: HttpRequest) -> tuple[str, str]:
    """Return the id and the name of the stage that is meant; empty for all deals since they were opened."""
    wanted = request.GET.get("stage", "")
    stage = current_map().stage_by_id(wanted)
    if wanted and stage is None:
        raise Http404
    return (stage.id, stage.name) if stage else ("", "")


def _answer(found: list[Ended], stage: str) -> str:
    count = {"won": sum(one.won for one in found), "count": len(found), "stage": stage, "fewest": FEWEST}
    told = ngettext(
        "%(won)d of %(count)d comparable deal was won.", "%(won)d of %(count)d comparable deals were won.", len(found)
    )
    few = _("Fewer than %(fewest)d make no percentage, so here they are.") if len(found) < FEWEST else ""
    since = _("The days are counted from %(stage)s.") if stage else _("The days are counted from when it was opened.")
    return " ".join(part % count for part in (told, few, since) if part)


def _row(one: Ended, asked: Asked) -> dict[str, Any]:
    worth = "" if one.worth is None else words.money(one.worth, current_map().currency)
    return {
        "id": one.deal if one.title else "",
        "title": one.title or _("a deal that was taken back"),
        "company": one.company,
        "became": category_words("won" if one.won else "lost"),
        "won": one.won,
        "on": words.day(one.on, (asked.at or asked.now).date()),
        "days": ngettext("%(count)d day", "%(count)d days", one.days) % {"count": one.days},
        "worth": worth,
    }
