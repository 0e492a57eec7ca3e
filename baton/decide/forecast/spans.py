"""The spans of deals as a forecast reads them: as of a moment, by period, through the eyes of the member who asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Case, CharField, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from baton.decide.forecast.periods import Period
from baton.decide.forecast.rates import rates_at
from baton.decide.forecast.reckoning import IN_TEN_THOUSAND, LOST, WON, Group, Rates, Reckoning, State
from baton.kernel.clock import now
from baton.ledger.models import DealState
from baton.map.current import current_map, current_version, map_version_numbered, publications
from baton.map.schema import OperatingMap
from baton.members.models import Member

DECIDED = (*WON, LOST)
COLUMNS = (
    "deal_id", "status", "stage", "shown", "amount", "currency", "close_date", "decided_at", "category", "owner_id",
    "desk", "service", "source", "decided_owner_id", "decided_desk",
)  # fmt: skip


def map_at(at: datetime | None) -> OperatingMap:
    """Return the map that was in force at a moment; the first one before there was any, that of now for None."""
    if at is None:
        return current_map()
    published = publications(current_version())
    return map_version_numbered(max([1, *(number for since, number in published if since <= at)]))


def reckoning_at(member: Member, at: datetime | None, rates: Rates | None = None) -> Reckoning:
    """Return by what deals were counted at a moment: the map and the rates of then."""
    operating_map = map_at(at)
    weights = {stage.id: _weights(stage) for stage in operating_map.stages.values()}
    weights |= {gone: weights[stage] for gone, stage in operating_map.successors.items() if stage in weights}
    zone = current_map().hours.tz
    on = (at or now()).astimezone(zone).date()
    return Reckoning(weights, rates or rates_at(member, at), on, zone)


def _weights(stage: Any) -> tuple[int, int]:
    whole = round((stage.weight or 0) * IN_TEN_THOUSAND)
    return whole, whole if stage.counts("weight", shown=False) else 0


def spans_at(member: Member, at: datetime | None, narrow: Mapping[Group, object] | None = None) -> QuerySet[DealState]:
    """Return the spans in force at a moment (None: now), of the deals that the member sees."""
    spans = DealState.objects.visible_to(member).as_of(at).exclude(status="void")
    for name, value in (narrow or {}).items():
        spans = spans.filter(_has(name, value))
    return spans


WHEN_DECIDED: dict[Group, str] = {"owner": "decided_owner", "desk": "decided_desk"}
"""What is won or lost is theirs who had it then, whoever goes on with it."""


def _has(group: Group, value: Any) -> Q:
    kept = value if group == "owner" or value else ""
    if group not in WHEN_DECIDED:
        return Q(**{group: kept})
    decided = Q(**{WHEN_DECIDED[group]: kept}, status__in=DECIDED)
    return Q(**{group: kept}, status="open") | decided


def in_periods(periods: Sequence[Period]) -> Q:
    """Return the condition that a span counts in one of these periods, which follow each other."""
    return when(periods[0].start, periods[-1].end)


def when(start: date, end: date) -> Q:
    """Return the condition that a span counts from one day up to another."""
    return closing(start, end) | deciding(start, end)


def closing(start: date, end: date) -> Q:
    """Return the condition that a span is open and should close from one day up to another."""
    return Q(status="open", close_date__gte=start, close_date__lt=end)


def deciding(start: date, end: date, statuses: Sequence[str] = DECIDED) -> Q:
    """Return the condition that a span was won or lost from one day up to another."""
    return Q(status__in=statuses, decided_at__gte=moment(start), decided_at__lt=moment(end))


def moment(day: date) -> datetime:
    """Return when a day begins where the business is."""
    return datetime.combine(day, time(), current_map().hours.tz)


def place(periods: Sequence[Period], *, opens: bool) -> Case:
    """Return the expression that says in which of the periods, which follow each other, a span counts; -1 undated.

    For spans that were narrowed to these periods: open ones by their close date, decided ones by the decision.
    """
    name, ends = ("close_date__lt", [one.end for one in periods]) if opens else ("decided_at__lt", _ends(periods))
    cases = [When(**{name: end}, then=Value(number)) for number, end in enumerate(ends)]
    return Case(*cases, default=Value(-1), output_field=IntegerField())


def _ends(periods: Sequence[Period]) -> list[datetime]:
    return [moment(one.end) for one in periods]


class _Weighed(Func):
    """An amount from 0 on times what its stage weighs in ten thousandths, rounded half-even, in whole numbers.

    One expression, written out as a whole: as a tree of conditions it takes longer to put together than to compute.
    """

    output_field = BigIntegerField()

    def __init__(self, weights: tuple[tuple[str, int, int], ...]) -> None:
        super().__init__(F("amount"), F("stage"), F("shown"))
        self.weights = weights

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        """Write it out; the stages are told as values, twice."""
        amount, stage, shown = (compiler.compile(one)[0] for one in self.get_source_expressions())
        each = " ".join(f"WHEN %s THEN CASE WHEN {shown} THEN {up:d} ELSE {low:d} END" for _id, up, low in self.weights)
        weight = f"(CASE {stage} {each} ELSE 0 END)" if self.weights else "0"
        half = f"CASE WHEN ({amount} * {weight}) %% 20000 = 5000 THEN 1 ELSE 0 END"
        stages = tuple(one[0] for one in self.weights)
        return f"(({amount} * {weight} + 5000) / 10000 - {half})", stages + stages


def weighed(reckoning: Reckoning) -> Func:
    """Return the expression for what an open deal in the main currency weighs, the same as `reckoning.weigh`."""
    return _Weighed(tuple((stage, up, low) for stage, (up, low) in reckoning.weights.items() if up or low))


def states(spans: QuerySet[DealState]) -> Iterator[State]:
    """Yield the states of spans."""
    tz = current_map().hours.tz
    for deal, owner, decided_owner, close, *row in spans.values_list(*_AS_TEXT, *_PLAIN):
        yield _state(_id(deal), _id(owner), _id(decided_owner), _day(close), row, tz)


_AS_TEXT = tuple(Cast(name, CharField()) for name in ("deal_id", "owner_id", "decided_owner_id", "close_date"))
"""Thousands are compared at a time, and the same ids and days come again and again: they are read once."""
_PLAIN = (
    "status", "stage", "shown", "amount", "currency", "decided_at", "category", "desk", "service", "source",
    "decided_desk",
)  # fmt: skip


@lru_cache(maxsize=65_536)
def _id(text: str | None) -> Any:
    return UUID(text) if text else None


@lru_cache(maxsize=4096)
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _state(deal: UUID, owner: UUID, decided_owner: UUID, close: date | None, row: list[Any], tz: ZoneInfo) -> State:
    status, stage, shown, amount, currency, decided, category, desk, service, source, decided_desk = row
    on = local_day(decided, tz) if decided else None
    if status in DECIDED:
        owner, desk = decided_owner, decided_desk
    return State(deal, status, stage, shown, amount, currency, close, on, category, owner, desk, service, source)


def state_of(row: Sequence[Any], tz: ZoneInfo) -> State:
    """Return the state that a row of `COLUMNS` says."""
    deal, status, stage, shown, amount, currency, close, decided, category, owner, desk, service, source = row[:13]
    on = local_day(decided, tz) if decided else None
    if status in DECIDED:
        owner, desk = row[13:]
    return State(deal, status, stage, shown, amount, currency, close, on, category, owner, desk, service, source)


@lru_cache(maxsize=4096)
def local_day(at: datetime, tz: ZoneInfo) -> date:
    """Return the day on which a moment lies where the business is."""
    return at.astimezone(tz).date()
