"""Reads the past of a business from its spans: decided cases and open deals, as recorded by a moment.

The newest cases are the comparable ones, so that what is read stays the same however long a business has been going.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import Count, F, FloatField, Min, Q, Sum, Value, When
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
    standing = _open(member, known, at, reckoning) + _decided_later(member, known, at, reckoning)
    return Past(_ordinal(at, reckoning), _cases(member, known, at, reckoning), standing)


def _cases(member: Member, known: datetime | None, at: datetime, reckoning: Reckoning) -> list[Case]:
    ended = _ended(member, known, at)
    since = _since(member, known, [row["deal"] for row in ended])
    return [_case(row, since.get(row["deal"], {}), reckoning) for row in ended]


def _ended(member: Member, known: datetime | None, at: datetime) -> list[dict[str, Any]]:
    rows = spans.spans_at(member, known).filter(status__in=spans.DECIDED, decided_at__lt=at)
    columns = ("deal", "status", "amount", "currency", "decided_at", "opened_at", "service")
    return list(rows.order_by("-decided_at").values(*columns)[:MOST])


def _since(member: Member, known: datetime | None, deals: Sequence[UUID]) -> dict[UUID, dict[str, datetime]]:
    """Return deal → stage → when it first stood there."""
    found: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    for first in range(0, len(deals), AT_ONCE):
        rows = DealState.objects.visible_to(member).filter(deal__in=deals[first : first + AT_ONCE])
        rows = rows.filter(began_at__lte=known) if known else rows
        told = rows.order_by().values_list("deal", "stage").annotate(since=Min("stage_since"))
        for deal, stage, since in told.values_list("deal", "stage", "since"):
            if since:
                found[deal][stage] = since
    return found


def _case(row: dict[str, Any], since: dict[str, datetime], reckoning: Reckoning) -> Case:
    """What was told together with the end is no stage that it stood at."""
    ended = _ordinal(row["decided_at"], reckoning)
    opened = min(ended, _ordinal(row["opened_at"] or row["decided_at"], reckoning))
    won = row["status"] in WON
    worth = _worth(row, reckoning, ended)
    passed = {stage: min(ended, _ordinal(at, reckoning)) for stage, at in since.items() if at < row["decided_at"]}
    return Case(row["deal"], won, ended, opened, worth, row["service"], passed)


def _worth(row: dict[str, Any], reckoning: Reckoning, ended: int | None = None) -> int | None:
    if row["amount"] is None:
        return None
    on = date.fromordinal(ended) if ended else reckoning.on
    return reckoning.rates.convert(row["amount"], row["currency"], min(on, reckoning.on))


OPEN = ("deal", "stage", "amount", "currency", "stage_since", "opened_at", "service")


def _open(member: Member, known: datetime | None, at: datetime, reckoning: Reckoning) -> list[Standing]:
    rows = spans.spans_at(member, known).filter(status="open").values(*OPEN)
    return [_stands(row, at, reckoning) for row in rows if _was_there(row, at)]


def _decided_later(member: Member, known: datetime | None, at: datetime, reckoning: Reckoning) -> list[Standing]:
    """What is decided by now was open before; its stage and its amount of then aren't known."""
    rows = spans.spans_at(member, known).filter(status__in=spans.DECIDED, decided_at__gte=at, opened_at__lt=at)
    return [
        Standing(deal, OPENED, (day := _ordinal(opened, reckoning)), day, None, service)
        for deal, opened, service in rows.values_list("deal", "opened_at", "service")
    ]


def _was_there(row: dict[str, Any], at: datetime) -> bool:
    return row["opened_at"] is None or row["opened_at"] < at


def _stands(row: dict[str, Any], at: datetime, reckoning: Reckoning) -> Standing:
    opened = _ordinal(row["opened_at"] or row["stage_since"] or at, reckoning)
    since = _ordinal(row["stage_since"] or at, reckoning)
    return Standing(row["deal"], row["stage"], since, opened, _worth(row, reckoning), row["service"])


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
