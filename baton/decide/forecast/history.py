"""What a business's own past says of its open deals. Pure: cases in, shares and sums with their spread out.

A case is a deal that was won or lost: at which stages it stood since when, and how it ended when. Of an open deal
that has stood at its stage for so many days we ask: of those that stood there as long, what share is won within the
days in question? Deals that still stand there count for as long as they have stood (Aalen and Johansen's estimate of
one end among several, https://www.jstor.org/stable/4615704). Where the stage has fewer than 30 cases, all deals since
they were opened are asked instead; where those are fewer, nothing is guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import NamedTuple

FEWEST = 30
"""Fewer comparable cases than this are shown as cases, and no percentage is made of them."""
WINDOWS = 4
"""So many earlier stretches of time are looked at for what came from deals that weren't there at their beginning."""
RECENT = 2_000
"""The newest so many cases are the comparable ones."""
IN_TEN = 1.2816
"""Standard deviations on each side of the middle within which a normal sum lies eight times in ten."""
OPENED = ""
"""The cohort of all deals, counted from the day on which they were opened."""


class Case(NamedTuple):
    """A deal that ended. Days are ordinals; `worth` is minor units of the main currency; `since` stage → day.

    `deal` is its id as text, where it is known.
    """

    won: bool
    ended: int
    opened: int
    worth: int | None
    service: str
    since: dict[str, int]
    deal: str = ""


class Standing(NamedTuple):
    """A deal that is open: its stage and since when, since when it is there at all, and what it is worth if known."""

    stage: str
    since: int
    opened: int
    worth: int | None
    service: str


@dataclass
class Cohort:
    """The cases that stood at one stage: how long from there to the end, in days, won and all; and who still stands."""

    won: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return len(self.ended)

    @property
    def enough(self) -> bool:
        return self.cases >= FEWEST

    @property
    def conversion(self) -> float:
        """The share of those that ended which were won."""
        return len(self.won) / len(self.ended)

    @property
    def interval(self) -> tuple[float, float]:
        """Where that share lies eight times in ten (Wilson's score interval)."""
        return wilson(len(self.won), len(self.ended))

    @property
    def days(self) -> tuple[int, int, int]:
        """From the stage to the day of winning: a quarter was won by then, half, three quarters. In days."""
        quarters = [self.won[min(len(self.won) - 1, len(self.won) * part // 4)] for part in (1, 2, 3)]
        return quarters[0], quarters[1], quarters[2]

    @cached_property
    def _curves(self) -> tuple[list[float], list[float], list[int]]:
        """Return by age in days: the share that still stands, the share won by then, and how many stood as long."""
        won, ended, left = Counter(self.won), Counter(self.ended), Counter(self.standing)
        at_risk, stands, sold = len(self.ended) + len(self.standing), 1.0, 0.0
        there, gained, risked = [], [], []
        for day in range(max([0, *self.ended]) + 1):
            risked.append(at_risk)
            sold += stands * won[day] / at_risk if at_risk else 0.0
            stands *= 1 - ended[day] / at_risk if at_risk else 0.0
            there.append(stands)
            gained.append(sold)
            at_risk -= ended[day] + left[day]
        return there, gained, risked

    def chance(self, age: int, first: int, last: int) -> tuple[float, int]:
        """Return (share won after `first` and up to `last` days from now, number of cases) of those as old as this."""
        there, gained, risked = self._curves
        age = min(age, self._oldest)
        early, late = (gained[min(len(gained) - 1, age + max(0, days))] for days in (first, last))
        return ((late - early) / there[age] if there[age] > 0 else 0.0), max(1, risked[age])

    @cached_property
    def _oldest(self) -> int:
        """The last age at which there are enough cases to speak of; older deals are taken to be as old."""
        risked = self._curves[2]
        return max([0, *(day for day, count in enumerate(risked) if count >= FEWEST)])


def wilson(won: int, all_: int) -> tuple[float, float]:
    """Return the bounds between which a share lies eight times in ten. https://doi.org/10.1080/01621459.1927.10502953"""
    share, z = won / all_, IN_TEN
    middle = share + z * z / (2 * all_)
    spread = z * sqrt(share * (1 - share) / all_ + z * z / (4 * all_ * all_))
    whole = 1 + z * z / all_
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


@dataclass(frozen=True, slots=True)
class Window:
    """An earlier stretch of as many days: what was won in it, and of that from deals opened since its beginning.

    `squares` is the sum of the squares of those newer amounts.
    """

    won: int
    deals: int = 0
    newer: int = 0
    squares: int = 0


@dataclass(frozen=True, slots=True)
class Guess:
    """What the open deals and those to come bring within a stretch of days, in minor units; eight times in ten between.

    `cases` is how many decided deals it rests on; `likely` None says that they are too few. `unpriced` open deals have
    no amount, and nothing says what such ones bring. `to_come` None: too little past to say what new deals bring.
    `missed` is how far off the same way of guessing was the last time, as a share of what it said; it widens the rest.
    """

    cases: int
    likely: int | None = None
    low: int = 0
    high: int = 0
    from_open: int = 0
    to_come: int | None = None
    unpriced: int = 0
    weighed: int = 0
    missed: float | None = None


def _stood(case: Case, day: int) -> Standing:
    """Return a case as it stood open on a day before its end."""
    reached = [(since, stage) for stage, since in case.since.items() if since <= day]
    since, stage = max(reached, default=(case.opened, OPENED))
    return Standing(stage, since, case.opened, case.worth, case.service)


@dataclass
class Past:
    """The decided cases of a business up to a day, newest first, and what stands open on it."""

    today: int
    cases: list[Case]
    standing: list[Standing]

    @property
    def recent(self) -> list[Case]:
        """The cases that the open deals are compared with."""
        return self.cases[:RECENT]

    def stood_at(self, stage: str) -> list[tuple[Case, int]]:
        """Return the cases of a cohort, newest first, each with the days from there to its end."""
        begun = ((case, case.opened if stage == OPENED else case.since.get(stage)) for case in self.recent)
        return [(case, max(0, case.ended - since)) for case, since in begun if since is not None]

    @cached_property
    def cohorts(self) -> dict[str, Cohort]:
        found: dict[str, Cohort] = defaultdict(Cohort)
        for case in self.recent:
            for stage, since in ((OPENED, case.opened), *case.since.items()):
                found[stage].ended.append(max(0, case.ended - since))
                if case.won:
                    found[stage].won.append(max(0, case.ended - since))
        for one in self.standing:
            if one.stage != OPENED:
                found[one.stage].standing.append(max(0, self.today - one.since))
            found[OPENED].standing.append(max(0, self.today - one.opened))
        for cohort in found.values():
            cohort.won.sort()
        return found

    @cached_property
    def _averages(self) -> dict[str, float]:
        """What deals of a service brought on average, and all of them, where enough of them were won."""
        return {name: sum(known) / len(known) for name, known in self._won_worths.items() if len(known) >= FEWEST}

    @cached_property
    def _won_worths(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for case in self.recent:
            if case.won and case.worth is not None:
                found[case.service].append(case.worth)
                found[OPENED].append(case.worth)
        return found

    def worth_of(self, one: Standing) -> float | None:
        """Return its amount; while nobody said one, what deals of its service brought on average, else of all."""
        if one.worth is not None:
            return one.worth
        return self._averages.get(one.service, self._averages.get(OPENED))

    def guess(self, first: int, last: int, windows: Sequence[Window] = ()) -> Guess:
        """Return what will be won after the day `first` and up to the day `last` (ordinals), both after today.

        `windows` are the stretches of `last - today` days before today, the newest first, as far as the past reaches.
        """
        near, far, cases = first - self.today, last - self.today, len(self.recent)
        if cases < FEWEST:
            return Guess(cases)
        found, spread, unpriced, weighed = self._of_open(near, far)
        to_come, spread_to_come = arriving(windows[:WINDOWS])
        whole = found + (to_come or 0)
        missed = self._missed(near, far, windows)
        side = IN_TEN * sqrt(spread + spread_to_come + (whole * (missed or 0)) ** 2)
        bounds = max(0, round(whole - side)), round(whole + side)
        new = None if to_come is None else round(to_come)
        return Guess(cases, round(whole), *bounds, round(found), new, unpriced, weighed, missed)

    def _missed(self, near: int, far: int, windows: Sequence[Window]) -> float | None:
        """Return how far off the same way of guessing was one stretch ago, as a share of what it said."""
        if len(windows) < 2:
            return None
        then = self._as_it_was(self.today - far)
        to_come = arriving(windows[1 : WINDOWS + 1])[0]
        if len(then.recent) < FEWEST or to_come is None:
            return None
        whole = then._of_open(near, far)[0] + to_come
        return (windows[0].won - whole) / whole if whole else None

    def _as_it_was(self, day: int) -> Past:
        """Return the past as it was on an earlier day; what is still open stands where it stands by now."""
        cases = [case for case in self.cases if case.ended <= day]
        stood = [case for case in self.cases if case.opened <= day < case.ended]
        standing = [_stood(case, day) for case in stood] + [one for one in self.standing if one.opened <= day]
        return Past(day, cases, standing)

    def _of_open(self, near: int, far: int) -> tuple[float, float, int, int]:
        """Return (expected sum, variance, deals nobody can price, deals weighed)."""
        groups: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
        unpriced = weighed = 0
        for one in self.standing:
            worth = self.worth_of(one)
            if worth is None:
                unpriced += 1
                continue
            weighed += 1
            name = one.stage if one.stage in self._enough else OPENED
            group = groups[name, max(0, self.today - (one.since if name else one.opened))]
            group[0] += worth
            group[1] += worth * worth
        return *self._added_up(groups, near, far), unpriced, weighed

    def _added_up(self, groups: Mapping[tuple[str, int], list[float]], near: int, far: int) -> tuple[float, float]:
        """Return (expected sum, variance): each deal by chance, and each cohort's own share known only so well."""
        total = variance = 0.0
        shaken: dict[str, float] = defaultdict(float)
        for (name, age), (worth, squares) in groups.items():
            chance, n = self.cohorts[name].chance(age, near, far)
            total += worth * chance
            variance += squares * chance * (1 - chance)
            shaken[name] += worth * sqrt(max(0.0, chance * (1 - chance)) / n)
        return total, variance + sum(one * one for one in shaken.values())

    @cached_property
    def _enough(self) -> frozenset[str]:
        """The stages that have enough cases of their own; others are compared with all deals since they were opened."""
        return frozenset(name for name, cohort in self.cohorts.items() if cohort.enough)


def arriving(windows: Sequence[Window]) -> tuple[float | None, float]:
    """Return what deals bring that aren't opened yet, and its variance: by what they brought in as long stretches.

    None where those brought fewer than 30 deals. Deals are taken to come by chance, each for itself.
    """
    if sum(one.deals for one in windows) < FEWEST:
        return None, 0.0
    count = len(windows)
    squares = sum(one.squares for one in windows) / count
    return sum(one.newer for one in windows) / count, squares + squares / count
