"""How long management waits: the agenda of a review. Beside the same question in bare SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from baton.kernel.clock import now
from baton.ledger.models import DealState
from bench.figures import Figure, figure
from bench.scene import Scene

WEEK = timedelta(days=7)


def agenda(scene: Scene) -> Figure:
    """The agenda as one of twelve people sees it: what slipped, went quiet, changed, came back or closes."""
    took = scene.ask(lambda: scene.somebody().get("/review/")[0])
    bare = scene.bare(STANDING, _values)
    return figure("agenda", "Review agenda", 150, took, bare, "a week of changes, every reason")


STANDING = (
    "SELECT * FROM (SELECT n.deal_id FROM baton_dealstate n JOIN baton_dealstate t ON t.deal_id = n.deal_id "
    "AND t.began_at <= %s AND t.ended_at > %s WHERE n.ended_at IS NULL AND n.began_at > %s AND (n.close_date > "
    "t.close_date OR n.amount <> t.amount OR n.stage <> t.stage AND NOT n.shown)) AS changed UNION ALL "
    "SELECT * FROM (SELECT id FROM baton_deal WHERE status = 'open' AND (close_date < %s OR next_step = '' OR "
    "last_heard_at < %s) ORDER BY amount DESC LIMIT 50) AS standing"
)


def _values() -> list[Any]:
    field = DealState._meta.get_field("began_at")
    week, quiet = (field.get_db_prep_value(now() - one, connection) for one in (WEEK, timedelta(days=8)))
    return [week, week, week, now().date().isoformat(), quiet]


DECIDING: dict[str, Callable[[Scene], Figure]] = {"agenda": agenda}
