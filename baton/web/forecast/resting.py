"""How sure the sum is, and one click to ask for the few values that can move it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from baton.decide.forecast.resting import Doubt, Rest, ask, percent, rest, whose_work
from baton.kernel import words
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.web.forecast.asking import read
from baton.web.forecast.sheets import sheets_of
from baton.web.pages import page

SHOWN = 8


@require_safe
def forecast_resting(request: HttpRequest) -> HttpResponse:
    """Show what the sum of now rests on: by field, and the values that can move it most."""
    asked = read(request)
    found = rest(asked.member, asked.period, asked.narrow)
    currency = current_map().currency
    few = [one for one in found.worth_asking if one.owner and one.owner != asked.member.pk]
    context = {
        "asked": asked,
        "answer": _answer(found),
        "fields": [
            {"name": _name(name), "share": percent(worth, found.open), "sum": words.money(worth, currency)}
            for name, worth in found.doubtful.most_common()
        ],
        "doubts": [_doubt(one, currency) for one in found.doubts[:SHOWN]],
        "few": len(few),
        "whose": [f"{one.name} ({count})" for one, count in whose_work(few)],
        "ask": asked.address("forecast-questions"),
        "sheets": sheets_of(asked, "resting"),
        "back": asked.address("forecast"),
    }
    return render(request, page("forecast/resting", request, part="resting"), context)


def _answer(found: Rest) -> str:
    if not found.doubts:
        return _("Nothing in it is stale, unconfirmed or unshown.")
    told = {"share": percent(found.in_doubt, found.open), "count": len(found.doubts)}
    return (
        ngettext(
            "%(share)d %% of what is open rests on %(count)d value that may be wrong.",
            "%(share)d %% of what is open rests on %(count)d values that may be wrong.",
            len(found.doubts),
        )
        % told
    )


def _name(field: str) -> str:
    known = current_map().field(field)
    return str(known.name) if known else field


def _doubt(one: Doubt, currency: str) -> dict[str, Any]:
    kinds = {
        "stale": _("said %(days)d days ago") % {"days": one.age},
        "unconfirmed": _("something else is suggested"),
        "unshown": _("nothing shows it"),
        "past": _("has passed"),
    }
    trust = {"stale": "stale", "unconfirmed": "suggested", "unshown": "missing", "past": "stale"}[one.kind]
    return {
        "deal": one.deal,
        "title": one.title,
        "name": _name(one.field),
        "why": kinds[one.kind],
        "trust": trust,
        "moves": words.money(one.moves, currency),
    }


@require_POST
def forecast_questions(request: HttpRequest) -> HttpResponse:
    """Ask those who have the deals for the few values that can move the sum."""
    asked = read(request)
    few = rest(asked.member, asked.period, asked.narrow).worth_asking
    count = ask(asked.member, few, at=now())
    said = ngettext("%(count)d question is asked.", "%(count)d questions are asked.", count) % {"count": count}
    if not count:
        said = _("All of that was asked already, or is yours to know.")
    messages.add_message(request, messages.INFO, said, extra_tags="hand")
    return redirect(asked.address("forecast"))
