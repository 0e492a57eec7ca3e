"""What a desk does here, on one page: drawn out of the map and nothing else. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from baton.map.elements import Behavior, Decision, Desk, Field, Handoff, Stage, Who
from baton.map.events import EventPattern
from baton.map.schema import OperatingMap

Part = Literal["desk", "lead", ""]
RUN_BY = ("owner", "deputy", "manager")
EVERYBODY = ("asker", "asked", "promiser", "recorder", "desk")


@dataclass(frozen=True, slots=True)
class Protocol:
    """One desk's page: where deals stand with it, what is owed, what comes and goes, what it writes down, who decides.

    `yours` is owed by whoever sits there, `of_lead` by the lead.
    """

    desk: Desk
    stages: tuple[Stage, ...]
    yours: tuple[Behavior, ...]
    of_lead: tuple[Behavior, ...]
    takes: tuple[Handoff, ...]
    gives: tuple[Handoff, ...]
    fields: tuple[Field, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Running:
    """The page of whoever owns the map: what they, their deputy and managers owe, and what is decided from Baton."""

    owes: tuple[Behavior, ...]
    decisions: tuple[Decision, ...]


def protocol_of(desk: Desk, drawn: OperatingMap, behaviors: Mapping[str, Behavior]) -> Protocol:
    """Return the page of one desk. `drawn` is keyed by permanent ids, `behaviors` are those in force under it."""
    parts = [(behavior, part_in(behavior, desk, drawn)) for behavior in behaviors.values()]
    stages = tuple(drawn.stages_of(desk.id))
    here = {stage.id for stage in stages}
    return Protocol(
        desk,
        stages,
        tuple(behavior for behavior, part in parts if part == "desk"),
        tuple(behavior for behavior, part in parts if part == "lead"),
        tuple(drawn.handoffs_to(desk.id)),
        tuple(drawn.handoffs_from(desk.id)),
        tuple(field for field in drawn.fields.values() if field.caught_at in here),
        tuple(one for one in drawn.decisions.values() if set(one.who) & set(desk.members)),
    )


def running(drawn: OperatingMap, behaviors: Mapping[str, Behavior]) -> Running:
    """Return the page of whoever runs it."""
    owes = (one for one in behaviors.values() if one.owed_by.chain and one.owed_by.chain[0].role in RUN_BY)
    return Running(tuple(owes), tuple(drawn.decisions.values()))


def part_in(behavior: Behavior, desk: Desk, drawn: OperatingMap) -> Part:
    """Return who at a desk may come to owe it: anybody there, its lead, or nobody.

    Only the first of the chain counts: that somebody stands in for them is told on the duty itself.
    """
    chain = behavior.owed_by.chain
    return _part(chain[0], behavior.opens, desk, drawn) if chain else ""


def _part(who: Who, opens: EventPattern, desk: Desk, drawn: OperatingMap) -> Part:
    if who.role in ("sender", "receiver"):
        return "desk" if desk.id in _passing(who, opens, drawn) else ""
    if who.role == "lead of":
        return "lead" if who.name == desk.id else ""
    if who.role == "in turn":
        return "desk" if who.name in ("", desk.id) else ""
    if who.role == "member":
        return "desk" if who.name.lower() in desk.members else ""
    if who.role in ("deal owner", "desk lead", *EVERYBODY):
        there = desk.id in _desks_where(opens, drawn)
        return ("lead" if who.role == "desk lead" else "desk") if there else ""
    return ""


def _passing(who: Who, opens: EventPattern, drawn: OperatingMap) -> set[str]:
    """The desks that send or take what such an event is about."""
    named = {one.detail for one in opens.each}
    meant = [one for one in drawn.handoffs.values() if "" in named or one.id in named]
    return {one.from_desk if who.role == "sender" else one.to_desk for one in meant}


def _desks_where(opens: EventPattern, drawn: OperatingMap) -> set[str]:
    """The desks at which a deal may lie when this happens: the one of the stage it names, else all that have stages."""
    named = [drawn.stage_by_id(one.detail) for one in opens.each if one.kind == "stage.entered" and one.detail]
    if named:
        return {stage.desk for stage in named if stage}
    shown = [stage for one in opens.each if one.kind.startswith("document.") for stage in _shown(one, drawn)]
    return {stage.desk for stage in shown or drawn.stages.values()} | (set(drawn.desks) - _staged(drawn))


def _shown(pattern: EventPattern, drawn: OperatingMap) -> Iterable[Stage]:
    return drawn.stages_shown_by(pattern.kind, pattern.detail) if pattern.detail else ()


def _staged(drawn: OperatingMap) -> set[str]:
    return {stage.desk for stage in drawn.stages.values()}
