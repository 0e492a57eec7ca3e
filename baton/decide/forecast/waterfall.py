"""What changed between two moments: bars that add up to the difference, each with its deals, each deal with its facts.

A deal can only have moved a sum if it has a span that ended, or began, in between; so only those are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.decide.forecast import spans
from baton.decide.forecast.periods import Period
from baton.decide.forecast.reading import titles
from baton.decide.forecast.reckoning import BARS, Bar, Group, Measure, Move, Reckoning, Scope, State, moves
from baton.ledger.models import Deal, DealState, Fact
from baton.map.current import current_map, one_version
from baton.members.models import Member

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
) -> Waterfall:
    """Return what moved a period's sum between two moments (`now` None: until now), of what the member sees today.

    `expected` is won and the open deals by weight; `open` the whole worth of the open ones, so that what is won or
    lost leaves it.
    """
    scope = Scope(period, narrow or {})
    early, late = spans.reckoning_at(member, then), spans.reckoning_at(member, now)
    found = Waterfall(then, now, scope, measure, late.rates.main)
    before, after = _states(member, then, scope), _states(member, now, scope)
    _complete(member, before, after, then, now)
    found.start = sum(early.counts(one, measure) for one in before.values() if scope.holds(one))
    found.end = sum(late.counts(one, measure) for one in after.values() if scope.holds(one))
    _compare(found, before, after, early, late)
    return found


def _states(member: Member, at: datetime | None, scope: Scope) -> dict[UUID, State]:
    asked = spans.spans_at(member, at, scope.narrow).filter(spans.in_periods([scope.period]))
    return {one.deal: one for one in spans.states(asked)}


def _complete(
    member: Member, before: dict[UUID, State], after: dict[UUID, State], then: datetime, now: datetime | None
) -> None:
    """Look up what a deal was, or is, that stood in the period at only one of the moments."""
    for here, there, at in ((before, after, then), (after, before, now)):
        missing = list(there.keys() - here.keys())
        for first in range(0, len(missing), 10_000):
            asked = spans.spans_at(member, at).filter(deal__in=missing[first : first + 10_000])
            here |= {one.deal: one for one in spans.states(asked)}


def _compare(
    found: Waterfall, before: dict[UUID, State], after: dict[UUID, State], early: Reckoning, late: Reckoning
) -> None:
    moved: dict[Bar, list[Moved]] = defaultdict(list)
    same = early == late
    for deal in before.keys() | after.keys():
        was, is_now = before.get(deal), after.get(deal)
        if same and was == is_now:
            continue
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
