"""The mirror and the owner's desk, as members open them; days that are over were counted, as by the worker."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from baton.kernel.clock import now
from baton.mirror.keeping import keep_days
from baton.mirror.models import Day
from bench.figures import Figure, figure
from bench.scene import Scene

BARE = (
    "SELECT stage, shown, count(*) FROM baton_dealstate WHERE began_at >= %s GROUP BY stage, shown",
    "SELECT count(*) FROM baton_deal WHERE status = 'open' AND (amount IS NULL OR close_date IS NULL)",
)


def mirror(scene: Scene) -> Figure:
    """The mirror, anybody's, over 30 or 90 days."""
    took_to_count = _counted()
    took = scene.ask(lambda: scene.somebody().get(f"/mirror/?days={scene.dice.choice((30, 90))}")[0])
    bare = scene.bare(BARE[0], lambda: [f"{now():%Y-%m-%d}"])
    note = f"{Day.objects.count()} days kept, counted in {took_to_count:.1f} s"
    return figure("mirror", "Mirror, three questions over 30 or 90 days", 150, took, bare, note)


def owner(scene: Scene) -> Figure:
    """The owner's desk."""
    _counted()
    took = scene.ask(lambda: scene.visitors["tomas"].get("/owner/")[0])
    return figure("owner", "Owner’s desk", 150, took, scene.bare(BARE[1], list))


def _counted() -> float:
    began = monotonic()
    while keep_days(now()):
        pass
    return monotonic() - began


MIRRORS: dict[str, Callable[[Scene], Figure]] = {"mirror": mirror, "owner": owner}
