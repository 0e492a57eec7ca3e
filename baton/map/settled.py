"""A map as the running system uses it: every element known by its permanent id, whatever key the YAML gives it today.

Renaming a key therefore moves nothing: rows, facts and duties name elements by id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from baton.map.automations import PLACE, Automation, Condition, Deed, Reliance
from baton.map.catalog import EVENTS
from baton.map.elements import Behavior, Decision, Element, Field, Handoff, OwedBy, Stage, Who
from baton.map.events import EventPattern
from baton.map.schema import OperatingMap

Some = TypeVar("Some", bound=Element)
Ids = Mapping[str, Mapping[str, str]]


def by_id(operating_map: OperatingMap) -> OperatingMap:
    """Return the same map with ids in the place of keys, in every mapping and every reference."""
    ids: Ids = {
        "desk": _ids(operating_map.desks),
        "stage": _ids(operating_map.stages),
        "field": _ids(operating_map.fields),
        "handoff": _ids(operating_map.handoffs),
        "behavior": _ids(operating_map.behaviors),
    }
    return replace(
        operating_map,
        desks=_rekey(operating_map.desks, lambda desk: desk),
        stages=_rekey(operating_map.stages, lambda stage: _stage(stage, ids)),
        fields=_rekey(operating_map.fields, lambda field: _field(field, ids)),
        handoffs=_rekey(operating_map.handoffs, lambda handoff: _handoff(handoff, ids)),
        behaviors=_rekey(operating_map.behaviors, lambda behavior: _behavior(behavior, ids)),
        decisions=_rekey(operating_map.decisions, lambda decision: _decision(decision, ids)),
        automations=_rekey(operating_map.automations, lambda each: _automation(each, ids)),
        commission=_rekey(operating_map.commission, lambda rule: rule),
        successors={gone: _one(ids["stage"], key) for gone, key in operating_map.successors.items()},
    )


def _ids(elements: Mapping[str, Element]) -> dict[str, str]:
    return {key: element.id for key, element in elements.items()}


def _rekey(elements: Mapping[str, Some], settle: Callable[[Some], Any]) -> dict[str, Any]:
    settled = (settle(element) for element in elements.values())
    return {element.id: replace(element, key=element.id) for element in settled}


def _one(ids: Mapping[str, str], key: str) -> str:
    return ids.get(key, key)


def _stage(stage: Stage, ids: Ids) -> Stage:
    desk, opens = _one(ids["desk"], stage.desk), _one(ids["desk"], stage.opens)
    return replace(stage, desk=desk, opens=opens, entered_by=_pattern(stage.entered_by, ids))


def _field(field: Field, ids: Ids) -> Field:
    needed = tuple(replace(each, key=_one(ids.get(each.kind, {}), each.key)) for each in field.needed_by)
    return replace(field, caught_at=_one(ids["stage"], field.caught_at), needed_by=needed)


def _handoff(handoff: Handoff, ids: Ids) -> Handoff:
    return replace(
        handoff,
        from_desk=_one(ids["desk"], handoff.from_desk),
        to_desk=_one(ids["desk"], handoff.to_desk),
        at=_one(ids["stage"], handoff.at),
        carries=tuple(_one(ids["field"], key) for key in handoff.carries),
    )


def _behavior(behavior: Behavior, ids: Ids) -> Behavior:
    steps = tuple(replace(step, to=_who(step.to, ids)) if step.to else step for step in behavior.if_forgotten)
    return replace(
        behavior,
        opens=_pattern(behavior.opens, ids),
        closes=_pattern(behavior.closes, ids),
        owed_by=OwedBy(tuple(_who(who, ids) for who in behavior.owed_by.chain)),
        if_forgotten=steps,
    )


def _automation(each: Automation, ids: Ids) -> Automation:
    acts = replace(each.acts, field=_one(ids["field"], each.acts.field)) if each.acts else None
    return replace(
        each,
        when=_pattern(each.when, ids),
        acts=acts,
        conditions=tuple(_condition(one, ids) for one in each.conditions),
        deeds=tuple(_deed(one, ids) for one in each.deeds),
        relies_on=tuple(_reliance(one, ids) for one in each.relies_on),
        held_by=_one(ids["behavior"], each.held_by),
    )


def _condition(one: Condition, ids: Ids) -> Condition:
    return replace(one, field=_one(ids["field"], one.field), value=_one(ids.get(one.field, {}), one.value))


def _deed(one: Deed, ids: Ids) -> Deed:
    def place(found: re.Match[str]) -> str:
        return f"{{{_one(ids['field'], found[1])}}}"

    kind = {"handoff": "handoff", "confirm": "field"}.get(one.kind, "")
    return replace(
        one,
        who=_who(one.who, ids) if one.who else None,
        name=_one(ids.get(kind, {}), one.name),
        text=PLACE.sub(place, one.text),
        subject=PLACE.sub(place, one.subject),
    )


def _reliance(one: Reliance, ids: Ids) -> Reliance:
    who = _who(one.said_by, ids) if one.said_by else None
    return replace(one, field=_one(ids["field"], one.field), said_by=who)


def _who(who: Who, ids: Ids) -> Who:
    return replace(who, name=_one(ids["desk"], who.name)) if who.role in ("lead of", "in turn") else who


def _decision(decision: Decision, ids: Ids) -> Decision:
    return replace(decision, reads=tuple(_one(ids["field"], key) for key in decision.reads))


def _pattern(pattern: EventPattern, ids: Ids) -> EventPattern:
    known = EVENTS.get(pattern.kind)
    return replace(
        pattern,
        detail=_one(ids.get(known.detail if known else "", {}), pattern.detail),
        others=tuple(_pattern(other, ids) for other in pattern.others),
        silent=_pattern(pattern.silent, ids) if pattern.silent else None,
        after=_pattern(pattern.after, ids) if pattern.after else None,
    )
