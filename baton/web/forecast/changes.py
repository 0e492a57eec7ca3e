"""What changed between two moments: the bars, the deals of a bar, and the facts that moved one, down to the mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from baton.decide.forecast.leaving import bar_words, waterfall_table
from baton.decide.forecast.reading import Forecast
from baton.decide.forecast.reckoning import BARS, Bar
from baton.decide.forecast.waterfall import Moved, Waterfall, facts_between, named, waterfall
from baton.kernel import words
from baton.ledger.models import Fact, Interaction
from baton.map.current import current_map, one_version
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.telling import head_of, who_said
from baton.web.forecast.asking import TYPES, Asked, as_file, read
from baton.web.forecast.drawing import Bar as Drawn
from baton.web.forecast.drawing import bar_of

SHOWN = 200
"""Deals of one bar on its page, and a tenth of it where all bars are; the sheets have all of them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the drawing, and what it opens."""

    name: str
    text: str
    note: str
    href: str
    drawn: Drawn
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """The waterfall as it is drawn."""

    fall: Waterfall
    steps: list[Step]

    @property
    def difference(self) -> int:
        return self.fall.difference


@one_version()
def fall_of(asked: Asked, end: Forecast | None = None) -> Fall:
    """Return what changed since the decision was last taken, or since when it is asked."""
    found = waterfall(
        asked.member, asked.then, asked.at, period=asked.period, measure=asked.measure, narrow=asked.narrow, end=end
    )
    return Fall(found, _steps(asked, found))


def _steps(asked: Asked, fall: Waterfall) -> list[Step]:
    sums = [fall.start]
    for _bar, minor, _deals in fall.bars:
        sums.append(sums[-1] + minor)
    lowest, highest = _bounds(sums)
    ends = asked.address("forecast-rows", at=asked.then.isoformat()), asked.address("forecast-rows")
    first = bar_of(lowest, fall.start, lowest, highest, "b-ink")
    last = bar_of(lowest, fall.end, lowest, highest, "b-hand")
    steps = [
        Step(words.when(asked.then, asked.now), words.money(fall.start, fall.currency), "", ends[0], first, "strong")
    ]
    for number, (bar, minor, deals) in enumerate(fall.bars):
        drawn = bar_of(sums[number], sums[number + 1], lowest, highest)
        note = ngettext("%(count)d deal", "%(count)d deals", deals) % {"count": deals}
        href = asked.address("forecast-changes", bar=bar, since=asked.then.isoformat())
        steps.append(
            Step(bar_words(bar), signed(minor, fall.currency), note, href, drawn, "up" if minor > 0 else "down")
        )
    name = words.when(asked.at, asked.now) if asked.at else _("Now")
    return [*steps, Step(name, words.money(fall.end, fall.currency), "", ends[1], last, "strong")]


def _bounds(sums: list[int]) -> tuple[int, int]:
    """The drawing begins at nothing, or a little below the lowest sum where all of them are high."""
    lowest, highest = min(sums), max(sums)
    return (min(0, lowest) if lowest * 2 < highest else lowest - (highest - lowest) // 4 - 1), highest


def signed(minor: int, currency: str) -> str:
    """Write a difference with its sign."""
    return f"{'+' if minor > 0 else '−'} {words.money(abs(minor), currency)}"


@require_safe
def forecast_changes(request: HttpRequest) -> HttpResponse:
    """Show the deals of one bar, or of all of them."""
    with one_version():
        asked = read(request)
        fall = fall_of(asked).fall
        wanted = [bar for bar in BARS if request.GET.get("bar", bar) == bar and bar in fall.moved]
        groups = _bars(asked, fall, wanted, SHOWN if len(wanted) == 1 else SHOWN // 10)
        since = {"since": words.when(asked.then, asked.now), "period": asked.period.label}
        context = {
            "asked": asked,
            "groups": groups,
            "answer": _("What moved %(period)s since %(since)s.") % since,
            "back": asked.address("forecast"),
            "sheets": [(one, asked.address("forecast-changes-sheet", one)) for one in TYPES],
            "now": asked.now,
        }
        return render(request, "baton/forecast/changes.html", context)


def _bars(asked: Asked, fall: Waterfall, wanted: list[Bar], most: int) -> list[dict[str, Any]]:
    """Return the bars with their largest deals; the titles of all of them are looked up at once."""
    shown = {bar: fall.moved[bar][:most] for bar in wanted}
    rows = iter(named(asked.member, [one for moved in shown.values() for one in moved]))
    return [_bar(asked, fall, bar, list(islice(rows, len(moved)))) for bar, moved in shown.items()]


def _bar(asked: Asked, fall: Waterfall, bar: Bar, shown: list[tuple[Moved, str, str]]) -> dict[str, Any]:
    moved = fall.moved[bar]
    return {
        "bar": bar,
        "name": bar_words(bar),
        "sum": signed(sum(one.minor for one in moved), fall.currency),
        "rows": [
            {
                "title": title or _("a deal that was taken back"),
                "company": company,
                "sum": signed(one.minor, fall.currency),
                "before": _state(one, fall, late=False),
                "after": _state(one, fall, late=True),
                "href": asked.address("forecast-deal", one.deal, since=asked.then.isoformat()) if title else "",
            }
            for one, title, company in shown
        ],
        "more": len(moved) - len(shown),
        "href": asked.address("forecast-changes", bar=bar, since=asked.then.isoformat()),
    }


def _state(moved: Moved, fall: Waterfall, *, late: bool) -> str:
    state = moved.after if late else moved.before
    if state is None:
        return _("not there")
    stage = current_map().stage_by_id(state.stage)
    amount = _("no amount") if state.amount is None else words.money(state.amount, state.currency)
    parts = [amount, stage.name if stage else "", words.day(state.day) if state.day else _("no close date")]
    return ", ".join(part for part in parts if part)


@require_safe
def forecast_changes_sheet(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the waterfall with its deals as a spreadsheet, as CSV or as JSON."""
    if ending not in TYPES:
        raise Http404
    asked = read(request)
    fall = fall_of(asked).fall
    deals = [(bar, *row) for bar in BARS if bar in fall.moved for row in named(asked.member, fall.moved[bar])]
    return as_file(waterfall_table(fall, deals).as_file(ending), f"forecast-changes-{asked.period.key}", ending)


@require_safe
def forecast_deal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the facts that moved one deal's part of the sum; each opens the message that it came from."""
    asked, seen = read(request), see(request, pk)
    facts = facts_between(asked.member, pk, asked.then - timedelta(microseconds=1), asked.at)
    ids = {found for fact in facts if (found := _from(seen, fact))}
    sources = {row.pk: row for row in Interaction.objects.visible_to(asked.member).filter(pk__in=ids)}
    context = {
        "asked": asked,
        "deal": seen.deal,
        "facts": [_fact(seen, fact, sources) for fact in facts],
        "answer": _("What was recorded since %(when)s that moves the forecast.")
        % {"when": words.when(asked.then, asked.now)},
        "back": asked.address("forecast-changes"),
    }
    return render(request, "baton/forecast/deal.html", context)


def _from(seen: DealSeen, fact: Fact) -> UUID | None:
    """The interaction that a fact was read from; of a stage that somebody moved to, the one that shows it."""
    if fact.interaction_id or fact.field != "stage":
        return fact.interaction_id
    shown = seen.deal.evidence.get(fact.value, {}).get("interaction")
    return UUID(shown) if shown else None


def _fact(seen: DealSeen, fact: Fact, sources: dict[UUID, Interaction]) -> dict[str, Any]:
    found = _from(seen, fact)
    source = sources.get(found) if found else None
    known = seen.field(fact.field)
    return {
        "name": str(known.name) if known else fact.field.replace("_", " ").capitalize(),
        "text": _value(seen, fact),
        "who": who_said(seen, fact),
        "at": words.when(fact.recorded_at, seen.now),
        "words": fact.words,
        "because": fact.because,
        "source": head_of(seen, source) if source else "",
        "href": reverse("message", args=[source.pk]) if source and source.readable else "",
        "history": reverse("deal-history", args=[seen.deal.pk, fact.field]),
    }


def _value(seen: DealSeen, fact: Fact) -> str:
    if fact.field == "status":
        return str(seen.deal.Status(fact.value).label)
    return seen.words(fact.field, fact.value) or _("nothing")
