"""What is chosen on the map, and what its aside says about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from baton.map.elements import Desk, Field, Handoff, Stage
from baton.map.phrases import write_percent
from baton.map.schema import OperatingMap
from baton.web.map.people import Names
from baton.web.map.telling import address, caught
from baton.work.first_time import FirstTime


@dataclass(frozen=True, slots=True)
class Chosen:
    """One element of the map by kind and id, and the field that is looked at within it."""

    kind: str = ""
    key: str = ""
    field: str = ""

    @classmethod
    def read(cls, on: str, field: str, drawn: OperatingMap) -> Chosen:
        """Read the address: `handoff:ID`, `stage:ID`, `desk:ID`; the first handoff where it names nothing there is."""
        kind, _colon, key = on.partition(":")
        groups: dict[str, Any] = {"handoff": drawn.handoffs, "stage": drawn.stages, "desk": drawn.desks}
        if key not in groups.get(kind, ()):
            kind, key = ("handoff", next(iter(drawn.handoffs))) if drawn.handoffs else ("desk", next(iter(drawn.desks)))
        return cls(kind, key, field if drawn.field(field) else "")

    def is_(self, kind: str, key: str) -> bool:
        return (self.kind, self.key) == (kind, key)


def field_shown(chosen: Chosen, drawn: OperatingMap, rates: dict[str, FirstTime]) -> Field | None:
    """The field that the aside goes on with: the one asked for, else of a handoff's packet the one that misses most."""
    if chosen.field or chosen.kind != "handoff":
        return drawn.field(chosen.field)
    rate = rates.get(chosen.key, FirstTime())
    own = [item.field for item in drawn.packet(drawn.handoffs[chosen.key]) if item.field and item.field.breaks]
    return max(own, key=lambda field: rate.missing[field.id], default=None)


def told(chosen: Chosen, drawn: OperatingMap, names: Names, rates: dict[str, FirstTime]) -> dict[str, Any]:
    """What the aside says of the chosen element, ready to be written down."""
    if chosen.kind == "handoff":
        handoff = drawn.handoffs[chosen.key]
        rate = rates.get(handoff.id, FirstTime())
        return {
            "title": handoff.name,
            "handoff": handoff,
            "note": _handoff_note(handoff),
            "rate": rate.sentence,
            "items": list(_items(handoff, chosen, drawn, rate)),
            "passing": passing(handoff, drawn, names),
        }
    if chosen.kind == "stage":
        stage = drawn.stages[chosen.key]
        return {"title": stage.name, "stage": stage, "note": drawn.desks[stage.desk].name} | _stage(stage, drawn)
    desk = drawn.desks[chosen.key]
    return {"title": desk.name, "desk": desk} | _desk(desk, drawn, names)


def _handoff_note(handoff: Handoff) -> str:
    count = len(handoff.carries)
    items = ngettext("{count} item", "{count} items", count).format(count=count)
    return f"{items}, {handoff.accept_within.told}"


def passing(handoff: Handoff, drawn: OperatingMap, names: Names) -> dict[str, str]:
    """Who passes on to whom, and where."""
    giver, taker = drawn.desks[handoff.from_desk], drawn.desks[handoff.to_desk]
    return {
        "from": f"{giver.name}: {names.listed(giver.members)}",
        "to": f"{taker.name}: {names.listed(taker.members)}",
        "at": drawn.stages[handoff.at].name,
    }


def _items(handoff: Handoff, chosen: Chosen, drawn: OperatingMap, rate: FirstTime) -> Iterator[dict[str, Any]]:
    for item in drawn.packet(handoff):
        missing = rate.missing[item.id]
        note = _("missing in {missing} of {returned} returns").format(missing=missing, returned=rate.returned)
        yield {
            "name": item.name,
            "has": "missing" if rate.often_misses(item.id) else "there",
            "href": address("handoff", handoff.id, item.id) if item.field else "",
            "current": chosen.field == item.id,
            "note": note if missing else caught(item.field, drawn),
        }


def _stage(stage: Stage, drawn: OperatingMap) -> dict[str, Any]:
    leaving = [each for each in drawn.handoffs.values() if each.at == stage.id]
    return {
        "weight": write_percent(stage.weight) if stage.weight is not None else "",
        "opens": drawn.desks[stage.opens].name if stage.opens else "",
        "proof": [_PROOF[each] for each in stage.proof_for],
        "leaving": [{"name": each.name, "href": address("handoff", each.id)} for each in leaving],
        "fields": [each for each in drawn.fields.values() if each.caught_at == stage.id],
        "desk_href": address("desk", stage.desk),
    }


_PROOF = {
    "weight": gettext_lazy("forecast"),
    "handoff": gettext_lazy("handoff"),
    "commission": gettext_lazy("commission"),
}


def _desk(desk: Desk, drawn: OperatingMap, names: Names) -> dict[str, Any]:
    return {
        "lead": names.of(desk.lead),
        "members": [names.of(each) for each in desk.members],
        "stages": [{"name": each.name, "href": address("stage", each.id)} for each in drawn.stages_of(desk.id)],
        "comes": [_with_time(each) for each in drawn.handoffs_to(desk.id)],
        "goes": [_with_time(each) for each in drawn.handoffs_from(desk.id)],
    }


def _with_time(handoff: Handoff) -> dict[str, str]:
    return {"name": handoff.name, "href": address("handoff", handoff.id), "time": handoff.accept_within.told}
