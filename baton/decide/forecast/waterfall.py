"""What changed between two moments: bars that add up to the difference, each with its deals, each deal with its facts.

A deal can only have moved a sum if it has a span that ended, or began, in between, or is reckoned otherwise by now; so
only those are compared. Where the bars begin and end is added up on its own, so that they can be held against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from baton.decide.forecast import spans
from baton.decide.forecast.periods import Period
from baton.decide.forecast.reading import Figures, Forecast, read, titles
from baton.decide.forecast.reckoning import BARS, Bar, Group, Measure, Move, Reckoning, Scope, State, moves
from baton.ledger.models import Deal, DealState, Fact
from baton.map.current import current_map, one_version
from baton.members.models import Member

AT_ONCE = 10_000
MOVING = ("amount", "close_date", "stage", "status", "owner", "desk", "category", "service", "source", "title")
"""Fields of a deal whose facts can move a sum."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One deal in one bar, with what it was and what it is."""

    deal: UUID
    minor: int
    before: State | None
    after: State | None


@dataclass(slots=True)
class Waterfall:
    """From one sum to the other, in minor units of the main currency. `bars` are those that something moved."""

    then: datetime
    now: datetime | None
    scope: Scope
    measure: Measure
    currency: str
    start: int = 0
    end: int = 0
    moved: dict[Bar, list[Moved]] = field(default_factory=dict)

    @property
    def bars(self) -> list[tuple[Bar, int, int]]:
        """Return (bar, minor units, number of deals)."""
        there = [(bar, self.moved[bar]) for bar in BARS if bar in self.moved]
        return [(bar, sum(one.minor for one in found), len(found)) for bar, found in there]

    @property
    def difference(self) -> int:
        return self.end - self.start


@one_version()
def waterfall(
    member: Member,
    then: datetime,
    now: datetime | None = None,
    *,
    period: Period,
    measure: Measure = "expected",
    narrow: Mapping[Group, object] | None = None,
    end: Forecast | None = None,
) -> Waterfall:
    """Return what moved a period's sum between two moments (`now` None: until now), of what the member sees today.

    `expected` is won and the open deals by weight; `open` the whole worth of the open ones, so that what is won or
    lost leaves it. `end` is the forecast of now whose first period this is, where the caller has read it.
    """
    scope = Scope(period, narrow or {})
    early, late = spans.reckoning_at(member, then), end.reckoning if end else spans.reckoning_at(member, now)
    found = Waterfall(then, now, scope, measure, late.rates.main)
    found.start = _sum(_figures(member, then, scope, early), measure)
    found.end = _sum(end.of(0) if end else _figures(member, now, scope, late), measure)
    before, after = _changed(member, then, now, scope)
    _unchanged(member, before, after, (then, now), (early, late), scope)
    _compare(found, before, after, early, late)
    return found


def _figures(member: Member, at: datetime | None, scope: Scope, reckoning: Reckoning) -> Figures:
    return read(member, at, [scope.period], reckoning, narrow=scope.narrow).of(0)


def _sum(figures: Figures, measure: Measure) -> int:
    return figures.expected if measure == "expected" else figures.open


def _changed(
    member: Member, then: datetime, now: datetime | None, scope: Scope
) -> tuple[dict[UUID, State], dict[UUID, State]]:
    """Return what deals were and are whose span of then has ended since, of those that stood or stand in the period."""
    ended, began = Q(ended_at__lte=now) if now else Q(ended_at__isnull=False), Q(began_at__gt=then)
    before = _counting(spans.spans_at(member, then, scope.narrow).filter(ended), scope)
    after = _counting(spans.spans_at(member, now, scope.narrow).filter(began), scope)
    for known, other, at in ((before, after, then), (after, before, now)):
        missing = list(other.keys() - known.keys())
        for first in range(0, len(missing), AT_ONCE):
            known |= _by_deal(spans.spans_at(member, at).filter(deal__in=missing[first : first + AT_ONCE]))
    return before, after


def _unchanged(
    member: Member,
    before: dict[UUID, State],
    after: dict[UUID, State],
    moments: tuple[datetime, datetime | None],
    reckonings: tuple[Reckoning, Reckoning],
    scope: Scope,
) -> None:
    """Add those that stayed what they were and are reckoned otherwise: another currency, or another map."""
    (then, now), (early, late) = moments, reckonings
    if early.weights == late.weights and early.converts_as(late):
        return
    rows = spans.spans_at(member, now, scope.narrow).filter(spans.in_periods([scope.period]), began_at__lte=then)
    if early.weights == late.weights:
        rows = rows.exclude(currency=late.rates.main)
    same = _by_deal(rows)
    before |= same
    after |= same


def _counting(rows: QuerySet[DealState], scope: Scope) -> dict[UUID, State]:
    """Return those that count in the period. Open ones and decided ones are found by an index each."""
    start, end = scope.period.start, scope.period.end
    return _by_deal(rows.filter(spans.closing(start, end))) | _by_deal(rows.filter(spans.deciding(start, end)))


def _by_deal(rows: QuerySet[DealState]) -> dict[UUID, State]:
    return {one.deal: one for one in spans.states(rows)}


def _compare(
    found: Waterfall, before: dict[UUID, State], after: dict[UUID, State], early: Reckoning, late: Reckoning
) -> None:
    moved: dict[Bar, list[Moved]] = defaultdict(list)
    for deal in before.keys() | after.keys():
        was, is_now = before.get(deal), after.get(deal)
        for one in moves(was, is_now, early, late, found.scope, found.measure):
            moved[one.bar].append(Moved(deal, one.minor, was, is_now))
    found.moved = {bar: sorted(there, key=lambda one: (-abs(one.minor), str(one.deal))) for bar, there in moved.items()}


def named(member: Member, moved: list[Moved]) -> list[tuple[Moved, str, str]]:
    """Return each with the title and the company of its deal, as far as the member sees them."""
    known = titles(member, [one.deal for one in moved])
    return [(one, *known.get(one.deal, ("", ""))) for one in moved]


def facts_between(member: Member, deal: UUID, then: datetime, now: datetime | None) -> list[Fact]:
    """Return the facts recorded in between that can have moved the deal's part of a sum, in order. None it sees: none.

    Each says who said it, and from which interaction: its mail opens from there.
    """
    if not Deal.objects.visible_to(member).filter(pk=deal).exists():
        return []
    facts = Fact.objects.of_seen(member, {"deal": [deal]}).filter(status="confirmed", recorded_at__gt=then)
    facts = facts.filter(recorded_at__lte=now) if now else facts
    return list(facts.filter(field__in=MOVING).order_by("recorded_at", "seq"))


def spans_between(member: Member, deal: UUID, then: datetime, now: datetime | None) -> list[State]:
    """Return what the deal was recorded to be, one after the other, from the first moment to the second."""
    rows = (
        DealState.objects.visible_to(member).filter(deal=deal).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=then))
    )
    rows = rows.filter(began_at__lte=now) if now else rows
    tz: Any = current_map().hours.tz
    return [spans.state_of(row, tz) for row in rows.order_by("began_at").values_list(*spans.COLUMNS)]


__all__ = ["Move", "Moved", "Waterfall", "facts_between", "named", "spans_between", "waterfall"]
