"""How long the forecast takes: as of now, as of any past second, and what changed between two moments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from baton.ledger.models import DealState
from bench.figures import Figure, figure
from bench.scene import CALLER, Scene

AS_OF = "(ended_at IS NULL OR ended_at > %s) AND began_at <= %s"
SUMS = (
    "SELECT stage, shown, currency, owner_id, count(*), sum(amount) FROM baton_dealstate WHERE status = 'open' "
    "AND close_date >= %s AND close_date < %s AND {when} GROUP BY stage, shown, currency, owner_id"
)
JOIN = (
    "SELECT a.deal_id, a.amount, b.amount, a.status, b.status FROM baton_dealstate a JOIN baton_dealstate b "
    "ON b.deal_id = a.deal_id AND b.began_at <= %s AND (b.ended_at IS NULL OR b.ended_at > %s) "
    "WHERE a.began_at <= %s AND a.ended_at > %s AND a.ended_at <= %s"
)


def now(scene: Scene) -> Figure:
    """The page of a quarter, a month or a week, by person, desk, source or service."""

    def once() -> float:
        asked = {"by": scene.dice.choice(("quarter", "month", "week")), "group": scene.dice.choice(GROUPS)}
        return scene.somebody().get("/forecast/?" + urlencode(asked))[0]

    took = scene.ask(once)
    start, end = _quarter(datetime.now(UTC))
    bare = scene.bare(SUMS.format(when="ended_at IS NULL"), lambda: [start, end])
    return figure("forecast", "Forecast page, as of now", 80, took, bare, _size())


GROUPS = ("owner", "desk", "source", "service")


def past(scene: Scene) -> Figure:
    """The same page as of any second of the last year, with what changed in the week before."""

    def once() -> float:
        at = _any_second(scene)
        asked = {
            "at": at.isoformat(),
            "since": (at - timedelta(days=7)).isoformat(),
            "group": scene.dice.choice(GROUPS),
        }
        return scene.somebody().get("/forecast/?" + urlencode(asked))[0]

    took = scene.ask(once)

    def values() -> list[Any]:
        at = _any_second(scene)
        return [*_quarter(at), *_moments(at, at)]

    bare = scene.bare(SUMS.format(when=AS_OF), values)
    return figure("forecast-past", "Forecast as of any past second", 200, took, bare, _size())


def changes(scene: Scene) -> Figure:
    """The waterfall between any two moments of the last year, with the deals of every bar."""
    between: list[tuple[datetime, datetime]] = []

    def once() -> float:
        first, last = sorted((_any_second(scene), _any_second(scene)))
        between.append((first, min(last, first + timedelta(days=scene.dice.choice((1, 7, 31, 92))))))
        first, last = between[-1]
        asked = {"at": last.isoformat(), "since": first.isoformat(), "measure": scene.dice.choice(("expected", "open"))}
        return scene.somebody().get("/forecast/changes/?" + urlencode(asked))[0]

    took = scene.ask(once)

    def values() -> list[Any]:
        first, last = between[scene.dice.randrange(len(between))]
        return [*_moments(last, last), *_moments(first, first), *_moments(last)]

    note = f"{_size()}, up to 92 days apart, every bar with its deals"
    return figure("forecast-changes", "Waterfall between two moments", 200, took, scene.bare(JOIN, values), note)


def _any_second(scene: Scene) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=scene.dice.randint(3600, 330 * 86_400))


def _moments(*moments: datetime) -> list[Any]:
    field = DealState._meta.get_field("began_at")
    return [field.get_db_prep_value(one, connection) for one in moments]


def _quarter(at: datetime) -> tuple[Any, Any]:
    from baton.decide.forecast import containing

    found = containing(at.date(), "quarter")
    return found.start.isoformat(), found.end.isoformat()


def _size() -> str:
    spans = DealState.objects.unscoped(CALLER)
    return f"{spans.filter(ended_at__isnull=True).count():,} deals, {spans.count():,} spans"


FORECAST: dict[str, Callable[[Scene], Figure]] = {"forecast": now, "forecast-past": past, "forecast-changes": changes}
