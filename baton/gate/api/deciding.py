"""What management reads, through the API: the forecast as of any moment with the deals behind it, and requests."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from django.utils.translation import gettext as _

from baton.decide import forecast
from baton.decide.forecast.periods import KINDS
from baton.decide.forecast.reading import Figures
from baton.decide.forecast.reckoning import Category
from baton.decide.requests import keeping
from baton.decide.requests.models import Request
from baton.gate.access.scopes import WRITE
from baton.gate.api.operations import Call, Made, Parameter, operation
from baton.gate.api.paging import FIELDS, PAGE, key, limit_of, lost, moment, only, opened, page, walked, wanted
from baton.gate.api.problems import not_found, wrong
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import MOMENT, one_of
from baton.kernel.clock import stamp, unstamp
from baton.map.current import current_map
from baton.members.models import Member

AS_OF = Parameter("as_of", MOMENT, "As it was recorded by then; now unless told.")
FORECAST = (
    Parameter("by", one_of(*KINDS) | {"default": "quarter"}, "Months, quarters or weeks."),
    Parameter("count", {"type": "integer", "minimum": 1, "maximum": 24, "default": 4}, "How many periods."),
    Parameter("group", one_of(*forecast.GROUPS), "Told apart by whom or what."),
    AS_OF,
)
PERIOD = Parameter(
    "period", {"type": "string", "pattern": r"^(19|20|21)\d\d-(Q[1-4]|W\d\d|\d\d)$"}, "2026-Q4, 2026-11 or 2026-W47.",
    example="2026-Q4",
)  # fmt: skip
CATEGORY = Parameter("category", one_of(*get_args(Category)), "Of one category.")


@operation("GET", "/forecast", gives="Forecast", group="Forecast", parameters=lambda: FORECAST)
def get_forecast(call: Call) -> dict[str, Any]:
    """Read what is won and expected, in minor units of the map's currency, over the deals that you see."""
    forecast.refuse_unless_on()
    as_of = _as_of(call)
    asked: dict[str, Any] = {"by": call.one("by", "quarter"), "count": int(call.one("count", "4"))}
    found = forecast.at(call.member, as_of, group=call.one("group") or None, **asked)
    places = range(len(found.periods))
    return {
        "currency": found.currency,
        "as_of": moment(as_of),
        "periods": [_period(found.periods[place], found.of(place)) for place in places],
        "undated": _figures(found.undated),
        "groups": [
            {
                "who": None if who is None else str(who),
                "name": name,
                "periods": [_period(found.periods[place], found.of(place, who)) for place in places],
            }
            for who, name in _named(call.one("group"), found.groups() if found.group else [])
        ],
    }


def _as_of(call: Call) -> Any:
    as_of = unstamp(call.one("as_of")) if call.one("as_of") else None
    if as_of and as_of > call.at:
        raise wrong(_("That hasn’t happened yet."), "as_of")
    return as_of


def _named(group: str, found: list[Any]) -> list[tuple[Any, str]]:
    if group == "owner":
        names = dict(Member.objects.filter(pk__in=[who for who in found if who]).values_list("pk", "name"))
        return [(who, names.get(who, "")) for who in found]
    desks = {desk.id: desk.name for desk in current_map().desks.values()} if group == "desk" else {}
    return [(who, desks.get(who, "" if who is None else str(who))) for who in found]


def _period(one: Any, figures: Figures) -> dict[str, Any]:
    return {"key": one.key, "start": one.start.isoformat(), "end": one.end.isoformat(), **_figures(figures)}


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "won": figures.won,
        "open": figures.open,
        "weighted": figures.weighted,
        "expected": figures.expected,
        "called": figures.called,
        "sums": dict(figures.sums),
        "deals": dict(figures.deals),
        "unpriced": figures.unpriced,
        "unrated": dict(figures.unrated),
    }


@operation(
    "GET", "/forecast/deals", gives="ForecastDealPage", group="Forecast",
    parameters=lambda: [*PAGE, FIELDS, PERIOD, CATEGORY, AS_OF],
)  # fmt: skip
def list_forecast_deals(call: Call) -> dict[str, Any]:
    """List the deals behind a number, the largest first; without a period, open ones without a close date."""
    forecast.refuse_unless_on()
    asked = wanted(call, shapes_in_force().schemas["ForecastDeal"]["properties"])
    period = forecast.named(call.one("period")) if call.one("period") else None
    rows = forecast.rows(call.member, _as_of(call), period, category=call.one("category") or None)  # type: ignore[arg-type]
    first, size = _place(opened(call)), limit_of(call)
    shown = [only(asked, _row(row)) for row in rows[first : first + size]]
    return page(shown, str(first + size) if len(rows) > first + size else "")


def _place(bookmark: str) -> int:
    if bookmark and not (bookmark.isascii() and bookmark.isdecimal() and len(bookmark) < 9):
        raise lost()
    return int(bookmark or "0")


def _row(row: Any) -> dict[str, Any]:
    return {
        "deal": str(row.state.deal),
        "title": row.title,
        "company": row.company,
        "owner": row.owner,
        "stage": row.state.stage,
        "shown": row.state.shown,
        "category": row.category,
        "worth": row.worth,
        "counts": row.counts,
        "why_not": row.why_not,
    }


@operation("GET", "/requests", gives="RequestPage", group="Requests", parameters=lambda: [*PAGE, FIELDS])
def list_requests(call: Call) -> dict[str, Any]:
    """List what was asked of Baton, the latest first."""
    asked = wanted(call, shapes_in_force().schemas["Request"]["properties"])
    rows = Request.objects.visible_to(call.member).defer("outcome", "mail")
    return walked(call, rows, "-asked_at", lambda found: [only(asked, _request(row)) for row in found])


@operation("GET", "/requests/{id}", gives="Request", group="Requests", parameters=lambda: [FIELDS])
def get_request(call: Call, id: UUID) -> dict[str, Any]:
    """Read one request, with its answer in a sentence."""
    asked = wanted(call, shapes_in_force().schemas["Request"]["properties"])
    row = Request.objects.visible_to(call.member).filter(pk=id).first()
    if row is None:
        raise not_found()
    return only(asked, _request(row))


@operation("POST", "/requests", gives="Request", takes="RequestNew", group="Requests", scope=WRITE, makes=True)
def create_request(call: Call) -> Made:
    """Ask for a figure in one line; the answer comes in a moment: read the request again."""
    keeping.refuse_unless_on()
    made = keeping.ask(by=call.member, at=call.at, words=call.body["words"])
    return Made(_request(made), f"/requests/{made.pk}")


def _request(row: Request) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "title": row.title,
        "words": row.words,
        "file_name": row.file_name,
        "state": row.state,
        "answer": row.because,
        "asked_by": key(row.asked_by_id),
        "asked_at": stamp(row.asked_at),
        "answered_at": moment(row.answered_at),
        "cells": row.cells,
        "left": row.left,
    }
