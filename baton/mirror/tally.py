"""Tallies: how often each of the things that the mirror speaks of was so. They add up over days."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Key = tuple[str, ...]
EDGES = (
    1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2160, 2880, 4320, 7200, 10080, 20160,
)  # fmt: skip
"""Minutes at which the histogram of capture lag is cut."""


STAYS = (
    0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 35, 42, 60, 90, 120, 180, 365,
)  # fmt: skip
"""Days at which the histogram of how long deals stood at a stage is cut."""


class Tally:
    """How often each key was so. A key begins with what is counted, and ends with whose it is where that matters."""

    def __init__(self, counted: Iterable[tuple[Key, int]] = ()) -> None:
        self._by: dict[str, Counter[Key]] = defaultdict(Counter)
        for key, count in counted:
            self._by[key[0]][key[1:]] += count

    def add(self, *key: object, count: int = 1) -> None:
        """Count one more."""
        self._by[str(key[0])][tuple(map(str, key[1:]))] += count

    def update(self, other: Tally) -> None:
        """Add another tally to this one."""
        for head, counted in other._by.items():
            self._by[head].update(counted)

    def of(self, head: str, *first: str) -> Counter[Key]:
        """Return what was counted under these first parts: the rest of each key → how often."""
        there = self._by.get(head)
        if not there:
            return Counter()
        if not first:
            return there
        return Counter({key[len(first) :]: count for key, count in there.items() if key[: len(first)] == first})

    def by(self, head: str, place: int = 0) -> Counter[str]:
        """Return how often, by one part of the key behind its head."""
        found: Counter[str] = Counter()
        for key, count in self.of(head).items():
            found[key[place]] += count
        return found

    def split(self, head: str, by: int, what: int) -> dict[str, Counter[str]]:
        """Return, for each value of one part of the key, how often each value of another was so."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for key, count in self.of(head).items():
            found[key[by]][key[what]] += count
        return found

    def total(self, head: str, *first: str) -> int:
        """Return how often in all."""
        return sum(self.of(head, *first).values())

    def as_data(self) -> list[list[Any]]:
        """Return it as JSON keeps it, in a settled order."""
        return [[head, *key, count] for head in sorted(self._by) for key, count in sorted(self._by[head].items())]

    @classmethod
    def from_data(cls, rows: Iterable[list[Any]]) -> Tally:
        """Read what `as_data` wrote."""
        return cls((tuple(row[:-1]), row[-1]) for row in rows)

    def __iter__(self) -> Iterator[tuple[Key, int]]:
        for head, counted in self._by.items():
            for key, count in counted.items():
                yield (head, *key), count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self.as_data() == other.as_data()

    __hash__ = None  # type: ignore[assignment]


def summed(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    found = Tally()
    for one in tallies:
        found.update(one)
    return found


def bucket(minutes: float) -> int:
    """Return the place in the histogram of lags of so many minutes."""
    return bisect_left(EDGES, max(0.0, minutes))


def stay(days: float) -> int:
    """Return the place in the histogram of stays of so many days."""
    return bisect_left(STAYS, max(0.0, days))


def histogram(counted: Counter[Key]) -> list[int]:
    """Return the histogram that keys of one part, the bucket, make."""
    found = [0] * (len(EDGES) + 1)
    for (place,), count in counted.items():
        found[int(place)] += count
    return found
