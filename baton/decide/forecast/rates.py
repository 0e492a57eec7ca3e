"""Exchange rates: dated facts that the owner enters, by hand or from a file, and that nothing changes afterwards."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.forecast.models import Rate
from baton.decide.forecast.reckoning import Rates
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Fact
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member

MOST = 20_000
PLACES = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class Dated:
    """From a day on, one unit of a currency is worth `rate` units of the business's own."""

    on: date
    currency: str
    rate: Decimal


def set_rates(rates: Iterable[Dated], *, by: Member, at: datetime, channel: str = "screen") -> int:
    """Record rates; what is known already is left out. Return how many were new. Raises `Refusal`."""
    known = {(one.on, one.currency): one.rate for one in all_rates(by)}
    fresh = {(one.on, one.currency): one for one in rates}
    found = [one for key, one in sorted(fresh.items()) if known.get(key) != one.rate]
    for one in found:
        _refuse_wrong(one)
    record([entry for one in found for entry in _entries(one)], by=Author(by, channel), at=at)
    return len(found)


def _refuse_wrong(one: Dated) -> None:
    if len(one.currency) != 3 or not one.currency.isalpha() or one.rate <= 0:
        raise Refusal(_("A rate is a currency of three letters and a number above 0: EUR 0.86."))
    if one.currency == current_map().currency:
        raise Refusal(_("%(currency)s is the currency in which everything is added up.") % {"currency": one.currency})


def _entries(one: Dated) -> list[Entry]:
    key = derived("exchange rate", one.currency)
    since = datetime.combine(one.on, time(), current_map().hours.tz)
    value = {"rate": str(one.rate), "on": one.on.isoformat(), "in": current_map().currency}
    return [*said("rate", key, currency=one.currency), Entry("rate", key, "rate", value, happened_at=since)]


def all_rates(member: Member, at: datetime | None = None) -> list[Dated]:
    """Return every rate as recorded by a moment, latest day first; for one day the one that was recorded last."""
    ids = Rate.objects.visible_to(member).values("pk")
    facts = Fact.objects.of_seen(member, {"rate": ids}).filter(field="rate")  # type: ignore[arg-type]
    facts = facts.filter(recorded_at__lte=at) if at else facts
    latest: dict[tuple[date, str], Decimal] = {}
    names = dict(Rate.objects.visible_to(member).values_list("pk", "currency"))
    for record_id, value in facts.order_by("recorded_at", "seq").values_list("record_id", "value"):
        if value["in"] == current_map().currency:
            latest[date.fromisoformat(value["on"]), names[record_id]] = Decimal(value["rate"])
    return [Dated(on, currency, rate) for (on, currency), rate in sorted(latest.items(), reverse=True)]


def rates_at(member: Member, at: datetime | None = None) -> Rates:
    """Return the rates as recorded by a moment."""
    dated: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
    for one in reversed(all_rates(member, at)):
        dated[one.currency].append((one.on, one.rate))
    return Rates(current_map().currency, {currency: tuple(there) for currency, there in dated.items()})


# Files

HEADS = {"date": "on", "datum": "on", "day": "on", "currency": "currency", "währung": "currency", "valuta": "currency",
         "code": "currency", "rate": "rate", "kurs": "rate", "tečaj": "rate"}  # fmt: skip


def read_file(raw: bytes) -> list[Dated]:
    """Read a CSV of date, currency and rate, or the European Central Bank's (`eurofxref-hist.csv`). Raises `Refusal`.

    https://www.ecb.europa.eu/stats/policy_and_exchange_rates: a row a day, a column a currency, per one euro.
    """
    try:
        text = raw.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise Refusal(_("This is no CSV file that Baton can read.")) from wrong
    lines = [[cell.strip() for cell in line] for line in lines if any(cell.strip() for cell in line)]
    if len(lines) > MOST:
        raise Refusal(_("That is more than %(most)s lines at once.") % {"most": MOST})
    found = list(_read(lines)) if lines else []
    if not found:
        raise Refusal(_("There is no rate in it. A row is a date, a currency and a rate: 2026-10-01, EUR, 0.86"))
    return found


def _read(lines: list[list[str]]) -> Iterator[Dated]:
    heads = [HEADS.get(head.lower(), head) for head in lines[0]]
    if {"on", "currency", "rate"} <= set(heads):
        for number, line in enumerate(lines[1:], start=2):
            told = dict(zip(heads, line, strict=False))
            yield Dated(_day(told["on"], number), told["currency"].upper(), _number(told["rate"], number))
    elif heads[0] == "on":
        yield from _per_euro(heads, lines[1:])
    else:
        for number, (on, currency, rate, *_rest) in enumerate(([*line, "", ""] for line in lines), start=1):
            yield Dated(_day(on, number), currency.upper(), _number(rate, number))


def _per_euro(heads: list[str], lines: list[list[str]]) -> Iterator[Dated]:
    """Yield what each currency of a row is worth in ours, by way of the euro where ours is another."""
    main = current_map().currency
    for number, line in enumerate(lines, start=2):
        per_euro = {"EUR": Decimal(1)} | {
            head: _number(cell, number)
            for head, cell in zip(heads[1:], line[1:], strict=False)
            if len(head) == 3 and cell not in {"", "N/A"}
        }
        if main in per_euro:
            for currency, rate in per_euro.items():
                if currency != main:
                    yield Dated(_day(line[0], number), currency, (per_euro[main] / rate).quantize(PLACES).normalize())


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        said_it = {"number": number, "text": text[:40]}
        raise Refusal(_("Line %(number)d: “%(text)s” is no date like 2026-10-01.") % said_it) from wrong


def _number(text: str, number: int) -> Decimal:
    try:
        found = Decimal(text.replace(",", "."))
        if not found.is_finite() or not 0 < found < 10**9:
            raise InvalidOperation
    except InvalidOperation as wrong:
        said_it = {"number": number, "text": text[:40]}
        raise Refusal(_("Line %(number)d: “%(text)s” is no rate.") % said_it) from wrong
    return found


def told(count: int) -> str:
    """Say how many rates were recorded."""
    if not count:
        return _("All of that was known already.")
    return ngettext("%(count)d rate is recorded.", "%(count)d rates are recorded.", count) % {"count": count}
