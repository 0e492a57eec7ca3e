"""Whether a stage or a field means the same to everybody: differences between people that are beyond chance.

Nobody is named: the person who differs sees that it is they, on their own page. The cases are for all to look at.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from baton.mirror.chance import corrected, differ
from baton.mirror.tally import Tally

BEYOND_CHANCE = 0.001
"""What a difference between people must stay under, after correction: it is about somebody."""
FEWEST = 8
"""Cases that one person must have before they can be told apart from the others."""
APART = 0.2
"""How far apart two shares must be to matter, however sure it is that they are."""
MIXED = 0.2
"""The share of a second meaning from which on a field is used for several things."""
LEAST_VALUES = 12
Kind = Literal["stage", "field"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One element that one person uses unlike the others: their share, everybody else's, and how sure it is."""

    kind: Kind
    element: str
    member: str
    hits: int
    of: int
    others: int
    of_others: int
    chance: float


def stages_apart(tally: Tally) -> list[Drift]:
    """Return the stages that one person shows unlike the others, the surest first."""
    by: dict[str, dict[str, Counter[str]]] = {}
    for (stage, how, member, _desk), count in tally.of("move").items():
        if member:
            by.setdefault(stage, {}).setdefault(member, Counter())[how] += count
    return _apart("stage", by, "shown")


def fields_apart(tally: Tally) -> list[Drift]:
    """Return the fields that one person fills with another kind of thing than the others."""
    by: dict[str, dict[str, Counter[str]]] = {}
    usual = {name: counted.most_common(1)[0][0] for name, counted in tally.split("value", 0, 1).items()}
    for (name, kind, member), count in tally.of("value").items():
        if member:
            by.setdefault(name, {}).setdefault(member, Counter())["usual" if kind == usual[name] else "other"] += count
    return _apart("field", by, "usual")


def _apart(kind: Kind, by: dict[str, dict[str, Counter[str]]], wanted: str) -> list[Drift]:
    looked_at = {
        (element, member): _one(kind, element, member, people, wanted)
        for element, people in by.items()
        for member in people
        if len(people) > 1 and sum(people[member].values()) >= FEWEST
    }
    sure = corrected({key: one.chance for key, one in looked_at.items()})
    found = [one for key, one in looked_at.items() if sure[key] < BEYOND_CHANCE and _matters(one)]
    return _one_each(sorted(found, key=lambda one: one.chance))


def _one(kind: Kind, element: str, member: str, people: dict[str, Counter[str]], wanted: str) -> Drift:
    own = people[member]
    rest = sum((counted for other, counted in people.items() if other != member), Counter())
    told = own[wanted], sum(own.values()), rest[wanted], sum(rest.values())
    return Drift(kind, element, member, *told, differ(*told))


def _matters(one: Drift) -> bool:
    return one.of_others >= FEWEST and abs(one.hits / one.of - one.others / one.of_others) >= APART


def _one_each(found: list[Drift]) -> list[Drift]:
    """Keep the surest of each element: where one differs from all, all differ from the rest a little."""
    first: dict[str, Drift] = {}
    for one in found:
        first.setdefault(one.element, one)
    return list(first.values())


def mixed_fields(tally: Tally) -> list[tuple[str, Counter[str]]]:
    """Return the fields that hold several kinds of thing: (field, kind → how often)."""
    found = []
    for name, counted in sorted(tally.split("value", 0, 1).items()):
        several = counted.most_common(2)
        whole = sum(counted.values())
        if whole >= LEAST_VALUES and len(several) > 1 and several[1][1] / whole >= MIXED:
            found.append((name, counted))
    return found


def outside_meaning(tally: Tally) -> list[tuple[str, int, int]]:
    """Return (field, how many, of) for the fields with values that they aren’t meant to hold."""
    found = []
    for name, counted in sorted(tally.split("value", 0, 1).items()):
        outside = counted["outside"] + counted["nothing"]
        if outside:
            found.append((name, outside, sum(counted.values())))
    return found
