"""Where a map names its own elements: so that a new key is followed everywhere, and what is removed is let go of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from baton.map.writing import Written

Said = dict[str, Written]
WORDS = {"desks": "desk", "stages": "stage", "fields": "field", "handoffs": "handoff", "decisions": "decision"}
PHRASES = {
    "desks": ("lead of {}", "{} in turn", "desk is {}", "desk is not {}"),
    "stages": ("stage entered {}", "stage is {}", "stage is not {}"),
    "fields": (
        "fact confirmed {}",
        "fact stale {}",
        "before {}",
        "{} is",
        "{} over",
        "{} under",
        "{} known",
        "{} missing",
    ),
    "handoffs": ("handoff offered {}", "handoff accepted {}", "handoff returned {}", "handoff withdrawn {}"),
}
"""How phrases of behaviors, of automations and of a stage's evidence name an element; {} is its key."""


def elements(said: Said, group: str) -> dict[str, Said]:
    """The elements of a group that are written as such: key → its entries."""
    found = said.get(group)
    listed = found.items() if isinstance(found, dict) else ()
    return {key: each for key, each in listed if isinstance(each, dict)}


def listed(value: Written | None) -> list[str]:
    """The words of a list; a single word is a list of one."""
    words = value if isinstance(value, list) else [value] if value else []
    return [word for word in words if isinstance(word, str) and word]


def follow(said: Said, group: str, old: str, new: str) -> None:
    """Have every mention of an element name another one instead, in place; "" takes it out of lists."""
    for holder, attribute in _single(said, group):
        if new and holder.get(attribute) == _called(group, attribute, old):
            holder[attribute] = _called(group, attribute, new)
    for holder, attribute in _many(said, group):
        _exchange(holder, attribute, _called(group, attribute, old), _called(group, attribute, new) if new else "")
    if new:
        for holder, attribute in _phrased(said):
            holder[attribute] = _rephrased(holder[attribute], group, old, new)


def _called(group: str, attribute: str, key: str) -> str:
    if attribute == "opens":
        return f"linked deal at {key}"
    return f"{WORDS[group]} {key}" if attribute == "needed_by" else key


def _single(said: Said, group: str) -> Iterator[tuple[Said, str]]:
    places = {
        "desks": (("stages", "desk"), ("stages", "opens"), ("handoffs", "from"), ("handoffs", "to")),
        "stages": (("handoffs", "at"), ("fields", "caught_at")),
    }
    for holding, attribute in places.get(group, ()):
        for each in elements(said, holding).values():
            yield each, attribute
    successors = said.get("successors")
    if group == "stages" and isinstance(successors, dict):
        yield from ((successors, removed) for removed in successors)


def _many(said: Said, group: str) -> Iterator[tuple[Said, str]]:
    places = {"fields": (("handoffs", "carries"), ("decisions", "reads"))}
    for holding, attribute in places.get(group, ()):
        for each in elements(said, holding).values():
            yield each, attribute
    if group in ("stages", "handoffs", "decisions"):
        yield from ((each, "needed_by") for each in elements(said, "fields").values())


def _exchange(holder: Said, attribute: str, old: str, new: str) -> None:
    words = listed(holder.get(attribute))
    if old not in words:
        return
    changed = [new if word == old else word for word in words]
    left = list(dict.fromkeys(word for word in changed if word))
    if not left:
        del holder[attribute]
    else:
        holder[attribute] = [*left] if isinstance(holder[attribute], list) else left[0]


def _phrased(said: Said) -> Iterator[tuple[Said, str]]:
    for group, attributes in (
        ("stages", ("entered_by",)),
        ("behaviors", ("opens", "closes", "owed_by", "if_forgotten")),
        ("automations", ("when", "acts", "if")),
    ):
        for each in elements(said, group).values():
            yield from ((each, attribute) for attribute in attributes if attribute in each)


def _rephrased(value: Written, group: str, old: str, new: str) -> Written:
    if isinstance(value, list):
        return [_rephrased(each, group, old, new) for each in value]
    if not isinstance(value, str):
        return value
    for form in PHRASES.get(group, ()):
        before, _key, after = form.partition("{}")
        pattern = rf"(?<![\w-])({before}){re.escape(old)}({after})(?![\w-])"
        value = re.sub(pattern, rf"\g<1>{new}\g<2>", value, flags=re.IGNORECASE)
    return value


def consumers(said: Said) -> dict[str, list[str]]:
    """Who needs a field, by what handoffs carry and decisions read, in the words of `needed_by`."""
    found: dict[str, list[str]] = {}
    for group, attribute in (("handoffs", "carries"), ("decisions", "reads")):
        for key, each in elements(said, group).items():
            for field in listed(each.get(attribute)):
                found.setdefault(field, []).append(f"{WORDS[group]} {key}")
    return found
