"""A map back to YAML: what `read_map` reads again as the same map, in the order in which people think of it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Union

from baton.map.automations import written_automation
from baton.map.commission import written_rule
from baton.map.elements import (
    NOWHERE,
    READ_BY_TYPE,
    Behavior,
    Charter,
    Decision,
    Desk,
    Element,
    Field,
    Handoff,
    Stage,
    handoff_name,
    name_from,
    page_meant,
)
from baton.map.phrases import (
    DAYS,
    VISIBILITY,
    write_cadence,
    write_forgotten,
    write_owed_by,
    write_percent,
    write_person,
    write_span,
)
from baton.map.schema import OperatingMap
from baton.members.hours import WorkingHours

Written = Union[str, list["Written"], dict[str, "Written"]]  # noqa: UP007 - a name in quotes takes no |
WIDTH = 110
PLAIN = re.compile(r"\w(?:[\w ._/@&+'’%;:=<>()-]*[\w.%)@])?")
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
PROOFS = ("weight", "handoff", "commission")


def write_map(drawn: OperatingMap) -> str:
    """The map as one readable YAML file; what stands at its default is left out."""
    parts = [_block({key: value}) for key, value in entries(drawn).items() if value not in ("", [], {})]
    return "".join(f"\n{part}" if part.count("\n") > 1 else part for part in parts).lstrip()


def entries(drawn: OperatingMap) -> dict[str, Written]:
    """The map as the nested entries of its YAML."""
    return {
        "business": drawn.business,
        "purpose": drawn.purpose,
        "charter": _charter(drawn.charter),
        "visibility": VISIBILITY[drawn.visibility],
        "sharing": dict(drawn.sharing),
        "own_figures": [*drawn.own_figures],
        "owner": drawn.owner,
        "deputy": write_person(drawn.deputy, drawn.owner) if drawn.deputy else "",
        "review": drawn.review.isoformat() if drawn.review else "",
        "hours": _hours(drawn.hours),
        "currency": drawn.currency,
        "languages": list(drawn.languages),
        "conflict_check": "yes" if drawn.conflict_check else "",
        "lost_because": list(drawn.lost_because),
        "exceptions": list(drawn.exceptions),
        "desks": {key: _desk(desk, drawn) for key, desk in drawn.desks.items()},
        "stages": {key: _stage(stage) for key, stage in drawn.stages.items()},
        "successors": dict(drawn.successors),
        "fields": {key: _field(each) for key, each in drawn.fields.items()},
        "handoffs": {key: _handoff(handoff) for key, handoff in drawn.handoffs.items()},
        "behaviors": {key: _behavior(behavior, drawn) for key, behavior in drawn.behaviors.items()},
        "decisions": {key: _decision(decision, drawn) for key, decision in drawn.decisions.items()},
        "automations": {
            key: _without_empty(written_automation(each, drawn.owner)) for key, each in drawn.automations.items()
        },
        "commission": {key: _without_empty(written_rule(rule, drawn.owner)) for key, rule in drawn.commission.items()},
        "numbers": dict(drawn.numbers),
        "goals": [
            {"metric": goal.metric, "baseline": goal.baseline, "target": goal.target, "by": goal.by.isoformat()}
            for goal in drawn.goals
        ],
    }


def _charter(charter: Charter) -> dict[str, Written]:
    return _without_empty({
        "supports": list(charter.supports),
        "facts_begin": charter.facts_begin,
        "needed_next": charter.needed_next,
        "decided_from": charter.decided_from,
        "breaks_at": charter.breaks_at,
    })  # fmt: skip


def _hours(hours: WorkingHours) -> dict[str, Written]:
    return _without_empty({
        "zone": hours.zone,
        **dict(_week(hours)),
        "holidays": hours.holidays,
        "closed": sorted(day.isoformat() for day in hours.closed),
        "extra": {day.isoformat(): [write_span(span) for span in spans] for day, spans in hours.extra},
    })  # fmt: skip


def _week(hours: WorkingHours) -> Iterator[tuple[str, Written]]:
    """Runs of days with the same hours as one entry: `mon-fri: 08:00-17:30`."""
    day = 0
    while day < 7:
        last = day
        while last < 6 and hours.week[last + 1] == hours.week[day]:
            last += 1
        if hours.week[day]:
            yield (
                DAYS[day] if last == day else f"{DAYS[day]}-{DAYS[last]}",
                _one_or_list(map(write_span, hours.week[day])),
            )
        day = last + 1


def _naming(element: Element, usual: str = "") -> dict[str, Written]:
    name = "" if element.name == (usual or name_from(element.key)) else element.name
    return {"name": name, "id": "" if element.id == element.key else element.id}


def _desk(desk: Desk, drawn: OperatingMap) -> Written:
    return _without_empty({
        **_naming(desk),
        "lead": write_person(desk.lead, drawn.owner),
        "members": [write_person(each, drawn.owner) for each in desk.members if each != desk.lead],
        "capture": f"{desk.capture}@" if desk.capture else "",
        "opens_deals": "yes" if desk.opens_deals else "",
    })  # fmt: skip


def _stage(stage: Stage) -> Written:
    return _without_empty({
        **_naming(stage),
        "desk": stage.desk,
        "entered_by": stage.entered_by.phrase,
        "weight": "" if stage.weight is None else write_percent(stage.weight),
        "closes": stage.closes or "",
        "opens": f"linked deal at {stage.opens}" if stage.opens else "",
        "proof_for": _unless(PROOFS, stage.proof_for),
    })  # fmt: skip


def _field(each: Field) -> Written:
    return _without_empty({
        **_naming(each),
        "type": each.type,
        "on": "" if each.on == "deal" else each.on,
        "choices": list(each.choices),
        "caught_at": each.caught_at,
        "needed_by": [str(consumer) for consumer in each.needed_by],
        "breaks": each.breaks,
        "fresh_for": "" if each.fresh_for is None else f"{each.fresh_for} days",
        "read_from": _unless(READ_BY_TYPE.get(each.type, ()), each.read_from),
        "heard_as": list(each.heard_as),
    })  # fmt: skip


def _handoff(handoff: Handoff) -> Written:
    return _without_empty({
        **_naming(handoff, handoff_name(handoff.from_desk, handoff.to_desk)),
        "from": handoff.from_desk,
        "to": handoff.to_desk,
        "at": handoff.at,
        "carries": list(handoff.carries),
        "accept_within": str(handoff.accept_within),
        "exceptions": list(handoff.exceptions),
    })  # fmt: skip


def _behavior(behavior: Behavior, drawn: OperatingMap) -> Written:
    return _without_empty({
        **_naming(behavior),
        "opens": behavior.opens.phrase,
        "closes": behavior.closes.phrase,
        "owed_by": write_owed_by(behavior.owed_by, drawn.owner),
        "within": str(behavior.within),
        "if_forgotten": [write_forgotten(step, drawn.owner) for step in behavior.if_forgotten],
        "so_that": behavior.so_that,
    })  # fmt: skip


def _decision(decision: Decision, drawn: OperatingMap) -> Written:
    return _without_empty({
        **_naming(decision),
        "who": [write_person(each, drawn.owner) for each in decision.who],
        "every": write_cadence(decision.every),
        "reads": list(decision.reads),
        "page": "" if decision.page == page_meant(decision.key) else decision.page or NOWHERE,
    })  # fmt: skip


def _unless(usual: tuple[str, ...], texts: tuple[str, ...]) -> Written:
    return "" if texts == usual else _one_or_list(texts or ("nothing",))


def _one_or_list(texts: Iterable[str]) -> Written:
    listed = list(texts)
    return listed[0] if len(listed) == 1 else [*listed]


def _without_empty(entries: Mapping[str, Written]) -> dict[str, Written]:
    return {key: value for key, value in entries.items() if value not in ("", [], {})}


def _block(entries: Mapping[str, Written], indent: int = 0) -> str:
    return "".join(written_entry(key, value, indent) for key, value in entries.items())


def written_entry(key: str, value: Written, indent: int) -> str:
    """One entry: on a line of its own where it fits and holds no groups, else with its parts below it."""
    if isinstance(value, str) and _is_letter(value):
        lines = (f"{' ' * (indent + 2)}{line}".rstrip() for line in value.split("\n"))
        return f"{' ' * indent}{written_word(key)}: |\n" + "".join(f"{line}\n" for line in lines)
    inline = written_word(value, commas=True) if isinstance(value, str) else written_inline(value)
    line = f"{' ' * indent}{written_word(key)}: {inline}\n"
    if isinstance(value, str) or (is_flat(value) and len(line) <= WIDTH and not _holds_letter(value)):
        return line
    head = f"{' ' * indent}{written_word(key)}:\n"
    if isinstance(value, dict):
        return head + _block(value, indent + 2)
    return head + "".join(f"{' ' * (indent + 2)}- {written_inline(item)}\n" for item in value)


def _is_letter(text: str) -> bool:
    """Whether a text has lines that YAML keeps below its key as they are (a literal block)."""
    return "\n" in text and not text.startswith((" ", "\n")) and "\t" not in text and not UNPRINTABLE.search(text)


def _holds_letter(value: Written) -> bool:
    return isinstance(value, dict) and any(isinstance(each, str) and _is_letter(each) for each in value.values())


def is_flat(value: Written) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, dict) for item in items)


def written_inline(value: Written) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written_word(key)}: {written_inline(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(written_inline, value)) + "]" if isinstance(value, list) else written_word(value)


def written_word(text: str, *, commas: bool = False) -> str:
    """A word as it is where YAML reads it back so, else in JSON's quotes, which are YAML's too."""
    plain = PLAIN.fullmatch(text.replace(",", "") if commas else text)
    if plain and not text.startswith(",") and ": " not in text and not text.endswith(":") and text.lower() != "null":
        return text
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
