"""How long management waits: the agenda of a review. Beside the same question in bare SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from baton.kernel.clock import now
from bench.figures import Figure, figure
from bench.scene import Scene

WEEK = timedelta(days=7)


def agenda(scene: Scene) -> Figure:
    """The agenda as one of twelve people sees it: what slipped, went quiet, changed, came back or closes."""
    took = scene.ask(lambda: scene.somebody().get("/review/")[0])
    bare = scene.bare(
        "SELECT n.deal_id, n.stage, n.amount, n.close_date, t.stage, t.amount, t.close_date FROM baton_dealstate n "
        "JOIN baton_dealstate t ON t.deal_id = n.deal_id AND t.began_at <= %s AND t.ended_at > %s "
        "WHERE n.ended_at IS NULL AND n.began_at > %s AND (n.close_date > t.close_date OR n.amount <> t.amount)",
        lambda: [_moment(now() - WEEK)] * 3,
    )
    return figure("agenda", "Review agenda", 150, took, bare, "a week of changes, every reason")


def _moment(at: datetime) -> Any:
    """Return a moment as bare SQL takes it on this database."""
    return at.replace(tzinfo=None) if connection.vendor == "sqlite" else at


DECIDING: dict[str, Callable[[Scene], Figure]] = {"agenda": agenda}
