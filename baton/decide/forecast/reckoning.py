"""What one deal counts for, and the bars of a waterfall. Pure: the same states and the same reckoning, the same sums.

Amounts are converted and weighed deal by deal, rounded half-even to a whole minor unit, and only then added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple
from uuid import UUID

from baton.decide.forecast.periods import Period
from baton.kernel.money import digits, round_half_even

Category = Literal["won", "commit", "best", "pipeline", "omitted", "lost"]
Measure = Literal["expected", "open"]
Group = Literal["owner", "desk", "source", "service"]
GROUPS: tuple[Group, ...] = ("owner", "desk", "source", "service")
WON, LOST = ("won", "done"), "lost"
IN_TEN_THOUSAND = 10_000
COMMIT_FROM, BEST_FROM = 7_500, 4_000
"""From these weights (in ten thousandths) on, a stage that is shown makes a deal commit or best case."""

_SAID: dict[str, Category] = {
    "commit": "commit", "committed": "commit", "best case": "best", "bestcase": "best", "upside": "best",
    "pipeline": "pipeline", "omitted": "omitted", "omit": "omitted",
}  # fmt: skip
"""Words that a deal's own category may be said in; Salesforce's are among them."""


class State(NamedTuple):
    """One deal as it was recorded. `amount` in minor units; `decided_on` the day on which it was won or lost."""

    deal: UUID
    status: str
    stage: str
    shown: bool
    amount: int | None
    currency: str
    close_date: date | None
    decided_on: date | None = None
    category: str = ""
    owner: UUID | None = None
    desk: str = ""
    service: str = ""
    source: str = ""

    @property
    def day(self) -> date | None:
        """When it counts: the day of the decision; while there is none, the day by which one is expected."""
        return self.decided_on or self.close_date if self.status in {*WON, LOST} else self.close_date


@dataclass(frozen=True, slots=True)
class Rates:
    """Dated rates: currency → [(from which day, worth of one unit in the main currency)], in order of the days."""

    main: str
    dated: Mapping[str, tuple[tuple[date, Decimal], ...]] = field(default_factory=dict)

    def rate(self, currency: str, on: date) -> Decimal | None:
        """Return the latest rate that is dated on a day or before it, None where there is none."""
        if currency == self.main:
            return Decimal(1)
        known = [rate for since, rate in self.dated.get(currency, ()) if since <= on]
        return known[-1] if known else None

    def convert(self, minor: int, currency: str, on: date) -> int | None:
        """Return an amount in minor units of the main currency, rounded half-even; None without a rate."""
        if currency == self.main:
            return minor
        rate = self.rate(currency, on)
        if rate is None:
            return None
        return round_half_even(Decimal(minor) * rate * Decimal(10) ** (digits(self.main) - digits(currency)))


@dataclass(frozen=True, slots=True)
class Reckoning:
    """By what deals are counted: what stages weigh (in ten thousandths, where shown; where only said) and the rates.

    `on` is the day as of which open deals are converted; won and lost ones are at the rate of the day of the decision.
    """

    weights: Mapping[str, tuple[int, int]]
    rates: Rates
    on: date
    zone: tzinfo = UTC

    def day(self, at: datetime) -> date:
        """Return the day on which a moment lies where the business is."""
        return at.astimezone(self.zone).date()

    def converts_as(self, other: Reckoning) -> bool:
        """Whether both convert every open deal alike, and know the same rates for the days of decisions."""
        newest = [{one: rates.rates.rate(one, rates.on) for one in rates.rates.dated} for rates in (self, other)]
        return self.rates == other.rates and newest[0] == newest[1]

    def worth(self, state: State) -> int | None:
        """Return the whole amount in the main currency, None where there is none or no rate for it."""
        if state.amount is None or state.currency == self.rates.main:
            return state.amount
        decided = state.status != "open" and state.decided_on
        return self.rates.convert(state.amount, state.currency, min(decided or self.on, self.on))

    def weight(self, state: State) -> int:
        """Return what an open deal weighs, in ten thousandths: nothing at a stage that is said where proof counts."""
        shown, said = self.weights.get(state.stage, (0, 0))
        return shown if state.shown else said

    def weighed(self, state: State) -> int | None:
        """Return the amount times the weight of the stage, in minor units of the main currency."""
        worth = self.worth(state)
        return None if worth is None else weigh(worth, self.weight(state))

    def category(self, state: State) -> Category:
        """Return won or lost by how it ended; else what the deal says of itself; else what its stage weighs."""
        return category_of(state.status, state.category, self.weight(state))

    def counts(self, state: State, measure: Measure) -> int:
        """Return what a deal adds to a sum: nothing where it can't be counted, or isn't."""
        if state.status in WON:
            return (self.worth(state) or 0) if measure == "expected" else 0
        if state.status != "open" or self.category(state) == "omitted":
            return 0
        return (self.weighed(state) if measure == "expected" else self.worth(state)) or 0


def weigh(minor: int, weight: int) -> int:
    """Return minor units times ten thousandths, rounded half-even."""
    whole, rest = divmod(minor * weight, IN_TEN_THOUSAND)
    return whole + (rest * 2 > IN_TEN_THOUSAND or (rest * 2 == IN_TEN_THOUSAND and whole % 2 == 1))


def category_of(status: str, said: str, weight: int) -> Category:
    """Return the category of a deal of this status, with this word of its own, at a stage of this weight."""
    if status in WON:
        return "won"
    if status != "open":
        return "lost"
    own = _said(said) if said else None
    if own:
        return own
    return "commit" if weight >= COMMIT_FROM else "best" if weight >= BEST_FROM else "pipeline"


@lru_cache(maxsize=1024)
def _said(word: str) -> Category | None:
    """Return the category that a deal's own word means."""
    return _SAID.get(" ".join(word.lower().replace("_", " ").replace("-", " ").split()))


# The waterfall

Bar = Literal[
    "new", "reopened", "pulled_in", "grown", "surer", "won", "handed_in", "shrunk", "less_sure", "slipped",
    "handed_on", "lost", "taken_back", "reckoned",
]  # fmt: skip
BARS: tuple[Bar, ...] = (
    "new", "reopened", "pulled_in", "grown", "surer", "won", "handed_in", "shrunk", "less_sure", "slipped",
    "handed_on", "lost", "taken_back", "reckoned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """What is added up: a period, and perhaps only what one person, desk, source or service has."""

    period: Period
    narrow: Mapping[Group, object] = field(default_factory=dict)

    def holds(self, state: State) -> bool:
        return state.day in self.period and self.owns(state)

    def owns(self, state: State) -> bool:
        return not self.narrow or all(getattr(state, name) == wanted for name, wanted in self.narrow.items())


@dataclass(frozen=True, slots=True)
class Move:
    """What one deal adds to one bar, in minor units of the main currency."""

    bar: Bar
    minor: int


def moves(
    before: State | None, after: State | None, then: Reckoning, now: Reckoning, scope: Scope, measure: Measure
) -> list[Move]:
    """Return what a deal did to the sum between two moments, bar by bar: they add up to the difference, exactly.

    The state of then is changed into that of now one property at a time, in a fixed order, and each difference goes
    to the bar of the property. So it can't be otherwise than that the bars add up, whatever the states are.
    """
    if before == after:
        change = _counted(after, now, scope, measure) - _counted(before, then, scope, measure)
        return [Move("reckoned", change)] if change else []
    found: dict[Bar, int] = {}
    value = _counted(before, then, scope, measure)
    for up, down, state, reckoning in _steps(before, after, then, now):
        reached = _counted(state, reckoning, scope, measure)
        if reached != value:
            bar = up if reached > value else down
            found[bar] = found.get(bar, 0) + reached - value
        value = reached
    return [Move(bar, minor) for bar, minor in found.items() if minor]


def _counted(state: State | None, reckoning: Reckoning, scope: Scope, measure: Measure) -> int:
    return reckoning.counts(state, measure) if state is not None and scope.holds(state) else 0


Step = tuple[Bar, Bar, State | None, Reckoning]


def _steps(before: State | None, after: State | None, then: Reckoning, now: Reckoning) -> Iterator[Step]:
    """Yield the ways from one state to the other: (bar when it adds, bar when it takes away, state, reckoning)."""
    if before is None:
        if after is not None:
            yield "new", "new", after if after.status in WON else after._replace(status="open"), now
            yield "won", "lost", after, now
        return
    yield "reckoned", "reckoned", before, now
    if after is None:
        yield "taken_back", "taken_back", None, now
        return
    yield from _changes(before, after, now)


def _changes(before: State, after: State, now: Reckoning) -> Iterator[Step]:
    """What is lost goes at what it was worth; what is won or taken up again counts at what it is worth by now."""
    state = before
    if after.status == LOST and before.status != LOST:
        state = state._replace(status=LOST, decided_on=after.decided_on)
        yield "lost", "lost", state, now
    if state.close_date != after.close_date:
        state = state._replace(close_date=after.close_date)
        yield "pulled_in", "slipped", state, now
    if _whose(state) != _whose(after):
        state = state._replace(owner=after.owner, desk=after.desk, service=after.service, source=after.source)
        yield "handed_in", "handed_on", state, now
    if (state.amount, state.currency) != (after.amount, after.currency):
        state = state._replace(amount=after.amount, currency=after.currency)
        yield "grown", "shrunk", state, now
    ends = _ending(before.status, after.status)
    if ends is None:
        state = state._replace(stage=after.stage, shown=after.shown, category=after.category)
        yield "surer", "less_sure", state, now
    yield (*(ends or ("pulled_in", "slipped")), after, now)


def _whose(state: State) -> tuple[object, ...]:
    return state.owner, state.desk, state.service, state.source


def _ending(before: str, after: str) -> tuple[Bar, Bar] | None:
    """Return the bars of a change of status, None where it stays what it was: only the day of a decision can differ."""
    if (before in WON) == (after in WON) and (before == LOST) == (after == LOST):
        return None
    if after in WON:
        return ("won", "won")
    return ("lost", "lost") if after == LOST else ("reopened", "reopened")
