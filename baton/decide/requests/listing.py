"""Rows for the lists of a template: a row a deal, a person, a stage. No more than there is room for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.decide.names import Names, names_for
from baton.decide.requests.figures import Deals, Figure, Line, Part
from baton.decide.requests.lists import Region
from baton.decide.requests.meaning import Ask
from baton.decide.requests.periods import Between, placed
from baton.decide.requests.words import Reading
from baton.kernel.money import Money, round_half_even
from baton.ledger.models import Deal
from baton.work.wording import value_text

MOST_ROWS = 5_000
FAR = date(9999, 12, 31)
ADDED_UP = frozenset({"amount", "weighted"})
Row = dict[int, Figure]
"""What stands in a row, by column."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of one list, and for its columns that stay empty why they do."""

    rows: list[Row]
    left: dict[int, str]


def listing(region: Region, context: Reading, deals: Deals) -> Listing:
    """Return what a list is to hold."""
    left = {column: _unfilled(one) for column, one in region.columns.items() if _unfilled(one)}
    rows = (
        _of_deals(region, context, deals, left) if region.kind == "deal" else _of_groups(region, context, deals, left)
    )
    return Listing(rows, left)


def _unfilled(one: Reading) -> str:
    if one.field or (one.understood and (one.status or one.base or one.span)):
        return ""
    if one.unkept:
        return _("“%(label)s”: Baton keeps nothing of that.") % {"label": one.text}
    return _("Baton keeps nothing called “%(label)s”.") % {"label": one.text}


# One row a deal


def _of_deals(region: Region, context: Reading, deals: Deals, left: dict[int, str]) -> list[Row]:
    chosen = _chosen(context, deals)
    room = MOST_ROWS if region.open_end else len(region.rows)
    over = len(chosen) - room
    if over > 0:
        chosen.sort(key=lambda one: (-(one.amount or 0), one.title))
    shown, rest = (chosen, []) if over <= 0 else (chosen[: room - 1], chosen[room - 1 :])
    shown.sort(key=lambda one: (one.close_date or FAR, one.title))
    cells = _Cells(deals, shown)
    columns = {column: one for column, one in region.columns.items() if column not in left}
    rows = [{c: cells.cell(line, one, number) for c, one in columns.items()} for number, line in enumerate(shown, 1)]
    return [*rows, _more(columns, rest, cells)] if rest else rows


def _chosen(context: Reading, deals: Deals) -> list[Line]:
    between = _between(context, deals)
    status = context.status if context.status in {"won", "lost", "commit", "best case"} else "open"
    ask = Ask("count", status, between)
    return [deals.by_id[part.deal] for part in deals.figure(ask).parts]


def _between(context: Reading, deals: Deals) -> Between | None:
    if context.span is None or context.span.kind in {"to date", "day"}:
        return None
    return placed(context.span, deals.today.year)


def _more(columns: dict[int, Reading], rest: list[Line], cells: _Cells) -> Row:
    """The last row holds what there is no room for, so that sums under the list come out right."""
    words = ngettext("and %(count)d more deal", "and %(count)d more deals", len(rest)) % {"count": len(rest)}
    first = next((c for c, one in columns.items() if one.field in {"title", "company"}), min(columns))
    row: Row = {first: Figure(words, "text", parts=[Part(one.pk, 0, ("title",)) for one in rest])}
    for column, one in columns.items():
        if one.field in ADDED_UP:
            row[column] = cells.added(rest, one)
    return row


class _Cells:
    """The fields of deals as cells hold them."""

    def __init__(self, deals: Deals, lines: list[Line]) -> None:
        self.deals = deals
        self.names = _names(deals, lines)
        self.own = _own_values(deals, lines)

    def cell(self, line: Line, one: Reading, number: int) -> Figure:
        """Return one field of one deal."""
        name = one.field or ("weighted" if one.status == "weighted" else "amount")
        if name == "number":
            return Figure(float(number), "number")
        if name in ADDED_UP:
            return self.added([line], one)
        made = self._plain(line, name)
        made.parts = [Part(line.pk, 0, (name,) if name in RESTS else ("title",))]
        return made

    def added(self, lines: list[Line], one: Reading) -> Figure:
        """Return what these deals come to, in the column's unit."""
        status = "weighted" if one.field == "weighted" or one.status == "weighted" else "open"
        ids = {line.pk for line in lines}
        currency = one.currency or self.deals.map.currency
        chosen = [line for line in lines if line.amount is not None]
        if any(self.deals.worth(line, currency) is None for line in chosen):
            return Figure(None, why=_("It is in another currency than the column, and no rate is known."))
        if not chosen:
            return Figure(None, why=_("It has no amount yet."), parts=[Part(pk, 0, ("amount",)) for pk in ids])
        parts = [Part(line.pk, self._adds(line, status, currency), ("amount",)) for line in chosen]
        return Figure(float(Money(sum(p.adds for p in parts), currency).major / one.unit), "money", currency, parts)

    def _adds(self, line: Line, status: str, currency: str) -> int:
        worth = self.deals.worth(line, currency) or 0
        return round_half_even(worth * self.deals.chance(line)) if status == "weighted" else worth

    def _plain(self, line: Line, name: str) -> Figure:
        stage = self.deals.map.stage_by_id(line.stage)
        desk = self.deals.map.desk_by_id(line.desk)
        found: dict[str, Any] = {
            "title": line.title,
            "company": self.names.of(line.company_id),
            "contact": self.names.of(line.contact_id),
            "owner": self.names.of(line.owner_id),
            "stage": stage.name if stage else "",
            "desk": desk.name if desk else "",
            "status": str(Deal.Status(line.status).label),
            "evidence": _("shown") if line.shown else _("said"),
            "close_date": line.close_date,
            "next_step_at": line.next_step_at.astimezone(self.deals.map.hours.tz).date() if line.next_step_at else None,
            "opened": line.recorded_at.astimezone(self.deals.map.hours.tz).date(),
            "chance": float(self.deals.chance(line)),
        }
        value = found[name] if name in found else getattr(line, name, None) or self.own.get((line.pk, name), "")
        if value in (None, ""):
            return Figure(None, why=_("Nobody has said it yet."))
        return Figure(value, "day" if isinstance(value, date) else "share" if name == "chance" else "text")


RESTS = frozenset(
    {"title", "company", "owner", "stage", "close_date", "next_step", "service", "source", "status", "category"}
)


def _names(deals: Deals, lines: list[Line]) -> Names:
    return names_for(deals.member, lines)  # type: ignore[arg-type]


def _own_values(deals: Deals, lines: list[Line]) -> dict[tuple[Any, str], str]:
    """The map's own fields of these deals, in words."""
    fields = deals.map.fields_on("deal")
    if not fields or not lines:
        return {}
    found: dict[tuple[Any, str], str] = {}
    ids = [one.pk for one in lines]
    for first in range(0, len(ids), 500):
        rows = Deal.objects.visible_to(deals.member).filter(pk__in=ids[first : first + 500])
        for pk, values in rows.order_by().values_list("pk", "values"):
            kept = {one.key: (values.get(one.key) or {}).get("v") for one in fields}
            found |= {
                (pk, one.key): value_text(kept[one.key], one.type, deals.map.currency)
                for one in fields
                if kept[one.key] not in (None, "")
            }
    return found


def of_one_deal(deals: Deals, ask: Ask) -> Figure:
    """Return one field of the deal that a row of the template names."""
    line = next((deals.by_id[one] for one in deals.by_id if str(one) == dict(ask.about)["deal"]), None)
    if line is None:
        return Figure(None, why=_("There is no such deal among those you can see."))
    reading = Reading("", field=ask.field, unit=ask.unit, currency=ask.currency)
    return _Cells(deals, [line]).cell(line, reading, 1)


# One row a person, a stage, a company


def _of_groups(region: Region, context: Reading, deals: Deals, left: dict[int, str]) -> list[Row]:
    first = min(region.columns)
    figures = {c: one for c, one in region.columns.items() if c != first and c not in left}
    rows = []
    for value, name in _groups(region.kind, deals):
        row: Row = {first: Figure(name, "text")}
        for column, one in figures.items():
            row[column] = deals.figure(_ask(one, context, deals, (region.kind, value)))
        rows.append(row)
    return rows


def _ask(one: Reading, context: Reading, deals: Deals, about: tuple[str, str]) -> Ask:
    status = one.status or context.status or "open"
    base = one.base or "amount"
    span = _between(one if one.span else context, deals)
    unit = one.unit if one.unit != 1 else context.unit
    unit = 1 if base in {"count", "rate", "next_close", "largest"} else unit
    return Ask(base, status, span, (about,), unit, one.currency or context.currency)


def _groups(kind: str, deals: Deals) -> Iterable[tuple[str, str]]:
    """The groups that have an open deal, in the order of the map where it has one, else by name."""
    lines = [one for one in deals.lines if one.status == "open"]
    if kind == "stage":
        there = {one.stage for one in lines}
        return [(one.id, one.name) for one in deals.map.stages.values() if one.id in there]
    if kind == "desk":
        there = {one.desk for one in lines}
        return [(one.id, one.name) for one in deals.map.desks.values() if one.id in there]
    if kind in {"owner", "company"}:
        names = _names(deals, [replace(one) for one in lines]) if lines else Names({})
        ids = {getattr(one, f"{kind}_id") for one in lines}
        return sorted(((str(pk), names.of(pk)) for pk in ids if names.of(pk)), key=lambda pair: pair[1].casefold())
    values = {getattr(one, kind) for one in lines} - {""}
    return sorted((value, value) for value in values)
