"""What differs between two maps, in sentences for the person who publishes.

Elements are matched by their permanent ids, so a new key is no change; a new name is.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from baton.map.elements import Stage
from baton.map.marked import Problem
from baton.map.schema import OperatingMap
from baton.map.settled import by_id
from baton.map.writing import Written, entries

GROUPS = {
    "desks": _("Desk “{name}”"),
    "stages": _("Stage “{name}”"),
    "fields": _("Field “{name}”"),
    "handoffs": _("Handoff “{name}”"),
    "behaviors": _("Behavior “{name}”"),
    "decisions": _("Decision “{name}”"),
    "automations": _("Automation “{name}”"),
    "commission": _("Commission rule “{name}”"),
}
WORDS = {
    "name": _("its name"), "lead": _("its lead"), "members": _("its members"), "capture": _("its address"),
    "opens_deals": _("opening deals by itself"), "desk": _("its desk"), "entered_by": _("what shows it"),
    "weight": _("its weight"), "closes": _("what closes it"), "opens": _("what opens it"), "type": _("its type"),
    "proof_for": _("what needs proof"), "on": _("the record it is on"), "choices": _("its choices"),
    "caught_at": _("where it is caught"), "needed_by": _("who needs it"), "breaks": _("what breaks"),
    "fresh_for": _("how long it stays fresh"), "read_from": _("what it is read from"), "from": _("who passes on"),
    "heard_as": _("the words it goes by"), "to": _("who accepts"), "at": _("the stage it leaves from"),
    "carries": _("what it carries"), "accept_within": _("the time to accept"), "exceptions": _("its exceptions"),
    "owed_by": _("who owes it"), "within": _("the time allowed"), "if_forgotten": _("what follows if forgotten"),
    "when": _("what sets it off"), "acts": _("the moment at which it acts"), "if": _("what must be so"),
    "do": _("what it does"), "at_most": _("how often a day"),
    "relies_on": _("what it relies on"), "held_by": _("who did it by hand"),
    "so_that": _("what it is for"), "who": _("who decides"), "every": _("how often"), "reads": _("what it reads"),
    "page": _("where it is taken"), "services": _("the services it is paid for"), "paid_on": _("what it is paid on"),
    "target": _("the target"),
    "rate": _("the share that is paid"), "tiers": _("the shares of larger sums"), "split": _("who else has a share"),
    "numbers": _("the numbers that are given out"),
    "charter": _("the charter"),
    "business": _("the name of the business"), "purpose": _("the purpose"), "visibility": _("who sees what"),
    "sharing": _("what is shared once it is filed"),
    "own_figures": _("who sees a person’s own figures"), "owner": _("the owner"), "deputy": _("the deputy"),
    "review": _("when the map is looked at again"),
    "hours": _("the working hours"), "currency": _("the currency"), "languages": _("the languages"),
    "conflict_check": _("the conflict check"), "lost_because": _("the reasons for losing"),
    "successors": _("where deals of removed stages go"), "goals": _("the goals"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path` is where it stands in the YAML (`fields.key_holder.fresh_for`), `what` the sentence."""

    kind: Literal["added", "removed", "changed"]
    path: str
    what: str
    before: str = ""
    after: str = ""


def compare(old: OperatingMap, new: OperatingMap) -> list[Change]:
    """Every difference, in the order of the map; nothing where the maps say the same."""
    before, after = entries(by_id(old)), entries(by_id(new))
    whole = [key for key in after if key not in GROUPS]
    changes = [change for key in whole for change in _change(key, key, str(_("The map")), before[key], after[key])]
    for group in GROUPS:
        changes += _elements(group, old, new, before[group], after[group])
    if _order_changed(old, new):
        changes.append(Change("changed", "stages", str(_("The stages come in another order"))))
    return changes


def stages_without_successor(old: OperatingMap, new: OperatingMap) -> list[Stage]:
    """The stages that the new map drops without saying where their deals go."""
    return [stage for stage in old.stages.values() if new.stage_by_id(stage.id) is None]


def objections(old: OperatingMap, new: OperatingMap, stood_at: Collection[str]) -> list[Problem]:
    """Why the new map can't follow the old one yet: deals stand at stages (`stood_at`: ids) that it drops."""
    said = _("stage “{name}” is gone, and deals stand there")
    hint = _("say where they go: `successors: {{{id}: …}}`")
    return [
        Problem(0, 0, said.format(name=stage.name), hint.format(id=stage.id))
        for stage in stages_without_successor(old, new)
        if stage.id in stood_at
    ]


def _elements(group: str, old: OperatingMap, new: OperatingMap, before: dict, after: dict) -> Iterator[Change]:
    was = {each.id: each for each in getattr(old, group).values()}
    now = {each.id: each for each in getattr(new, group).values()}
    for each in [*now.values(), *(each for each in was.values() if each.id not in now)]:
        called, path = GROUPS[group].format(name=each.name), f"{group}.{each.key}"
        if each.id not in was:
            yield Change("added", path, _("{element} is new").format(element=called))
        elif each.id not in now:
            yield Change("removed", path, _("{element} is retired").format(element=called))
        else:
            yield from _attributes(path, called, before[each.id], after[each.id], was[each.id].name, each.name)


def _attributes(path: str, called: str, before: dict, after: dict, name_was: str, name_is: str) -> Iterator[Change]:
    """Names are compared as shown: an element may be named by its key, in which case its entries hold none."""
    before, after = {**before, "name": name_was}, {**after, "name": name_is}
    for word in dict.fromkeys([*after, *before]):
        yield from _change(f"{path}.{word}", word, called, before.get(word, ""), after.get(word, ""))


def _change(path: str, word: str, called: str, before: Written, after: Written) -> Iterator[Change]:
    if before == after:
        return
    was, now = _text(before), _text(after)
    if isinstance(before or [], list) and isinstance(after or [], list):
        said = _list_sentence(str(WORDS[word]), list(before), list(after))
    elif was and now:
        said = _("{word} was {was}, is {now}").format(word=WORDS[word], was=was, now=now)
    elif now:
        said = _("{word} is {now}").format(word=WORDS[word], now=now)
    else:
        said = _("{word} was {was} and is left open").format(word=WORDS[word], was=was)
    yield Change("changed", path, _("{element}: {said}").format(element=called, said=said), was, now)


def _list_sentence(word: str, before: list, after: list) -> str:
    gained, lost = [each for each in after if each not in before], [each for each in before if each not in after]
    said = [_("{word}, now also {items}").format(word=word, items=_text(gained))] if gained else []
    if lost:
        said.append(_("{word}, no longer {items}").format(word=word, items=_text(lost)))
    return "; ".join(said) or _("{word} in another order").format(word=word)


def _text(value: Written) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items())
    return ", ".join(map(_text, value)) if isinstance(value, list) else value


def _order_changed(old: OperatingMap, new: OperatingMap) -> bool:
    was, now = [stage.id for stage in old.stages.values()], [stage.id for stage in new.stages.values()]
    return [each for each in was if each in now] != [each for each in now if each in was]
