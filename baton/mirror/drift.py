"""Whether a stage or a field means the same to everybody: differences between people that are beyond chance.

A stage is looked at in three ways: what shows that a deal stands there, how long it stands there, and what becomes of
it. Nobody is named: the person who differs sees that it is they, on their own page. The cases are for all to look at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Literal

from baton.mirror.chance import corrected, differ, middle, ranks_differ
from baton.mirror.tally import STAYS, Tally

BEYOND_CHANCE = 0.001
"""What a difference between people must stay under, after correction: it is about somebody."""
FEWEST = 8
"""Cases that one person must have before they can be told apart from the others."""
APART = 0.2
"""How far apart two shares must be to matter, however sure it is that they are."""
LONGER = 2
"""How many times as long deals must stand with one person, or with everybody else, to matter."""
MIXED = 0.2
"""The share of a second meaning from which on a field is used for several things."""
LEAST_VALUES = 12
What = Literal["evidence", "stay", "outcome", "kind"]
Groups = Mapping[str, Mapping[str, Counter[str]]]
"""Element → member id → how often each of the things that are told apart was so."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One element that one person uses unlike the others: their share, everybody else's, and how sure it is.

    What is told apart is `what`: evidence of a stage, the stay there, the outcome of what stood there, or the kind of
    value of a field. Of stays, `hits` are those longer than half of the others', and `days` are about the days within
    which half of their deals left the stage, and half of everybody else's; infinite beyond a year.
    """

    what: What
    element: str
    member: str
    hits: int
    of: int
    others: int
    of_others: int
    chance: float
    days: tuple[float, float] | None = None

    def matters(self) -> bool:
        """Whether they are so far apart that somebody would act on it."""
        if self.of_others < FEWEST:
            return False
        if self.days is None:
            return abs(self.hits / self.of - self.others / self.of_others) >= APART
        return max(self.days) >= LONGER * min(self.days) and min(self.days) < inf


def stages_apart(tally: Tally) -> list[Drift]:
    """Return the stages that one person uses unlike the others, the surest first; one difference of each sort."""
    looked_at = [
        *_shares("evidence", _groups(tally, "move"), "shown"),
        *_stays(_groups(tally, "stay")),
        *_shares("outcome", _groups(tally, "outcome"), "won"),
    ]
    return _one_each(_sure(looked_at))


def fields_apart(tally: Tally) -> list[Drift]:
    """Return the fields that one person fills with another kind of thing than the others."""
    usual = {name: counted.most_common(1)[0][0] for name, counted in tally.split("value", 0, 1).items()}
    by: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (name, kind, member), count in tally.of("value").items():
        if member:
            by[name][member]["usual" if kind == usual[name] else "other"] += count
    return _one_each(_sure(_shares("kind", by, "usual")))


def _groups(tally: Tally, head: str) -> Groups:
    """Group what was counted as (stage, what was so, member, …)."""
    by: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (stage, was, member, *_rest), count in tally.of(head).items():
        if member:
            by[stage][member][was] += count
    return by


def _each(groups: Groups) -> Iterator[tuple[str, str, Counter[str], Counter[str]]]:
    """Yield (element, member, theirs, everybody else's) for those with cases enough to be told apart."""
    for element, people in groups.items():
        everybody: Counter[str] = sum(people.values(), Counter())
        for member, own in people.items():
            if len(people) > 1 and own.total() >= FEWEST:
                yield element, member, own, everybody - own


def _shares(what: What, groups: Groups, wanted: str) -> Iterator[Drift]:
    for element, member, own, rest in _each(groups):
        told = own[wanted], own.total(), rest[wanted], rest.total()
        yield Drift(what, element, member, *told, differ(*told))


def _stays(groups: Groups) -> Iterator[Drift]:
    for element, member, own, rest in _each(groups):
        mine, theirs = ([counted[str(place)] for place in range(len(STAYS) + 1)] for counted in (own, rest))
        middles = middle(mine, STAYS), middle(theirs, STAYS)
        longer, others = (_longer(counted, middles[1]) for counted in (mine, theirs))
        chance = ranks_differ(mine, theirs)
        yield Drift("stay", element, member, longer, sum(mine), others, sum(theirs), chance, middles)


def _longer(counted: list[int], days: float) -> int:
    return sum(count for count, edge in zip(counted[1:], STAYS, strict=True) if edge >= days)


def _sure(looked_at: Iterator[Drift] | list[Drift]) -> list[Drift]:
    """Return those that differ beyond chance, however many were looked at, and by enough to matter."""
    found = {(one.what, one.element, one.member): one for one in looked_at}
    chances = corrected({key: one.chance for key, one in found.items()})
    sure = [one for key, one in found.items() if chances[key] < BEYOND_CHANCE and one.matters()]
    return sorted(sure, key=lambda one: one.chance)


def _one_each(found: list[Drift]) -> list[Drift]:
    """Keep the surest of each element: where one differs from all, all differ from the rest a little.

    Of outcomes, only the surest: what became of a deal is counted at every stage that it passed.
    """
    first: dict[tuple[str, str], Drift] = {}
    for one in found:
        first.setdefault((one.what, "" if one.what == "outcome" else one.element), one)
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
