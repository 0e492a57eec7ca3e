"""What an automation stands on: what its author wrote, and what follows from what it does. Pure.

An author can ask for more, and can't forget: whoever writes to a customer stands on who that is, whoever hands a deal
over on every item of the packet, and every value in a text or a condition is relied on.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from json import dumps

from baton.map.automations import SENDER, WORDS, Automation, Reliance, written_automation
from baton.map.schema import OperatingMap

DERIVED = {"owner", "desk", "status"}
"""What Baton keeps of a deal by its own verbs: it is so whoever says it."""
IDENTITY = {"contact": {"merged_into", "distinct"}, "company": {"merged_into", "distinct"}}


def needs_of(each: Automation, drawn: OperatingMap) -> list[Reliance]:
    """Return every fact that it stands on, the author's own words first; of a field named twice theirs hold."""
    found = {one.field: one for one in each.relies_on}
    for field in _implied(each, drawn):
        found.setdefault(field, Reliance(field))
    return list(found.values())


def _implied(each: Automation, drawn: OperatingMap) -> Iterator[str]:
    if each.sends and any(one.kind == "interaction.in" for one in each.when.each):
        yield SENDER
    if each.sends:
        yield from ("contact", "contact.email")
    for one in each.conditions:
        if one.field and one.test != "missing" and one.field not in DERIVED:
            yield one.field
    if each.acts and each.acts.field:
        yield each.acts.field
    for deed in each.deeds:
        yield from (place for place in deed.places if place not in WORDS)
        yield from ("contact",) if {"contact", "first_name"} & set(deed.places) else ()
        yield from ("company",) if "company" in deed.places else ()
        if deed.kind == "handoff" and (handoff := drawn.handoffs.get(deed.name)):
            yield from (item.key for item in drawn.packet(handoff) if item.field)


def rule_of(each: Automation, drawn: OperatingMap) -> str:
    """Return the digest of what it does and stands on: another rule has to be rehearsed anew."""
    told = written_automation(each, drawn.owner)
    told = {name: part for name, part in told.items() if name not in {"name", "so_that", "held_by", "id"}}
    fresh = [[one.field, _days(one, drawn)] for one in needs_of(each, drawn)]
    return sha256(dumps([told, fresh], sort_keys=True, default=str).encode()).hexdigest()


def _days(one: Reliance, drawn: OperatingMap) -> int | None:
    field = drawn.field(one.field)
    return one.fresh_for if one.fresh_for is not None else field.fresh_for if field else None


Watched = tuple[frozenset[str], frozenset[str]]
_last: list[tuple[OperatingMap, Watched]] = []


def watched(drawn: OperatingMap) -> Watched:
    """Return the kinds of events that set something off, and the fields that something stands on, in a map.

    Asked with everything that is recorded, and worked out once for each map.
    """
    if not _last or _last[0][0] is not drawn:
        _last[:] = [(drawn, _watched(drawn))]
    return _last[0][1]


def _watched(drawn: OperatingMap) -> Watched:
    kinds: set[str] = set()
    fields: set[str] = set()
    for each in drawn.automations.values():
        kinds |= each.when.kinds
        for one in needs_of(each, drawn):
            fields.add(one.field)
            fields |= IDENTITY.get(one.field.partition(".")[0], set())
    return frozenset(kinds), frozenset(fields)


def standing_on(field: str, drawn: OperatingMap) -> list[Automation]:
    """Return the automations that stand on a field."""
    return [each for each in drawn.automations.values() if any(one.field == field for one in needs_of(each, drawn))]
