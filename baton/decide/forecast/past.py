"""Reads the past of a business from its spans: decided cases and open deals, as recorded by a moment.

The newest cases are the comparable ones, so that what is read stays the same however long a business has been going.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Count, F, FloatField, Func, IntegerField, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast

from baton.decide.forecast import spans
from baton.decide.forecast.history import OPENED, WINDOWS, Case, Guess, Past, Standing, Window
from baton.decide.forecast.periods import Period
from baton.decide.forecast.reckoning import WON, Reckoning
from baton.kernel.clock import now
from baton.ledger.models import DealState
from baton.map.current import one_version
from baton.members.models import Member

MOST = 3_000
AT_ONCE = 10_000


@one_version()
def past(member: Member, at: datetime | None, reckoning: Reckoning) -> Past:
    """Return the last cases and what stood open at a moment, by what was recorded by then and of what one sees."""
    on = at or now()
    return Past(_ordinal(on, reckoning), _cases(member, at, on, reckoning), _open(member, at, on, reckoning))


@one_version()
def past_on(member: Member, known: datetime | None, at: datetime, reckoning: Reckoning) -> Past:
    """Return the past as it was on a day, by what was recorded by another moment: history that was imported later.

    Which of the deals were open on that day follows from when they were opened and decided. Their stage of that day
    isn't known from a table that only says how they ended.
    """
    standing = _open(member, known, at, reckoning) + _decided_later(member, known, at)
    return Past(_ordinal(at, reckoning), _cases(member, known, at, reckoning), standing)


class DayNumber(Func):
    """The ordinal of the day (UTC) on which a moment lies, worked out by the database."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(CAST(julianday(%(expressions)s) + 0.5 AS INTEGER) - 1721425)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(((%(expressions)s) AT TIME ZONE 'UTC')::date - DATE '0001-01-01' + 1)"
        return self.as_sql(compiler, connection, template=template, **context)


def _key() -> Cast:
    """A deal's id as the text that it is kept as: thousands are compared here, and none is shown."""
    return Cast("deal", CharField())


def _cases(member: Member, known: datetime | None, at: datetime, reckoning: Reckoning) -> list[Case]:
    ended = _ended(member, known, at)
    told = ended.annotate(key=_key(), end=DayNumber("decided_at"), begin=DayNumber("opened_at"))
    rows = list(told.values_list("key", "status", "amount", "currency", "end", "begin", "service"))
    since = _since(member, known, ended)
    return [
        Case(
            status in WON,
            end,
            min(end, begin or end),
            _worth(amount, currency, reckoning, end),
            service,
            since[key],
            key,
        )
        for key, status, amount, currency, end, begin, service in rows
    ]


def _ended(member: Member, known: datetime | None, at: datetime) -> QuerySet[DealState]:
    rows = spans.spans_at(member, known).filter(decided_at__lt=at)
    return rows.order_by("-decided_at")[:MOST]


def _since(member: Member, known: datetime | None, ended: QuerySet[DealState]) -> dict[str, dict[str, int]]:
    """Return deal → stage → the day on which it first stood there; what was told with the end is no stage of its."""
    rows = DealState.objects.visible_to(member).filter(deal__in=ended.values("deal"), status="open")
    rows = rows.filter(began_at__lte=known) if known else rows
    told = rows.order_by().annotate(key=_key()).values("key", "stage").annotate(since=DayNumber(Min("stage_since")))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key, stage, since in told.values_list("key", "stage", "since"):
        if since:
            found[key][stage] = since
    return found


def _worth(amount: int | None, currency: str, reckoning: Reckoning, ended: int | None = None) -> int | None:
    if amount is None or currency == reckoning.rates.main:
        return amount
    on = date.fromordinal(ended) if ended else reckoning.on
    return reckoning.rates.convert(amount, currency, min(on, reckoning.on))


def _open(member: Member, known: datetime | None, at: datetime, reckoning: Reckoning) -> list[Standing]:
    today = _ordinal(at, reckoning)
    rows = spans.spans_at(member, known).filter(Q(opened_at__isnull=True) | Q(opened_at__lt=at), status="open")
    told = rows.annotate(since=DayNumber("stage_since"), begin=DayNumber("opened_at"))
    return [
        Standing(stage, since or today, begin or since or today, _worth(amount, currency, reckoning), service)
        for stage, amount, currency, since, begin, service in told.values_list(
            "stage", "amount", "currency", "since", "begin", "service"
        )
    ]


def _decided_later(member: Member, known: datetime | None, at: datetime) -> list[Standing]:
    """What is decided by now was open before; its stage and its amount of then aren't known."""
    rows = spans.spans_at(member, known).filter(status__in=spans.DECIDED, decided_at__gte=at, opened_at__lt=at)
    told = rows.annotate(begin=DayNumber("opened_at")).values_list("begin", "service")
    return [Standing(OPENED, begin, begin, None, service) for begin, service in told]


def _ordinal(at: datetime, reckoning: Reckoning) -> int:
    return reckoning.day(at).toordinal()


# What came from deals that weren't there yet


def guess(
    member: Member, found: Past, period: Period, reckoning: Reckoning, known: datetime | None = None
) -> Guess | None:
    """Return what the past says of the rest of a period; None where it is over."""
    first, last = max(found.today, period.start.toordinal() - 1), period.end.toordinal() - 1
    if last <= found.today:
        return None
    return found.guess(first, last, _windows(member, found.today, first, last, reckoning, known))


def _windows(
    member: Member, today: int, first: int, last: int, reckoning: Reckoning, known: datetime | None
) -> list[Window]:
    """Return the stretches of as many days before today that the past reaches back to, newest first; one query."""
    far, near = last - today, first - today
    starts = [today - far * number for number in range(1, WINDOWS + 2)]
    stretches = [(start, start + near + 1, start + far + 1) for start in starts]
    sums: dict[int, list[float]] = defaultdict(lambda: [0, 0, 0.0, 0.0])
    for row in _won_in(member, stretches, reckoning, known):
        _add(sums[row["place"]], row, reckoning)
    begins = _first_end(member, known)
    reached = [place for place, start in enumerate(starts) if begins is not None and start >= begins - 1]
    return [Window(round(a), int(b), round(c), round(d)) for a, b, c, d in (sums[place] for place in reached)]


def _won_in(
    member: Member, stretches: Sequence[tuple[int, int, int]], reckoning: Reckoning, known: datetime | None
) -> Any:
    """Each stretch is (day at whose end it is looked from, first day, day after the last), as ordinals."""
    cases, newer = [], Q(pk__in=[])
    for place, (start, begin, end) in enumerate(stretches):
        within = Q(decided_at__gte=_midnight(begin, reckoning), decided_at__lt=_midnight(end, reckoning))
        cases.append(When(within, then=Value(place)))
        newer |= within & Q(opened_at__gte=_midnight(start + 1, reckoning))
    whole = Q(
        decided_at__gte=_midnight(stretches[-1][1], reckoning), decided_at__lt=_midnight(stretches[0][2], reckoning)
    )
    rows = spans.spans_at(member, known).filter(whole, status__in=WON, amount__isnull=False)
    rows = rows.annotate(place=Choice(*cases, default=Value(-1)), worth=Cast("amount", FloatField()))
    return (
        rows.order_by()
        .values("place", "currency")
        .annotate(
            won=Sum("worth"),
            deals=Count("pk", filter=newer),
            newer=Sum("worth", filter=newer),
            squares=Sum(F("worth") * F("worth"), filter=newer),
        )
    )


def _add(total: list[float], row: dict[str, Any], reckoning: Reckoning) -> None:
    """What is in another currency is taken at one rate here: this is a guess, not a sum."""
    rate = reckoning.rates.convert(10**6, row["currency"], reckoning.on)
    if rate is not None:
        share = rate / 10**6
        added = (row["won"] or 0) * share, row["deals"], (row["newer"] or 0) * share, (row["squares"] or 0) * share**2
        total[:] = [one + more for one, more in zip(total, added, strict=True)]


def _midnight(day: int, reckoning: Reckoning) -> datetime:
    return datetime.combine(date.fromordinal(day), time(), reckoning.zone)


def _first_end(member: Member, known: datetime | None) -> int | None:
    """Return the day of the first decision that anybody recorded."""
    rows = spans.spans_at(member, known).filter(decided_at__isnull=False).order_by("decided_at")
    first = rows.values_list("decided_at", flat=True).first()
    return None if first is None else first.toordinal()
