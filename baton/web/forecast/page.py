"""The forecast: three numbers side by side, what changed, by whom and by when, and how we know."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from baton.decide import forecast
from baton.decide.forecast.calls import Called, calls
from baton.decide.forecast.leaving import category_words, table, told
from baton.decide.forecast.periods import KINDS, containing
from baton.decide.forecast.reading import OPEN, Figures, Forecast
from baton.decide.forecast.reckoning import GROUPS
from baton.decide.forecast.three import said_in, three_numbers
from baton.kernel import words
from baton.map.current import current_map, one_version
from baton.web.forecast.asking import TYPES, Asked, as_file, read
from baton.web.forecast.changes import fall_of
from baton.web.forecast.people import lines_of
from baton.web.map.people import Names

BY = {"month": gettext_lazy("Months"), "quarter": gettext_lazy("Quarters"), "week": gettext_lazy("Weeks")}
GROUP = {
    "owner": gettext_lazy("By person"),
    "desk": gettext_lazy("By desk"),
    "source": gettext_lazy("By source"),
    "service": gettext_lazy("By service"),
}


@require_safe
def forecast_page(request: HttpRequest) -> HttpResponse:
    """Show the forecast of one period, and the next ones; where nobody decides by it, say so."""
    with one_version():
        if not forecast.is_on():
            return render(request, "baton/forecast/off.html", {"owner": Names().of(current_map().owner)})
        return render(request, "baton/forecast/page.html", _context(read(request)))


@require_safe
def forecast_sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the same figures as a spreadsheet, as CSV or as JSON."""
    if ending not in TYPES:
        raise Http404
    asked = read(request)
    found = _read(asked)
    three = [] if asked.of else three_numbers(asked.member, found)
    name = f"forecast-{asked.period.key}"
    if ending == "json":
        return as_file(json.dumps(told(found, three), ensure_ascii=False, indent=1).encode(), name, ending)
    return as_file(table(found, three).as_file(ending), name, ending)


def _read(asked: Asked) -> Forecast:
    first = asked.period.start
    return forecast.at(
        asked.member,
        asked.at,
        by=asked.by,
        count=len(asked.periods),
        first=first,
        group=asked.group,
        narrow=asked.narrow,
    )


def _context(asked: Asked) -> dict[str, Any]:
    found = _read(asked)
    figures = found.of(0)
    told_it = calls(asked.member, [asked.period], asked.at)
    fall = fall_of(asked, found)
    return {
        "asked": asked,
        "found": found,
        "figures": figures,
        "numbers": _numbers(asked, found, figures, told_it),
        "answer": _answer(asked, figures, fall.difference, found.currency),
        "fall": fall,
        "lines": lines_of(asked, found, told_it),
        "periods": [_period(asked, found, place) for place in range(len(found.periods))],
        "known": _known(asked, figures, found.currency),
        "left_out": _left_out(asked, found, figures),
        "rates": _rates(found, figures),
        "switches": _switches(asked),
        "sheets": [(one, asked.address("forecast-sheet", one)) for one in TYPES],
        "group_name": GROUP[asked.group],
        "changed": _("What changed since %(when)s") % {"when": words.when(asked.then, asked.now)},
    } | _addresses(asked)


def _addresses(asked: Asked) -> dict[str, str]:
    """Return where the page leads, and what its form holds."""
    tz = current_map().hours.tz
    return {
        "call_href": asked.address("forecast-calls"),
        "now_href": asked.address("forecast", at=""),
        "all_href": asked.address("forecast", of=""),
        "before_href": asked.for_period(asked.period.previous()).address("forecast"),
        "resting_href": asked.address("forecast-resting"),
        "history_href": "" if asked.of else asked.address("forecast-history"),
        "accuracy_href": asked.address("forecast-accuracy"),
        "as_of": words.when(asked.at, asked.now) if asked.at else "",
        "at_value": f"{asked.at.astimezone(tz):%Y-%m-%dT%H:%M:%S}" if asked.at else "",
        "since_value": f"{asked.then.astimezone(tz):%Y-%m-%dT%H:%M:%S}",
    }


def _answer(asked: Asked, figures: Figures, difference: int, currency: str) -> str:
    """Say the sum of the period and how it changed, in a sentence."""
    told_it = {
        "period": asked.period.label,
        "sum": words.money(figures.expected, currency),
        "more": words.money(abs(difference), currency),
        "when": words.when(asked.then, asked.now),
    }
    if difference > 0:
        return _("%(period)s: %(sum)s by weight, %(more)s more than %(when)s.") % told_it
    if difference < 0:
        return _("%(period)s: %(sum)s by weight, %(more)s less than %(when)s.") % told_it
    return _("%(period)s: %(sum)s by weight, as %(when)s.") % told_it


@dataclass(frozen=True, slots=True)
class Number:
    """One of the numbers side by side: its name, what it is, how it comes about, and what it opens."""

    name: str
    text: str
    note: str
    href: str = ""


def _numbers(asked: Asked, found: Forecast, figures: Figures, told_it: list[Called]) -> list[Number]:
    currency = found.currency
    count = ngettext("%(count)d deal", "%(count)d deals", figures.count) % {"count": figures.count}
    return [
        _called(asked, found, figures, told_it),
        Number(_("Stage weights"), words.money(figures.expected, currency), count, asked.address("forecast-rows")),
    ]


def _called(asked: Asked, found: Forecast, figures: Figures, told_it: list[Called]) -> Number:
    """What people say, added up; while nobody has said anything, what the deals are called."""
    currency = found.currency
    href = asked.address("forecast-calls")
    if asked.of:
        return Number(_("Called"), words.money(figures.called, currency), _("won and commit"), href)
    said = said_in(asked.member, found, 0, told_it)
    if not said.people:
        note = _("won and commit: nobody has called a number")
    else:
        note = ngettext("by %(count)d person", "by %(count)d people", said.people) % {"count": said.people}
        note += "; " + _("others by won and commit") if said.others else ""
    if said.over:
        told = {"sum": words.money(said.over.minor, currency), "why": said.over.because}
        note += "; " + _("%(sum)s set over it: %(why)s") % told
    return Number(_("Called"), words.money(said.sum, currency), note, href)


def _period(asked: Asked, found: Forecast, place: int) -> dict[str, Any]:
    period, figures = found.periods[place], found.of(place)
    here = asked.for_period(period)
    return {
        "label": period.label,
        "href": here.address("forecast"),
        "current": place == 0,
        "cells": cells(here, figures, found.currency),
    }


def money(minor: int, currency: str) -> str:
    """Write a sum of a table, nothing as a dash."""
    return words.money(minor, currency) if minor else "–"


def cells(asked: Asked, figures: Figures, currency: str, **more: Any) -> list[dict[str, str]]:
    """Return the sums of one line; each opens its rows."""
    found = [
        {"text": money(figures.sums[one], currency), "href": asked.address("forecast-rows", category=one, **more)}
        for one in ("won", *OPEN)
    ]
    rows = asked.address("forecast-rows", **more)
    return [*found, {"text": words.money(figures.expected, currency), "href": rows, "strong": "strong"}]


def _known(asked: Asked, figures: Figures, currency: str) -> list[dict[str, Any]]:
    return [
        {
            "name": category_words(one),
            "note": ngettext("%(count)d deal", "%(count)d deals", figures.deals[one]) % {"count": figures.deals[one]},
            "sum": words.money(figures.sums[one], currency),
            "href": asked.address("forecast-rows", category=one),
        }
        for one in ("won", *OPEN)
        if figures.deals[one]
    ]


def _left_out(asked: Asked, found: Forecast, figures: Figures) -> list[dict[str, str]]:
    """Say which deals are in no sum, and why."""
    rows, lines = asked.address("forecast-rows"), []
    if figures.unpriced:
        text = ngettext("%(count)d deal without an amount", "%(count)d deals without an amount", figures.unpriced)
        lines.append(
            {"text": text % {"count": figures.unpriced}, "note": _("counted once somebody says one"), "href": rows}
        )
    for currency, count in sorted(figures.unrated.items()):
        text = ngettext("%(count)d deal in %(currency)s", "%(count)d deals in %(currency)s", count)
        note = _("no rate is known for that day")
        lines.append({"text": text % {"count": count, "currency": currency}, "note": note, "href": rows})
    if figures.deals["omitted"]:
        text = ngettext("%(count)d deal left out", "%(count)d deals left out", figures.deals["omitted"])
        href = asked.address("forecast-rows", category="omitted")
        lines.append(
            {"text": text % {"count": figures.deals["omitted"]}, "note": _("by its own category"), "href": href}
        )
    undated = found.undated.count + found.undated.unpriced
    if undated:
        text = ngettext("%(count)d deal without a close date", "%(count)d deals without a close date", undated)
        href = asked.address("forecast-rows", undated="yes")
        sum_of = words.money(found.undated.open, found.currency)
        lines.append({"text": text % {"count": undated}, "note": _("%(sum)s open") % {"sum": sum_of}, "href": href})
    return lines


def _rates(found: Forecast, figures: Figures) -> list[str]:
    """Say by which rates it was converted, and since when they stand."""
    told_it = []
    for currency, dated in sorted(found.rates.dated.items()):
        known = [one for one in dated if one[0] <= found.reckoning.on]
        if known:
            since, rate = known[-1]
            said_it = {"currency": currency, "rate": f"{rate.normalize():f}", "main": found.currency}
            told_it.append(
                _("1 %(currency)s is %(rate)s %(main)s") % said_it + ", " + words.day(since, found.reckoning.on)
            )
    return told_it


def _switches(asked: Asked) -> dict[str, list[dict[str, Any]]]:
    today = (asked.at or asked.now).astimezone(current_map().hours.tz).date()
    return {
        "by": [
            {
                "label": BY[one],
                "href": asked.for_period(containing(today, one)).address("forecast"),
                "current": one == asked.by,
            }
            for one in KINDS
        ],
        "group": [
            {"label": GROUP[one], "href": asked.address("forecast", group=one, of=""), "current": one == asked.group}
            for one in GROUPS
        ],
        "measure": [
            {
                "label": _("by weight"),
                "href": asked.address("forecast", measure=""),
                "current": asked.measure == "expected",
            },
            {
                "label": _("open, whole"),
                "href": asked.address("forecast", measure="open"),
                "current": asked.measure == "open",
            },
        ],
    }
