"""What this business's own history says of a period: the likely sum, between what, and by which cases."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from baton.decide import forecast
from baton.decide.forecast.history import FEWEST, Cohort, Guess, Past
from baton.decide.forecast.past import guess, past
from baton.decide.forecast.reading import Figures
from baton.decide.forecast.three import rounded
from baton.kernel import words
from baton.map.current import current_map, one_version
from baton.web.forecast.asking import Asked, read
from baton.web.forecast.cases import cases_address
from baton.web.forecast.drawing import range_of
from baton.web.forecast.sheets import sheets_of
from baton.web.pages import page


@require_safe
def forecast_history(request: HttpRequest) -> HttpResponse:
    """Show what the past says, beside the other two numbers, or as a page of its own."""
    with one_version():
        asked = read(request)
        found = forecast.at(asked.member, asked.at, by=asked.by, count=1, first=asked.period.start)
        before = past(asked.member, asked.at, found.reckoning)
        said = guess(asked.member, before, asked.period, found.reckoning, asked.at)
        figures = found.of(0)
        context = {
            "asked": asked,
            "text": _text(figures, said, found.currency),
            "note": _note(said),
            "range": _range(figures, said, found.currency),
            "cohorts": _cohorts(before, asked),
            "cases_href": cases_address(asked) if said else "",
            "fewest": FEWEST,
            "accuracy_href": asked.address("forecast-accuracy"),
            "sheets": sheets_of(asked, "history"),
            "back": asked.address("forecast"),
        }
    return render(request, page("forecast/history", request, part="history"), context)


def _text(figures: Figures, said: Guess | None, currency: str) -> str:
    if said is None:
        return words.money(figures.won, currency)
    return "–" if said.likely is None else words.money(rounded(figures.won + said.likely), currency)


def _note(said: Guess | None) -> str:
    if said is None:
        return _("the period is over")
    count = {"count": said.cases}
    if said.likely is None:
        few = ngettext("%(count)d comparable case: too few", "%(count)d comparable cases: too few", said.cases)
        return few % count
    return ngettext("from %(count)d case", "from %(count)d cases", said.cases) % count


def _range(figures: Figures, said: Guess | None, currency: str) -> dict[str, Any] | None:
    """Return where the sum may land, drawn and in words."""
    if said is None or said.likely is None:
        return None
    won = figures.won
    low, likely, high = (rounded(won + one) for one in (said.low, said.likely, said.high))
    told_it = {
        name: words.money(sum_of, currency) for name, sum_of in (("low", low), ("likely", likely), ("high", high))
    }
    told_it["won"] = words.money(won, currency)
    return {
        "drawn": range_of(won, likely, low, high, figures.expected),
        "low_text": told_it["low"],
        "high_text": told_it["high"],
        "won_text": _("%(won)s is won.") % told_it,
        "label": _("%(won)s won; likely %(likely)s; between %(low)s and %(high)s") % told_it,
        "note": _how_far(said, currency),
    }


def _how_far(said: Guess, currency: str) -> str:
    """Say what is in it of deals that aren't there yet, and how far off the same way of guessing was last time."""
    parts = []
    if said.to_come is not None:
        parts.append(
            _("%(sum)s of it from deals still to come.") % {"sum": words.money(rounded(said.to_come), currency)}
        )
    else:
        parts.append(_("Deals still to come aren’t in it: too few came so far."))
    if said.missed is not None:
        parts.append(_("Last time it was %(percent)d %% off.") % {"percent": round(abs(said.missed) * 100)})
    return " ".join(parts)


def _cohorts(before: Past, asked: Asked) -> list[dict[str, Any]]:
    """Say what the past says of each stage; of few cases, what they were."""
    found = []
    for stage in current_map().stages.values():
        cohort = before.cohorts.get(stage.id)
        if cohort is None or not cohort.cases or stage.closes:
            continue
        share = f"{cohort.conversion:.0%}" if cohort.enough else ""
        href = cases_address(asked, stage.id)
        found.append({"name": stage.name, "note": _of_stage(cohort), "share": share, "href": href})
    return found


def _of_stage(cohort: Cohort) -> str:
    if not cohort.enough:
        won = {"won": len(cohort.won), "cases": cohort.cases}
        return _("%(won)d of %(cases)d won: too few for a share") % won
    low, high = cohort.interval
    return _("%(low)d to %(high)d %%, %(cases)d cases; half of those won within %(days)d days") % {
        "low": round(low * 100), "high": round(high * 100), "cases": cohort.cases, "days": cohort.days[1],
    }  # fmt: skip
