"""The pages beside the forecast as sheets: how right it was, what is called, what it rests on, what the past says."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from baton.decide.forecast import spans
from baton.decide.forecast.accuracy import accuracy
from baton.decide.forecast.calls import calls
from baton.decide.forecast.leaving import Table
from baton.decide.forecast.past import past
from baton.decide.forecast.resting import rest
from baton.decide.forecast.tables import accuracy_table, calls_table, cohorts_table, doubts_table
from baton.map.current import current_map, one_version
from baton.members.models import Member
from baton.web.forecast.asking import TYPES, Asked, as_file, read


@require_safe
def forecast_beside(request: HttpRequest, what: str, ending: str) -> HttpResponse:
    """Give what such a page shows as a spreadsheet, as CSV or as JSON."""
    made = TABLES.get(what)
    if made is None or ending not in TYPES:
        raise Http404
    with one_version():
        asked = read(request)
        return as_file(made(asked).as_file(ending), f"{what}-{asked.period.key}", ending)


def sheets_of(asked: Asked, what: str) -> list[tuple[str, str]]:
    """Return (ending, address) of what a page shows as files."""
    return [(ending, asked.address("forecast-beside-sheet", what, ending)) for ending in TYPES]


def _accuracy(asked: Asked) -> Table:
    today = asked.now.astimezone(current_map().hours.tz).date()
    return accuracy_table(accuracy(asked.member, asked.by, today))


def _calls(asked: Asked) -> Table:
    return calls_table(calls(asked.member, [asked.period], asked.at), _names())


def _resting(asked: Asked) -> Table:
    return doubts_table(rest(asked.member, asked.period, asked.narrow), _names())


def _history(asked: Asked) -> Table:
    return cohorts_table(past(asked.member, asked.at, spans.reckoning_at(asked.member, asked.at)))


def _names() -> dict[UUID, str]:
    return dict(Member.objects.values_list("pk", "name"))


TABLES: dict[str, Callable[[Asked], Table]] = {
    "accuracy": _accuracy,
    "calls": _calls,
    "resting": _resting,
    "history": _history,
}
