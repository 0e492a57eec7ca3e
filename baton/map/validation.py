"""What makes a map unfit to work by, although it can be read: each rule refuses with its reason.

A field needs someone who needs it, a stage something that shows it, a handoff someone who accepts it, a behavior
someone who owes it; and a deal must find its way from the first stage to the last.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from baton.map.automations import SENDER, WORDS, Automation, fields_named
from baton.map.commission import check_rules
from baton.map.elements import BUILT_IN_FIELDS, ITEMS, Behavior, Element, Field, Handoff, Stage, Who
from baton.map.events import EventPattern
from baton.map.goals import check_goals
from baton.map.marked import Problem
from baton.map.schema import OperatingMap
from baton.map.section import Notes, nearest
from baton.members.hours import knows_holidays

LISTED = 12
SMALL = {"behaviors": 4, "fields": 12, "items": 5}
"""How large a map to start from may be; `items` are those of one packet."""


def check(drawn: OperatingMap, notes: Notes) -> None:
    """Note every rule of the business that this map breaks."""
    for rule in RULES:
        rule(drawn, notes)


def check_size(drawn: OperatingMap) -> list[Problem]:
    """What makes a map to start from too large."""
    counts = [("behaviors", len(drawn.behaviors)), ("fields", len(drawn.fields))]
    counts += [("items", len(each.carries)) for each in drawn.handoffs.values()]
    said = _("A map to start from has at most {most} {what}, this one has {count}.")
    return [
        Problem(0, 0, said.format(most=SMALL[what], what=what, count=count))
        for what, count in counts
        if count > SMALL[what]
    ]


def _stages(drawn: OperatingMap, notes: Notes) -> None:
    for stage in drawn.stages.values():
        path = ("stages", stage.key)
        _known(notes, (*path, "desk"), _stage_called(stage), "desk", stage.desk, drawn.desks)
        _known(notes, (*path, "opens"), _stage_called(stage), "desk", stage.opens, drawn.desks)
        if stage.entered_by.kind and not stage.entered_by.proves:
            said = _("{stage} is entered by `{phrase}`, which proves nothing").format(
                stage=_stage_called(stage), phrase=stage.entered_by.phrase
            )
            notes.at((*path, "entered_by"), said, _("name something that happens, e.g. `document out quote`"))
        if stage.opens and not drawn.stages_of(stage.opens) and stage.opens in drawn.desks:
            said = _("{stage} opens a linked deal at {desk}, which has no stage").format(
                stage=_stage_called(stage), desk=stage.opens
            )
            notes.at((*path, "opens"), said)


def _events(drawn: OperatingMap, notes: Notes) -> None:
    for stage in drawn.stages.values():
        _event(drawn, notes, ("stages", stage.key, "entered_by"), _stage_called(stage), stage.entered_by)
    for behavior in drawn.behaviors.values():
        for end in ("opens", "closes"):
            path = ("behaviors", behavior.key, end)
            _event(drawn, notes, path, _behavior_called(behavior), getattr(behavior, end))


def _event(drawn: OperatingMap, notes: Notes, path: tuple[str, ...], called: str, pattern: EventPattern) -> None:
    """What an event names must exist: its stage, its handoff, its field."""
    known = {"stage": drawn.stages, "handoff": drawn.handoffs, "fact": {**drawn.fields, **BUILT_IN_FIELDS}}
    named = [each for one in (pattern.silent, pattern.after) if one for each in one.each]
    for one in (*pattern.each, *named):
        kind = one.kind.partition(".")[0]
        if kind in known:
            _known(notes, path, called, "field" if kind == "fact" else kind, one.detail, known[kind])


def _fields(drawn: OperatingMap, notes: Notes) -> None:
    for each in drawn.fields.values():
        called, path = _field_called(each), ("fields", each.key)
        _known(notes, (*path, "caught_at"), called, "stage", each.caught_at, drawn.stages)
        if each.key in BUILT_IN_FIELDS or each.key in ITEMS:
            notes.at(path, _("{field} is one that every business has").format(field=called), _("leave it out here"))
        _is_needed(drawn, notes, each)
        _is_needed_by_those(drawn, notes, each)


def _is_needed(drawn: OperatingMap, notes: Notes, each: Field) -> None:
    if not any(consumer.kind != "stage" for consumer in drawn.consumers_of(each.key)):
        said = _("{field} is needed by no handoff and no decision").format(field=_field_called(each))
        notes.at(("fields", each.key), said, _("let a handoff carry it or a decision read it, or leave it out"))


def _is_needed_by_those(drawn: OperatingMap, notes: Notes, each: Field) -> None:
    known = {"handoff": drawn.handoffs, "decision": drawn.decisions, "stage": drawn.stages}
    path, truly = ("fields", each.key, "needed_by"), drawn.consumers_of(each.key)
    for consumer in each.needed_by:
        if consumer.key not in known[consumer.kind]:
            _known(notes, path, _field_called(each), consumer.kind, consumer.key, known[consumer.kind])
        elif consumer not in truly:
            said = _("{field} says that {consumer} needs it, which doesn’t name it").format(
                field=_field_called(each), consumer=consumer
            )
            notes.at(path, said, _("add it there, or take it out here"))


def _handoffs(drawn: OperatingMap, notes: Notes) -> None:
    for each in drawn.handoffs.values():
        called, path = _("handoff “{key}”").format(key=each.key), ("handoffs", each.key)
        _known(notes, (*path, "from"), called, "desk", each.from_desk, drawn.desks)
        _known(notes, (*path, "to"), called, "desk", each.to_desk, drawn.desks)
        _known(notes, (*path, "at"), called, "stage", each.at, drawn.stages)
        for item in each.carries:
            _known(notes, (*path, "carries"), called, "field", item, [*drawn.fields, *BUILT_IN_FIELDS, *ITEMS])
        _leaves_its_own_desk(drawn, notes, each, called)
        if len(set(each.carries)) < len(each.carries):
            notes.at((*path, "carries"), _("{handoff} carries something twice").format(handoff=called))


def _leaves_its_own_desk(drawn: OperatingMap, notes: Notes, each: Handoff, called: str) -> None:
    stage, path = drawn.stages.get(each.at), ("handoffs", each.key)
    if each.from_desk and each.from_desk == each.to_desk:
        notes.at((*path, "to"), _("{handoff} goes to the desk that it comes from").format(handoff=called))
    if stage and each.from_desk in drawn.desks and stage.desk != each.from_desk:
        said = _("{handoff} leaves {desk} at “{stage}”, a stage of {other}").format(
            handoff=called, desk=each.from_desk, stage=each.at, other=stage.desk
        )
        notes.at((*path, "at"), said, _("name a stage of the desk that passes the deal on"))


def _way_through(drawn: OperatingMap, notes: Notes) -> None:
    """A deal changes desk only in a handoff, so wherever the next stage lies elsewhere, one must lead there."""
    stages = list(drawn.stages.values())
    for here, there in pairwise(stages):
        if here.desk == there.desk or not {here.desk, there.desk} <= set(drawn.desks):
            continue
        if not any(handoff.to_desk == there.desk for handoff in drawn.handoffs_from(here.desk)):
            said = _("nothing passes a deal from {here} to {there}, so none reaches {stage}").format(
                here=here.desk, there=there.desk, stage=_stage_called(there)
            )
            notes.at(
                ("stages", there.key),
                said,
                _("add a handoff from {here} to {there}").format(here=here.desk, there=there.desk),
            )


def _desks(drawn: OperatingMap, notes: Notes) -> None:
    reached = {stage.desk for stage in drawn.stages.values()} | {each.to_desk for each in drawn.handoffs.values()}
    for desk in drawn.desks.values():
        if desk.key not in reached:
            said = _("desk “{key}” has no stage and nothing is handed to it").format(key=desk.key)
            notes.at(("desks", desk.key), said, _("give it a stage or a handoff, or leave it out"))
    captures = [(desk.capture, ("desks", desk.key, "capture")) for desk in drawn.desks.values() if desk.capture]
    for path, capture in _repeated(captures):
        notes.at(path, _("two desks capture mail at {capture}@").format(capture=capture))


def _behaviors(drawn: OperatingMap, notes: Notes) -> None:
    for each in drawn.behaviors.values():
        path, called = ("behaviors", each.key), _behavior_called(each)
        for who in each.owed_by.chain:
            _reachable(drawn, notes, (*path, "owed_by"), called, who)
        for step in each.if_forgotten:
            if step.to:
                _reachable(drawn, notes, (*path, "if_forgotten"), called, step.to)
        if sum(step.verb == "escalate" for step in each.if_forgotten) > 1:
            notes.at(
                (*path, "if_forgotten"), _("{behavior} escalates twice").format(behavior=called), _("it escalates once")
            )


def _reachable(drawn: OperatingMap, notes: Notes, path: tuple[str, ...], called: str, who: Who) -> None:
    if who.role == "lead of" or (who.role == "in turn" and who.name):
        _known(notes, path, called, "desk", who.name, drawn.desks)
    if who.role == "deputy" and not drawn.deputy:
        notes.at(path, _("{behavior} is owed by the deputy, and the map names none").format(behavior=called))


def _decisions(drawn: OperatingMap, notes: Notes) -> None:
    for each in drawn.decisions.values():
        called = _("decision “{key}”").format(key=each.key)
        for read in each.reads:
            known = [*drawn.fields, *BUILT_IN_FIELDS, *ITEMS]
            _known(notes, ("decisions", each.key, "reads"), called, "field", read, known)


def _commission(drawn: OperatingMap, notes: Notes) -> None:
    check_rules(drawn.commission, notes)


def _goals(drawn: OperatingMap, notes: Notes) -> None:
    check_goals(drawn.goals, notes)


def _automations(drawn: OperatingMap, notes: Notes) -> None:
    fields = [*drawn.fields, *BUILT_IN_FIELDS, "status"]
    for each in drawn.automations.values():
        path, called = ("automations", each.key), _("automation “{key}”").format(key=each.key)
        _event(drawn, notes, (*path, "when"), called, each.when)
        for named in fields_named(each):
            _known(notes, path, called, "field", named, [*fields, *WORDS])
        _known(notes, (*path, "held_by"), called, "behavior", each.held_by, drawn.behaviors)
        _deeds(drawn, notes, each, called)
        _timing(drawn, notes, each, called)
        for one in each.relies_on:
            if one.said_by:
                _reachable(drawn, notes, (*path, "relies_on"), called, one.said_by)
        for one in each.conditions:
            known = {"stage": drawn.stages, "desk": drawn.desks}.get(one.field)
            if known is not None and one.value:
                _known(notes, (*path, "if"), called, one.field, one.value, known)


def _deeds(drawn: OperatingMap, notes: Notes, each: Automation, called: str) -> None:
    path = ("automations", each.key, "do")
    if not each.deeds:
        notes.at(path, _("{automation} does nothing").format(automation=called))
    for deed in each.deeds:
        if deed.kind == "handoff":
            _known(notes, path, called, "handoff", deed.name, drawn.handoffs)
        if deed.who:
            _reachable(drawn, notes, path, called, deed.who)
        if deed.kind in {"assign", "tell"} and deed.who is None:
            notes.at(path, _("{automation} doesn’t say whom").format(automation=called))
    if each.relies_on and any(one.field == SENDER for one in each.relies_on) and not _is_message(each):
        said = _("{automation} relies on the sender, but no message sets it off").format(automation=called)
        notes.at(("automations", each.key, "relies_on"), said)


def _is_message(each: Automation) -> bool:
    return any(one.kind == "interaction.in" for one in each.when.each)


def _timing(drawn: OperatingMap, notes: Notes, each: Automation, called: str) -> None:
    if each.acts is None or not each.acts.field:
        return
    field, path = drawn.field(each.acts.field), ("automations", each.key, "acts")
    if field and field.type != "date":
        notes.at(path, _("{automation} waits for “{key}”, which is no date").format(automation=called, key=field.key))
    if not any(one.kind == "fact.confirmed" and one.detail == each.acts.field for one in each.when.each):
        said = _("{automation} waits for a date that doesn’t set it off").format(automation=called)
        notes.at(path, said, _("write `when: fact confirmed {key}`").format(key=each.acts.field))


def _successors(drawn: OperatingMap, notes: Notes) -> None:
    for removed, successor in drawn.successors.items():
        path, called = ("successors", removed), _("the successor of “{key}”").format(key=removed)
        _known(notes, path, called, "stage", successor, drawn.stages)
        if any(stage.id == removed for stage in drawn.stages.values()):
            notes.at(path, _("“{key}” has a successor, but is still a stage").format(key=removed))


def _conflict_check(drawn: OperatingMap, notes: Notes) -> None:
    if drawn.conflict_check and not any("conflict.cleared" in each.entered_by.kinds for each in drawn.stages.values()):
        said = _("a conflict check is asked for, but no stage is entered by it")
        notes.at(("conflict_check",), said, _("let the first stage be `entered_by: conflict check cleared`"))


def _names(drawn: OperatingMap, notes: Notes) -> None:
    """Two elements of one kind may not look alike on a screen, nor share a permanent id."""
    for group, called in GROUPS.items():
        elements: Iterable[Element] = getattr(drawn, group).values()
        for path, name in _repeated((each.name.casefold(), (group, each.key)) for each in elements):
            notes.at(path, _("two {group} are called “{name}”").format(group=called, name=name))
        for path, element_id in _repeated((each.id, (group, each.key)) for each in elements):
            notes.at(path, _("two {group} have the id “{id}”").format(group=called, id=element_id))


def _holidays(drawn: OperatingMap, notes: Notes) -> None:
    if drawn.hours.holidays and not knows_holidays(drawn.hours.holidays):
        said = _("the holidays of “{country}” aren’t known").format(country=drawn.hours.holidays)
        notes.at(("hours", "holidays"), said, _("write a country, or country and part: `GB`, `GB-SCT`, `DE-BY`, `HR`"))


def _languages(drawn: OperatingMap, notes: Notes) -> None:
    for language in drawn.languages:
        _known(notes, ("languages",), str(_("the map")), "language", language, ("en", "de", "hr"))


RULES = (
    _desks, _stages, _events, _fields, _handoffs, _way_through, _behaviors, _decisions, _automations, _commission,
    _successors, _conflict_check, _goals, _names, _holidays, _languages,
)  # fmt: skip


def _known(notes: Notes, path: tuple[str, ...], called: str, kind: str, key: str, known: Collection[str]) -> None:
    if key and key not in known:
        said = _("{called} names the {kind} “{key}”, which doesn’t exist").format(
            called=called, kind=KINDS[kind], key=key
        )
        listed = ", ".join([f"`{each}`" for each in known][:LISTED]) or _("none")
        listed += ", …" if len(known) > LISTED else ""
        notes.at(path, said, nearest(key, known) or _("there are {known}").format(known=listed))


KINDS = {
    "desk": _("desk"),
    "stage": _("stage"),
    "field": _("field"),
    "handoff": _("handoff"),
    "decision": _("decision"),
    "behavior": _("behavior"),
    "language": _("language"),
}


GROUPS = {
    "desks": _("desks"),
    "stages": _("stages"),
    "fields": _("fields"),
    "handoffs": _("handoffs"),
    "behaviors": _("behaviors"),
    "decisions": _("decisions"),
    "automations": _("automations"),
    "commission": _("commission rules"),
}


def _repeated(named: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[tuple[str, ...], str]]:
    seen: set[str] = set()
    for name, path in named:
        if name in seen:
            yield path, name
        seen.add(name)


def _stage_called(stage: Stage) -> str:
    return _("stage “{key}”").format(key=stage.key)


def _field_called(each: Field) -> str:
    return _("field “{key}”").format(key=each.key)


def _behavior_called(behavior: Behavior) -> str:
    return _("behavior “{key}”").format(key=behavior.key)
