"""The first map, put together from the answers of the set-up and the nearest ready map. Pure.

Whatever wasn't answered yet stays as the ready map has it, so that there is a map to look at after every page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from baton.map.durations import parse_within
from baton.map.elements import Charter, Decision, Desk, Field, Goal, Stage
from baton.map.phrases import read_cadence
from baton.map.reading import FLOW, read_map
from baton.map.ready import READY, ready_map
from baton.map.schema import OperatingMap
from baton.map.section import Notes
from baton.map.validation import check

Answers = Mapping[str, Any]


def compose(answers: Answers, owner: str) -> OperatingMap:
    """Return the map that these answers make; `owner` is the address of who owns it while nobody said."""
    place, behaviors, flow, left = (answers.get(page, {}) for page in ("place", "behaviors", "flow", "map"))
    drawn = _ready(behaviors.get("map", READY[0]), answers.get("owner", {}).get("email") or owner, place)
    decided = answers.get("decisions", {})
    drawn = replace(drawn, purpose=decided.get("purpose") or drawn.purpose, charter=_charter(decided, flow))
    drawn = _with_behaviors(_with_forecast(drawn, decided), behaviors)
    drawn = replace(drawn, desks={key: _desk(each, flow) for key, each in drawn.desks.items()})
    drawn = replace(drawn, goals=tuple(goal_of(each) for each in answers.get("goals", [])))
    drawn = without_fields(without_stages(drawn, left.get("no_stages", ())), left.get("no_fields", ()))
    return _with_automations_that_stand(drawn)


def _with_automations_that_stand(drawn: OperatingMap) -> OperatingMap:
    """Leave out the automations that name a stage, a field or a behavior that was left out."""
    bare = _problems(replace(drawn, automations={}))
    if _problems(drawn) == bare:
        return drawn
    kept = {
        key: each
        for key, each in drawn.automations.items()
        if _problems(replace(drawn, automations={key: each})) == bare
    }
    return replace(drawn, automations=kept)


def _problems(drawn: OperatingMap) -> int:
    notes = Notes()
    check(drawn, notes)
    return len(notes.problems)


def _ready(name: str, owner: str, place: Mapping[str, str]) -> OperatingMap:
    text = ready_map(
        name,
        owner,
        place.get("business") or "—",
        place.get("zone") or "UTC",
        holidays=place.get("country") or "",
        currency=place.get("currency") or "EUR",
        language=place.get("language") or "en",
    )
    drawn, problems = read_map(text)
    if drawn is None:
        raise RuntimeError(f"the ready map {name} can't be read: {problems[0]}")
    return drawn


def _with_forecast(drawn: OperatingMap, decided: Mapping[str, Any]) -> OperatingMap:
    """Have those who hold the review decide by a forecast, where it was said that what will close is decided."""
    if not decided.get("forecast") or drawn.decisions_on("forecast"):
        return drawn
    review = next(iter(drawn.decisions.values()))
    reads, every = ("amount", "close_date", "stage"), read_cadence("Friday 15:00")
    forecast = Decision(
        key="forecast", id="forecast", name="Forecast", who=review.who, every=every, reads=reads, page="forecast"
    )
    return replace(drawn, decisions={**drawn.decisions, forecast.key: forecast})


def _charter(decided: Mapping[str, Any], flow: Mapping[str, Any]) -> Charter:
    return Charter(tuple(decided.get("supports", ())), **{word: flow.get(word, "") for word in FLOW})


def _with_behaviors(drawn: OperatingMap, answered: Mapping[str, Any]) -> OperatingMap:
    """Keep the behaviors that were chosen, each with the time that was given to it."""
    kept = answered.get("behaviors", list(drawn.behaviors))
    within = answered.get("within", {})
    chosen = {key: each for key, each in drawn.behaviors.items() if key in kept}
    return replace(
        drawn,
        behaviors={
            key: replace(each, within=parse_within(within[key])) if within.get(key) else each
            for key, each in chosen.items()
        },
    )


def _desk(desk: Desk, flow: Mapping[str, Any]) -> Desk:
    lead = flow.get("desks", {}).get(desk.key) or desk.lead
    capture = flow.get("captures", {}).get(desk.key) or desk.capture
    return replace(desk, lead=lead, members=(lead,), capture=capture)


def goal_of(given: Mapping[str, str]) -> Goal:
    """Return a goal from what a form kept."""
    return Goal(given["metric"], given["baseline"], given["target"], date.fromisoformat(given["by"]))


# Leaving out


def can_go_without(drawn: OperatingMap, stage: Stage) -> bool:
    """Whether nothing waits for a stage and nothing is handed over there, and its desk has another."""
    is_left = any(handoff.at == stage.key for handoff in drawn.handoffs.values()) or _is_waited_for(drawn, stage.key)
    decides = stage.closes or stage.opens or stage.key == drawn.first_stage.key
    return not is_left and not decides and len(drawn.stages_of(stage.desk)) > 1


def without_stages(drawn: OperatingMap, gone: Collection[str]) -> OperatingMap:
    """Return the map without these stages; what was caught there is caught at the stage before."""
    for key in gone:
        stage = drawn.stages.get(key)
        if stage is None or not can_go_without(drawn, stage):
            continue
        keys = list(drawn.stages)
        before = keys[keys.index(key) - 1]
        fields = {
            name: replace(each, caught_at=before) if each.caught_at == key else each
            for name, each in drawn.fields.items()
        }
        stages = {name: each for name, each in drawn.stages.items() if name != key}
        drawn = replace(drawn, stages=stages, fields=fields)
    return drawn


def can_do_without(drawn: OperatingMap, field: Field) -> bool:
    """Whether no behavior waits for a field, and every handoff and decision that has it has something else besides."""
    handoffs = all(len(each.carries) > 1 for each in drawn.handoffs.values() if field.key in each.carries)
    decisions = all(len(each.reads) > 1 for each in drawn.decisions.values() if field.key in each.reads)
    shows = any(consumer.kind == "stage" for consumer in drawn.consumers_of(field.key))
    return handoffs and decisions and not shows and not _is_waited_for(drawn, field.key)


def _is_waited_for(drawn: OperatingMap, key: str) -> bool:
    """Whether a behavior opens or closes with what happens to this stage or field."""
    ends = [end for each in drawn.behaviors.values() for end in (each.opens, each.closes)]
    named = [one for end in ends for part in (end, end.silent, end.after) if part for one in part.each]
    return any(one.detail == key and one.kind.partition(".")[0] in ("stage", "fact") for one in named)


def without_fields(drawn: OperatingMap, gone: Collection[str]) -> OperatingMap:
    """Return the map without these fields, and no handoff or decision asking for them."""
    for key in gone:
        field = drawn.fields.get(key)
        if field is None or not can_do_without(drawn, field):
            continue
        drawn = replace(
            drawn,
            fields={name: each for name, each in drawn.fields.items() if name != key},
            handoffs={
                name: replace(each, carries=tuple(item for item in each.carries if item != key))
                for name, each in drawn.handoffs.items()
            },
            decisions={
                name: replace(each, reads=tuple(item for item in each.reads if item != key))
                for name, each in drawn.decisions.items()
            },
        )
    return drawn
