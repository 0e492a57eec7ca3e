"""The forecast as of a moment: added up in one grouped query, over the deals that the member sees."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When

from baton.decide.forecast import spans
from baton.decide.forecast.periods import By, Period, from_here
from baton.decide.forecast.reckoning import WON, Category, Group, Rates, Reckoning, State, category_of, weigh
from baton.ledger.models import Company, Deal, DealState
from baton.map.current import one_version
from baton.members.models import Member

OPEN: tuple[Category, ...] = ("commit", "best", "pipeline")
SHOWN: tuple[Category, ...] = ("won", *OPEN)


@dataclass(slots=True)
class Figures:
    """Sums in minor units of the main currency, and numbers of deals, by category. `weighted` is what open ones weigh.

    `unpriced` deals have no amount; `unrated` ones an amount in a currency without a rate: neither is in any sum.
    """

    sums: Counter[Category] = field(default_factory=Counter)
    deals: Counter[Category] = field(default_factory=Counter)
    weighted: int = 0
    unpriced: int = 0
    unrated: Counter[str] = field(default_factory=Counter)

    @property
    def won(self) -> int:
        return self.sums["won"]

    @property
    def open(self) -> int:
        """The whole worth of what is open; what was said to be left out isn't in it."""
        return sum(self.sums[one] for one in OPEN)

    @property
    def expected(self) -> int:
        """Won, and the open deals by the weight of their stage."""
        return self.won + self.weighted

    @property
    def called(self) -> int:
        """Won and commit: what the deals themselves are called to bring."""
        return self.won + self.sums["commit"]

    @property
    def count(self) -> int:
        return sum(self.deals[one] for one in SHOWN)

    def add(self, other: Figures) -> None:
        self.sums += other.sums
        self.deals += other.deals
        self.weighted += other.weighted
        self.unpriced += other.unpriced
        self.unrated += other.unrated

    def take(self, category: Category, count: int, whole: int, weighted: int) -> None:
        """Add so many deals of one category."""
        self.sums[category] += whole
        self.deals[category] += count
        self.weighted += weighted if category in OPEN else 0


@dataclass(slots=True)
class Forecast:
    """What is won and expected, by period and by person, desk, source or service. `at` is None for now.

    `lines` is (place of the period, who or what) → figures; `undated` are the open deals without a close date.
    """

    at: datetime | None
    periods: list[Period]
    group: Group | None
    reckoning: Reckoning
    lines: dict[tuple[int, Any], Figures] = field(default_factory=lambda: defaultdict(Figures))

    @property
    def currency(self) -> str:
        return self.reckoning.rates.main

    @property
    def rates(self) -> Rates:
        return self.reckoning.rates

    def of(self, place: int, who: Any = None) -> Figures:
        """Return the figures of one period; of one person, desk, source or service in it where they are named."""
        if who is not None:
            return self.lines.get((place, who), Figures())
        total = Figures()
        for (number, _who), figures in self.lines.items():
            if number == place:
                total.add(figures)
        return total

    @property
    def undated(self) -> Figures:
        return self.of(-1)

    def groups(self) -> list[Any]:
        """Return who or what has figures in any of the periods, the most expected first."""
        totals: Counter[Any] = Counter()
        for (number, who), figures in self.lines.items():
            if number >= 0 and (figures.count or figures.unpriced or figures.unrated):
                totals[who] += figures.expected
        return sorted(totals, key=lambda who: (-totals[who], str(who)))


@one_version()
def at(
    member: Member,
    moment: datetime | None = None,
    *,
    by: By = "quarter",
    count: int = 4,
    first: date | None = None,
    group: Group | None = None,
    narrow: Mapping[Group, object] | None = None,
) -> Forecast:
    """Return the forecast as it was recorded by a moment, to the second; as of now for None.

    So many periods from the one on in which `first` lies (the day of the moment unless told), of what the member
    sees, perhaps only of one person, desk, source or service: `narrow={"owner": member_id}`.
    """
    reckoning = spans.reckoning_at(member, moment)
    periods = from_here(first or reckoning.on, by, count)
    return read(member, moment, periods, reckoning, group=group, narrow=narrow)


@one_version()
def read(
    member: Member,
    moment: datetime | None,
    periods: list[Period],
    reckoning: Reckoning,
    *,
    group: Group | None = None,
    narrow: Mapping[Group, object] | None = None,
) -> Forecast:
    """Return the forecast of these periods, which follow each other, by this reckoning."""
    forecast = Forecast(moment, periods, group, reckoning)
    asked, (first, end) = spans.spans_at(member, moment, narrow), (periods[0].start, periods[-1].end)
    won = _won(asked.filter(spans.deciding(first, end, WON)), periods, reckoning, group)
    opened = [_opened(asked.filter(one), periods, reckoning, group) for one in (spans.closing(first, end), _undated())]
    for row in chain(won, *opened):
        _take(forecast.lines[row["place"], row["who"] if group else None], row, reckoning)
    return forecast


def _undated() -> Q:
    return Q(status="open", close_date__isnull=True)


Spans = QuerySet[DealState]


def _opened(asked: Spans, periods: Sequence[Period], reckoning: Reckoning, group: Group | None) -> Any:
    """What is in the main currency comes added up and weighed, what is in another by amount, to be converted here."""
    ours = Q(currency=reckoning.rates.main, amount__gte=0)
    rows, keys = _keyed(asked, group, ours, place=spans.place(periods, opens=True))
    weighed = Sum(spans.weighed(reckoning), filter=ours)
    return rows.values(*keys, "status", "stage", "shown", "category").annotate(**SUMS, weighed=weighed)


def _won(asked: Spans, periods: Sequence[Period], reckoning: Reckoning, group: Group | None) -> Any:
    """The same for what is won; in another currency by its day too, whose rate it has."""
    ours = Q(currency=reckoning.rates.main, amount__gte=0)
    on = Case(When(ours, then=Value(None)), default=F("decided_at"))
    whose = spans.WHEN_DECIDED.get(group, group) if group else None
    rows, keys = _keyed(asked, whose, ours, place=spans.place(periods, opens=False), on=on)
    return rows.values(*keys, "on").annotate(**SUMS)


SUMS = {"deals": Count("*"), "priced": Count("amount"), "sum": Sum("amount")}


def _keyed(asked: Spans, group: str | None, ours: Q, **more: Any) -> tuple[Spans, list[str]]:
    """Return the rows with what they are grouped by: the period, the currency, amounts to convert, and whose."""
    each = Case(When(ours, then=Value(None)), default=F("amount"))
    whose = {"who": F(group)} if group else {}
    return asked.annotate(each=each, **more, **whose).order_by(), ["place", "currency", "each", *whose]


def _take(figures: Figures, row: Mapping[str, Any], reckoning: Reckoning) -> None:
    weight = _weight(row, reckoning)
    category = category_of(row["status"], row["category"], weight) if "stage" in row else "won"
    if category == "omitted":
        figures.take(category, row["deals"], 0, 0)
        return
    figures.unpriced += row["deals"] - row["priced"]
    if row["each"] is None:
        figures.take(category, row["priced"], int(row["sum"] or 0), int(row.get("weighed") or 0))
        return
    decided = row.get("on")
    on = min(reckoning.day(decided), reckoning.on) if decided else reckoning.on
    worth = reckoning.rates.convert(row["each"], row["currency"], on)
    if worth is None:
        figures.unrated[row["currency"]] += row["priced"]
        return
    figures.take(category, row["priced"], worth * row["priced"], weigh(worth, weight) * row["priced"])


def _weight(row: Mapping[str, Any], reckoning: Reckoning) -> int:
    shown, said = reckoning.weights.get(row.get("stage", ""), (0, 0))
    return shown if row.get("shown") else said


# The rows behind a number


@dataclass(frozen=True, slots=True)
class Row:
    """One deal behind a number. `worth` and `counts` are minor units of the main currency; None: can't be counted."""

    state: State
    title: str
    company: str
    owner: str
    category: Category
    worth: int | None
    counts: int | None
    why_not: str = ""


@one_version()
def rows(
    member: Member,
    moment: datetime | None,
    period: Period | None,
    *,
    category: Category | None = None,
    narrow: Mapping[Group, object] | None = None,
) -> list[Row]:
    """Return the deals behind a number, the largest first: of one period (None: open ones without a close date)."""
    reckoning = spans.reckoning_at(member, moment)
    asked = spans.spans_at(member, moment, narrow)
    asked = asked.filter(spans.in_periods([period]) if period else _undated())
    found = [(state, reckoning.category(state)) for state in spans.states(asked)]
    wanted = [(state, one) for state, one in found if (one == category if category else one in SHOWN)]
    return sorted(_rows(member, wanted, reckoning), key=lambda row: (-(row.worth or 0), row.title, str(row.state.deal)))


@one_version()
def answer_rows(
    member: Member, period: Period, moment: datetime | None = None, **narrow: Any
) -> tuple[Figures, list[Row]]:
    """Answer a question about one period: the figures, and the deals that they are made of."""
    found = at(member, moment, by=period.by, count=1, first=period.start, narrow=narrow)
    return found.of(0), rows(member, moment, period, narrow=narrow)


def _rows(member: Member, found: Sequence[tuple[State, Category]], reckoning: Reckoning) -> Iterable[Row]:
    known = titles(member, [state.deal for state, _category in found])
    owners = dict(Member.objects.filter(pk__in={state.owner for state, _c in found}).values_list("pk", "name"))
    for state, category in found:
        title, company = known.get(state.deal, ("", ""))
        worth = reckoning.worth(state)
        counts = worth if state.status in WON else reckoning.weighed(state)
        owner = owners.get(state.owner, "") if state.owner else ""
        yield Row(state, title, company, owner, category, worth, counts, _why_not(state, worth))


def _why_not(state: State, worth: int | None) -> str:
    if worth is not None:
        return ""
    return "unpriced" if state.amount is None else "unrated"


def titles(member: Member, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return deal → (title, company) of those that the member sees; two queries, or a few for very many deals."""
    deals: list[tuple[UUID, str, UUID | None]] = []
    for first in range(0, len(ids), 10_000):
        some = Deal.objects.visible_to(member).filter(pk__in=ids[first : first + 10_000])
        deals += some.values_list("pk", "title", "company_id")
    companies: dict[UUID | None, str] = {}
    wanted = list({company for _pk, _title, company in deals if company})
    for first in range(0, len(wanted), 10_000):
        some = Company.objects.visible_to(member).filter(pk__in=wanted[first : first + 10_000])
        companies |= dict(some.values_list("pk", "name"))
    return {pk: (title, companies.get(company, "")) for pk, title, company in deals}
