"""Rehearsing each behavior of the map over a year, and publishing a map in which something changed that reaches far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle, islice

from django.db import connection

from baton.kernel.clock import now
from baton.map.current import current_map, current_version
from baton.map.models import MapVersion
from baton.map.publishing import publish
from baton.work.rehearsing import Rehearsal, rehearse
from bench.figures import Figure, percentile

YEAR = timedelta(days=365)
CHANGES = {
    "a time allowed": ("within: 4 working hours\n", "within: 3 working hours\n"),
    "opening hours": ("mon-fri: 08:00-17:30", "mon-fri: 08:00-17:00"),
    "what shows a stage": ("entered_by: document out quote", "entered_by: document out offer"),
    "who leads a desk": ("lead: nell\n    members: [bram", "lead: bram\n    members: [nell"),
}
"""What is changed and changed back, and how that reads in the map of the reference business."""


def rehearsals() -> Iterator[Figure]:
    """Rehearse every behavior of the map by itself over the last year, and all of them at once over thirty days."""
    at, drawn = now(), current_map()
    took = {key: _seconds(partial(rehearse, drawn, since=at - YEAR, until=at, only=[key])) for key in drawn.behaviors}
    slowest = max(took, key=lambda key: took[key][0])
    note = f"{len(took)} behaviors; slowest {slowest}: {took[slowest][1]} duties; {_events()} events in all"
    seconds = [each for each, _opened in took.values()]
    yield Figure(
        "rehearse", "Rehearsing a behavior over a year", 5, "s", percentile(seconds, 50), max(seconds), note=note
    )
    month, opened = _seconds(partial(rehearse, drawn, since=at - timedelta(days=30), until=at))
    what = "Rehearsing a whole map over 30 days"
    yield Figure("rehearse month", what, 5, "s", month, month, note=f"{opened} duties")


def publishing(asked: int) -> Figure:
    """Publish the map again and again, each time with another change that reaches deals or open duties."""
    text = MapVersion.objects.get(number=current_version()).text
    took: dict[str, float] = {}
    for name, (was, is_now) in islice(cycle(CHANGES.items()), min(max(asked // 10, len(CHANGES)), 12)):
        assert was in text or is_now in text, name
        text = text.replace(was, is_now) if was in text else text.replace(is_now, was)
        began = time.perf_counter()
        publish(text, by=None, at=now(), note="bench")
        took[name] = max(time.perf_counter() - began, took.get(name, 0.0))
    note = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in took.items())
    return Figure(
        "publishing", "Publishing a map", 1, "s", percentile(list(took.values()), 50), max(took.values()), note=note
    )


def _seconds(act: Callable[[], Rehearsal]) -> tuple[float, int]:
    began = time.perf_counter()
    found = act()
    return time.perf_counter() - began, found.opened


def _events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM baton_event")
        return cursor.fetchone()[0]
