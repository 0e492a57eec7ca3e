"""The drawing of a map with what is written on it and where each part leads."""

from __future__ import annotations

from typing import Any

from baton.map.drawing import Baton, Drawing
from baton.web.map.people import Names
from baton.web.map.selection import Chosen
from baton.web.map.telling import address
from baton.work.first_time import FirstTime


def drawing_told(
    drawing: Drawing, names: Names, chosen: Chosen | None = None, rates: dict[str, FirstTime] | None = None
) -> dict[str, Any]:
    """Each part of the drawing with its address and whether it is chosen; without `chosen` nothing leads anywhere."""
    return {
        "drawing": drawing,
        "lanes": [{"at": each, **link("desk", each.desk.id, chosen)} for each in drawing.lanes],
        "nodes": [{"at": each, **link("stage", each.stage.id, chosen)} for each in drawing.nodes],
        "batons": [{"at": each, **_baton(each, chosen, rates or {})} for each in drawing.batons],
        "people": [(each, names.listed(each.desk.members)) for each in drawing.lanes],
    }


def link(kind: str, key: str, chosen: Chosen | None) -> dict[str, Any]:
    """Where an element leads, and whether it is the one that is looked at."""
    return {"href": address(kind, key), "current": chosen.is_(kind, key)} if chosen else {"href": ""}


def _baton(baton: Baton, chosen: Chosen | None, rates: dict[str, FirstTime]) -> dict[str, Any]:
    rate = rates.get(baton.handoff.id, FirstTime())
    segments = [(each, rate.often_misses(each.item.id)) for each in baton.segments]
    return link("handoff", baton.handoff.id, chosen) | {"note": rate.sentence, "segments": segments}
