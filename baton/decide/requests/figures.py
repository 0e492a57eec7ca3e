"""Figures over the deals that a member may see, each with the deals and facts behind it. The deals are read once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.forecast.rates import rates_at
from baton.decide.forecast.reckoning import IN_TEN_THOUSAND, Rates, category_of
from baton.decide.requests.meaning import Ask
from baton.decide.requests.periods import Between
from baton.kernel.money import Money, digits, round_half_even
from baton.kernel.words import day as day_in_words
from baton.ledger.models import Deal
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member

COLUMNS = (
    "pk", "title", "stage", "shown", "owner_id", "company_id", "contact_id", "amount", "currency", "close_date",
    "status", "category", "service", "source", "desk", "next_step", "next_step_at", "recorded_at", "decided_at",
    "decided_owner_id", "decided_desk",
)  # fmt: skip
FEW = 10
"""With fewer cases than this, a share says nothing."""
CONFIRMED, STALE, SUGGESTED, MISSING = "confirmed", "stale", "suggested", "missing"
WORST = (CONFIRMED, STALE, SUGGESTED, MISSING)


@dataclass(slots=True)
class Line:
    """One deal, as narrow as figures need it. `decided_on` is the day on which it was won or lost."""

    pk: UUID
    title: str
    stage: str
    shown: bool
    owner_id: UUID | None
    company_id: UUID | None
    contact_id: UUID | None
    amount: int | None
    currency: str
    close_date: date | None
    status: str
    category: str
    service: str
    source: str
    desk: str
    next_step: str
    next_step_at: datetime | None
    recorded_at: datetime
    decided_at: datetime | None
    decided_owner_id: UUID | None
    decided_desk: str
    decided_on: date | None = None

    @property
    def whose(self) -> UUID | None:
        """Whose it counts as: who won or lost it, whoever works on it since; an open one is its owner's."""
        return (self.decided_owner_id if self.status != "open" else None) or self.owner_id


Ordered = tuple[list[date], list[Line]]


@dataclass(frozen=True, slots=True)
class Part:
    """What one deal adds to a figure, in minor units (or 1 for a count), and which of its fields that rests on."""

    deal: UUID
    adds: int
    rests_on: tuple[str, ...]


@dataclass(slots=True)
class Figure:
    """An answer: `value` as a cell holds it, None where it can’t be given, and `why` then.

    `shows` is money, number, share, day or text. Money is in whole units of `currency`, divided by the unit asked for.
    """

    value: float | str | date | None
    shows: str = "number"
    currency: str = ""
    parts: list[Part] = field(default_factory=list)
    why: str = ""
    remarks: list[str] = field(default_factory=list)


class Group:
    """Some deals, in the order of the days on which they count, so that a month of them is found without the others."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.undated = sum(one.status == "open" and one.close_date is None for one in lines)

    def lines_for(self, ask: Ask) -> list[Line]:
        """Return the deals among which those are that an ask counts."""
        if ask.between is None or ask.status == "new":
            return self.lines
        if ask.base == "rate" or ask.status in {"won", "lost"}:
            return self._within(self._decided, ask.between)
        due = self._within(self._due, ask.between)
        return due + self._within(self._decided, ask.between) if ask.status == "likely" else due

    @cached_property
    def _due(self) -> Ordered:
        return _ordered((one.close_date, one) for one in self.lines if one.status == "open" and one.close_date)

    @cached_property
    def _decided(self) -> Ordered:
        return _ordered((one.decided_on, one) for one in self.lines if one.status != "open" and one.decided_on)

    def _within(self, ordered: Ordered, between: Between) -> list[Line]:
        days, lines = ordered
        return lines[bisect_left(days, between.first) : bisect_right(days, between.last)]


def _ordered(pairs: Iterable[tuple[date, Line]]) -> Ordered:
    found = sorted(pairs, key=lambda pair: (pair[0], pair[1].pk))
    return [day for day, _line in found], [line for _day, line in found]


class Deals:
    """Every deal that a member may see, at a moment."""

    def __init__(self, member: Member, at: datetime) -> None:
        self.member, self.at = member, at
        self.map: OperatingMap = current_map()
        self.today = at.astimezone(self.map.hours.tz).date()
        rows = Deal.objects.visible_to(member).order_by("pk").values_list(*COLUMNS)
        self.lines = [Line(*row) for row in rows.iterator(chunk_size=5000)]
        self.by_id = {one.pk: one for one in self.lines}
        for one in self.lines:
            one.decided_on = one.decided_at.astimezone(self.map.hours.tz).date() if one.decided_at else None
        self._known: dict[Ask, Figure] = {}
        self._groups: dict[tuple[tuple[str, str], ...], Group] = {}

    @classmethod
    def none(cls, member: Member, at: datetime) -> Deals:
        """Return no deals at all, for what only needs the map, the members and the day."""
        made = cls.__new__(cls)
        made.member, made.at, made.map = member, at, current_map()
        made.today = at.astimezone(made.map.hours.tz).date()
        made.lines, made.by_id, made._known, made._groups = [], {}, {}, {}
        return made

    @cached_property
    def rates(self) -> Rates:
        """The exchange rates that the business states."""
        return rates_at(self.member)

    @cached_property
    def begins(self) -> date | None:
        """The first day that Baton knows anything of a deal."""
        days = [one.decided_on for one in self.lines if one.decided_on]
        days += [one.recorded_at.date() for one in self.lines]
        return min(days, default=None)

    def figure(self, ask: Ask) -> Figure:
        """Return the answer to what a cell asks."""
        if ask not in self._known:
            self._known[ask] = self._figure(ask)
        return self._known[ask]

    def _figure(self, ask: Ask) -> Figure:
        problem = self._before_or_after(ask)
        if problem:
            return Figure(None, why=problem)
        chosen = [(one, self._weight(one, ask)) for one in self._about(ask).lines_for(ask) if self._counts(one, ask)]
        return _BASES[ask.base](self, ask, chosen)

    def _before_or_after(self, ask: Ask) -> str:
        if ask.between is None:
            return ""
        begins = self.begins
        if begins is None or ask.between.last < begins:
            told = {"day": day_in_words(begins) if begins else _("today")}
            return _("Baton’s record begins on %(day)s, later than this asks for.") % told
        if ask.status in {"won", "lost", "new"} and ask.between.first > self.today:
            return _("That time hasn’t begun.")
        return ""

    def _about(self, ask: Ask) -> Group:
        """The deals of one person, stage or whatever else was asked about: put in order once, and asked often."""
        if ask.about not in self._groups:
            lines = self.lines
            for kind, value in ask.about:
                lines = self._by(kind).get(value, []) if lines is self.lines else [
                    one for one in lines if _KEYS[kind](one) == value
                ]  # fmt: skip
            self._groups[ask.about] = Group(lines)
        return self._groups[ask.about]

    def _by(self, kind: str) -> dict[str, list[Line]]:
        if kind not in self._kinds:
            found: dict[str, list[Line]] = {}
            for one in self.lines:
                found.setdefault(_KEYS[kind](one), []).append(one)
            self._kinds[kind] = found
        return self._kinds[kind]

    @cached_property
    def _kinds(self) -> dict[str, dict[str, list[Line]]]:
        return {}

    def _counts(self, one: Line, ask: Ask) -> bool:
        """Whether a deal belongs to what is asked."""
        is_open, between = one.status == "open", ask.between
        if ask.base == "rate":
            return one.decided_on is not None and (between is None or one.decided_on in between)
        if ask.status == "new":
            return between is None or one.recorded_at.astimezone(self.map.hours.tz).date() in between
        won = one.status in {"won", "done"} and (between is None or one.decided_on in between)
        if ask.status in {"won", "lost"}:
            return (
                won if ask.status == "won" else one.status == "lost" and (between is None or one.decided_on in between)
            )
        due = is_open and (between is None or one.close_date in between)
        if ask.status in {"commit", "best case"}:
            return due and category_of("open", one.category, self._ten_thousandths(one)) == ask.status.split()[0]
        return due or (ask.status == "likely" and won)

    def _weight(self, one: Line, ask: Ask) -> Decimal:
        """What share of its amount a deal adds: all of it, or what the map says of its stage, where that is shown."""
        if ask.status not in {"weighted", "likely"} or one.status != "open":
            return Decimal(1)
        return self.chance(one)

    def _ten_thousandths(self, one: Line) -> int:
        return int(self.chance(one) * IN_TEN_THOUSAND)

    def worth(self, one: Line, currency: str) -> int | None:
        """Return a deal's amount in minor units of a currency, at the rate of its day; None without a rate."""
        if one.amount is None or one.currency == currency:
            return one.amount
        if currency != self.rates.main:
            return None
        decided = one.decided_on if one.status != "open" else None
        return self.rates.convert(one.amount, one.currency, min(decided or self.today, self.today))

    def chance(self, one: Line) -> Decimal:
        """Return the weight of a deal’s stage; nothing where the map wants a proof and has none."""
        stage = self.map.stage_by_id(one.stage)
        if stage is None or stage.weight is None or not stage.counts("weight", shown=one.shown):
            return Decimal(0)
        return Decimal(str(stage.weight))

    # Bases

    def _sum(self, ask: Ask, chosen: list[tuple[Line, Decimal]]) -> Figure:
        currency = ask.currency or self.map.currency
        worths = [self.worth(one, currency) for one, _w in chosen]
        pairs = zip(chosen, worths, strict=True)
        other = sorted({one.currency for (one, _w), worth in pairs if one.amount and worth is None})
        if other:
            told = {"currencies": ", ".join(other), "currency": currency}
            return Figure(None, why=_("Some of it is in %(currencies)s, and no rate to %(currency)s is known.") % told)
        parts = [
            Part(one.pk, round_half_even((worth or 0) * weight), self._rests(one, ask))
            for (one, weight), worth in zip(chosen, worths, strict=True)
        ]
        missing = sum(one.amount is None for one, _w in chosen)
        total = Money(sum(part.adds for part in parts), currency).major / ask.unit
        made = Figure(float(total), "money", currency, parts)
        if missing:
            told = {"count": missing}
            made.remarks.append(
                ngettext(
                    "%(count)d deal has no amount yet and adds nothing.",
                    "%(count)d deals have no amount yet and add nothing.",
                    missing,
                )
                % told
            )
        return self._remarked(made, ask)

    def _remarked(self, made: Figure, ask: Ask) -> Figure:
        """Say what the figure leaves out: open deals without a close date are in no month."""
        if ask.between is None or ask.status in {"won", "lost", "new"}:
            return made
        undated = self._about(ask).undated
        if undated:
            made.remarks.append(
                ngettext(
                    "%(count)d open deal has no close date and is in no period.",
                    "%(count)d open deals have no close date and are in no period.",
                    undated,
                )
                % {"count": undated}
            )
        return made

    def _count(self, ask: Ask, chosen: list[tuple[Line, Decimal]]) -> Figure:
        parts = [Part(one.pk, 1, self._rests(one, replace(ask, base="count"))) for one, _w in chosen]
        return self._remarked(Figure(float(len(parts)), "number", parts=parts), ask)

    def _average(self, ask: Ask, chosen: list[tuple[Line, Decimal]]) -> Figure:
        valued = [(one, weight) for one, weight in chosen if one.amount is not None]
        if not valued:
            return Figure(None, why=_("No deal with an amount is among them."))
        made = self._sum(ask, valued)
        if isinstance(made.value, float):
            made.value = round(made.value / len(valued), digits(made.currency))
        return made

    def _largest(self, ask: Ask, chosen: list[tuple[Line, Decimal]]) -> Figure:
        valued = [one for one, _w in chosen if one.amount]
        if not valued:
            return Figure(None, why=_("No deal with an amount is among them."))
        best = max(valued, key=lambda one: (one.amount or 0, one.pk))
        return Figure(best.title, "text", parts=[Part(best.pk, best.amount or 0, ("amount",))])

    def _next_close(self, ask: Ask, chosen: list[tuple[Line, Decimal]]) -> Figure:
        dated = [one for one, _w in chosen if one.close_date and one.close_date >= self.today]
        if not dated:
            return Figure(None, why=_("No deal with a close date ahead is among them."))
        first = min(dated, key=lambda one: (one.close_date or self.today, one.pk))
        return Figure(first.close_date, "day", parts=[Part(first.pk, 0, ("close_date",))])

    def _rate(self, ask: Ask, chosen: list[tuple[Line, Decimal]]) -> Figure:
        won = sum(one.status != "lost" for one, _w in chosen)
        if len(chosen) < FEW:
            told = {"won": won, "all": len(chosen)}
            return Figure(None, why=_("%(won)d of %(all)d were won: too few to make a share of.") % told)
        parts = [Part(one.pk, int(one.status != "lost"), ("status",)) for one, _w in chosen]
        return Figure(won / len(chosen), "share", parts=parts)

    def _rests(self, one: Line, ask: Ask) -> tuple[str, ...]:
        """The fields of a deal that a figure rests on."""
        fields = ["amount"] if ask.base != "count" else []
        fields += ["close_date"] if ask.between is not None and one.status == "open" else []
        fields += ["stage"] if ask.status in {"weighted", "likely"} and one.status == "open" else []
        fields += ["status"] if one.status != "open" else []
        return (*fields, *(kind for kind, _value in ask.about if kind in {"owner", "stage", "service", "source"}))


_BASES: dict[str, Callable[[Deals, Ask, list[tuple[Line, Decimal]]], Figure]] = {
    "amount": Deals._sum,
    "count": Deals._count,
    "average": Deals._average,
    "largest": Deals._largest,
    "next_close": Deals._next_close,
    "rate": Deals._rate,
}
_KEYS: dict[str, Callable[[Line], str]] = {
    "owner": lambda one: str(one.whose),
    "stage": lambda one: one.stage,
    "desk": lambda one: (one.decided_desk if one.status != "open" else "") or one.desk,
    "company": lambda one: str(one.company_id),
    "deal": lambda one: str(one.pk),
    "service": lambda one: one.service,
    "source": lambda one: one.source,
    "category": lambda one: one.category,
}
"""By what deals are told apart: kind → its value, as asks name it."""
