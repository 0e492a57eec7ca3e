"""Telling the story: everything in the order in which it happened, over the whole business, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from baton.management.demonstration.deeds import DEEDS
from baton.management.demonstration.happening import Happening
from baton.management.demonstration.post import deliver
from baton.management.demonstration.scene import Scene
from baton.work import chasing, meetings, watches

LETTER = "writes"
ONE_ROUND = timedelta(minutes=5)
"""Letters that were written within this time, with nothing between them, are read together."""
EVENING = time(18, 30)
Say = Callable[[str], object]


def tell(story: list[Happening], scene: Scene, say: Say) -> None:
    """Play every line of the story at its moment; what was forgotten is noticed at the end of each day."""
    ordered = sorted(story, key=lambda one: one.at)
    month = ""
    for day, lines in groupby(ordered, key=lambda one: one.at.astimezone(scene.calendar.hours.tz).date()):
        if f"{day:%B %Y}" != month:
            month = f"{day:%B %Y}"
            say(f"  {month} …")
        _play(list(lines), scene)
        _look_round(min(_evening(day, scene), scene.calendar.at))
    _look_round(scene.calendar.at)


def _evening(day: date, scene: Scene) -> datetime:
    return datetime.combine(day, EVENING, scene.calendar.hours.tz)


def _play(lines: list[Happening], scene: Scene) -> None:
    for part in _parts(lines):
        if part[0].do == LETTER:
            deliver(part, scene)
        else:
            _do(part[0], scene)


def _parts(lines: list[Happening]) -> Iterator[list[Happening]]:
    """Yield lines one by one, and letters that can be read together as one part: each on another deal."""
    part: list[Happening] = []
    for one in lines:
        if part and not _goes_with(part, one):
            yield part
            part = []
        part.append(one)
        if one.do != LETTER:
            yield part
            part = []
    if part:
        yield part


def _goes_with(part: list[Happening], one: Happening) -> bool:
    soon = one.at - part[0].at < ONE_ROUND
    return one.do == LETTER and soon and one.on not in {other.on for other in part}


def _do(one: Happening, scene: Scene) -> None:
    try:
        DEEDS[one.do](scene, one)
    except Exception as why:
        why.add_note(f"In the story: on {one.on}, {one.by} {one.do} at {one.at:%a %d %b %H:%M}, {one.told}")
        raise


def _look_round(at: datetime) -> None:
    meetings.notice_over(at)
    watches.notice(at)
    chasing.chase(at)
