"""The deals as a list: any sort, any filter, any page, over every deal that the member may see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet, Value, Window
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _

from baton.decide.names import Names, names_for
from baton.decide.registry import Listed, registry
from baton.decide.views import View
from baton.kernel.clock import stamp
from baton.kernel.texts import writable
from baton.kernel.verdict import Refusal
from baton.kernel.words import day, money
from baton.ledger.models import Deal
from baton.members.models import Member
from baton.work.wording import value_text

PAGE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one deal: as it is kept, and in words."""

    name: str
    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One deal of the list. `version` is what an edit in place says it looked at."""

    id: UUID
    version: int
    title: str
    shown: bool
    cells: list[Cell]
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list. `after` is a bookmark for the page that follows, whatever is added meanwhile."""

    lines: list[Line]
    columns: list[Listed]
    total: int
    number: int
    pages: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after so many rows, or after the row of a bookmark."""

    first: int
    after: UUID | None = None
    key: Any = None


def deals_list(member: Member, view: View, *, at: datetime, number: int = 1, after: str = "", size: int = PAGE) -> Page:
    """Return one page of the deals that the member may see: by its number, or following a bookmark.

    A constant number of queries. Rows without a value come last, whichever way it is sorted. Raises `Refusal`.
    """
    asked = Deal.objects.visible_to(member).filter(view.condition(at))
    searched = [] if after or not view.looks_beside else _searched(asked, view, max(1, number), size)
    total = searched[0][2] if searched else asked.count()
    pages = max(1, -(-total // size))
    number = max(1, min(number, pages))
    place = _opened(after, view.sorted_by) if after else Place((number - 1) * size)
    keys = [(pk, key) for pk, key, _total in searched] or _page_of_keys(asked, view, place, size)
    lines, columns = _lines(member, [pk for pk, _key in keys], view.columns)
    more = len(keys) == size and (bool(after) or number < pages)
    return Page(lines, columns, total, number, pages, _bookmark(*keys[-1]) if more else "")


def deals_after(
    member: Member, view: View, *, at: datetime, after: str = "", size: int = PAGE
) -> tuple[list[Deal], str]:
    """Return whole rows of a page that follows a bookmark, and the bookmark of the next: nothing is counted.

    Empty where there is no further page. Raises `Refusal`.
    """
    asked = Deal.objects.visible_to(member).filter(view.condition(at))
    place = _opened(after, view.sorted_by) if after else Place(0)
    keys = _page_of_keys(asked, view, place, size + 1)
    ids = [pk for pk, _key in keys[:size]]
    rows = {row.pk: row for row in Deal.objects.visible_to(member).filter(pk__in=ids).defer("evidence", "head")}
    return [rows[pk] for pk in ids if pk in rows], _bookmark(*keys[size - 1]) if len(keys) > size else ""


def _searched(asked: QuerySet[Deal], view: View, number: int, size: int) -> list[tuple[UUID, Any, int]]:
    """Return (id, sort key, total) of a page, finding the deals once: for filters that are dear to ask.

    Empty beyond the last page. A text of the typed index that is empty counts as none, as it does when walking it.
    """
    key = view.sorted_by.key()
    if view.sorted_by.column == "text":
        key = NullIf(key, Value(""))
    rows = asked.annotate(sort_key=key, total=Window(Count("*")))
    way = F("sort_key").desc(nulls_last=True) if view.descending else F("sort_key").asc(nulls_last=True)
    rows = rows.order_by(way, "-pk" if view.descending else "pk")
    return list(rows.values_list("pk", "sort_key", "total")[(number - 1) * size : number * size])


def _page_of_keys(asked: QuerySet[Deal], view: View, place: Place, size: int) -> list[tuple[UUID, Any]]:
    """Return (id, sort key) of the page: narrow rows, in the order of an index where there is one.

    Deals with a value come first, those without follow, each part in an order of its own: a single order with the
    empty ones last is one that no index has.
    """
    key = view.sorted_by
    filled, empty = key.ordered(asked, descending=view.descending)
    found: list[tuple[UUID, Any]] = []
    if not (place.after and place.key is None):
        found = list(_from(filled, place, key, view.descending)[place.first : place.first + size])
    if len(found) == size or empty is None:
        return found
    skipped = 0 if place.after or found else max(0, place.first - filled.count())
    rows = _from(empty, place, None, view.descending) if place.after and place.key is None else empty
    return found + [(pk, None) for (pk,) in rows[skipped : skipped + size - len(found)]]


def _from(rows: QuerySet[Any], place: Place, key: Listed | None, descending: bool) -> QuerySet[Any]:
    """Narrow to what lies beyond a bookmark."""
    if not place.after:
        return rows
    further, name = ("lt" if descending else "gt"), "record_id" if key and key.field else "pk"
    same = Q(**{f"{name}__{further}": place.after})
    if key is None:
        return rows.filter(same)
    return rows.filter(Q(**{f"sort_key__{further}": place.key}) | Q(sort_key=place.key) & same)


def _bookmark(pk: UUID, key: Any) -> str:
    kept = stamp(key) if isinstance(key, datetime) else key if isinstance(key, int | None) else str(key)
    return json.dumps([str(pk), kept], separators=(",", ":"))


def _opened(after: str, key: Listed) -> Place:
    try:
        pk, value = json.loads(after)
        return Place(0, UUID(pk), None if value is None else _key(value, key))
    except (ValueError, TypeError, AttributeError, OverflowError, ValidationError) as wrong:
        raise Refusal(_("That page can’t be found any more. Start the list again.")) from wrong


def _key(value: Any, key: Listed) -> Any:
    read = key.key_field.to_python(writable(value) if isinstance(value, str) else value)
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError("no bookmark says a time without its zone")
    if isinstance(read, int) and abs(read) >= 2**63:
        raise ValueError("no database holds that number")
    return read


def _lines(member: Member, ids: list[UUID], wanted: Iterable[str]) -> tuple[list[Line], list[Listed]]:
    known = registry()
    columns = [known[name] for name in wanted if name in known]
    unread = ["evidence", "head"] + ["values"] * (not any(one.field for one in columns))
    rows = Deal.objects.visible_to(member).filter(pk__in=ids).defer(*unread)
    deals = {deal.pk: deal for deal in rows}
    names = names_for(member, deals.values())
    return [_line(deals[pk], columns, names) for pk in ids if pk in deals], columns


def cells_of(deal: Deal, columns: list[Listed], member: Member) -> list[Cell]:
    """Return the cells of one deal that the member sees, for showing it again after an edit."""
    names = names_for(member, [deal])
    return [_cell(deal, one, names) for one in columns]


def _line(deal: Deal, columns: list[Listed], names: Names) -> Line:
    return Line(
        deal.pk, deal.version, deal.title, deal.shown, [_cell(deal, one, names) for one in columns], deal.currency
    )


def _cell(deal: Deal, one: Listed, names: Names) -> Cell:
    if one.field:
        value = deal.value(one.name)
        return Cell(one.name, value, value_text(value, one.field.type, deal.currency))
    value = getattr(deal, f"{one.column}_id" if one.type in {"member", "reference"} else one.column)
    return Cell(one.name, value, "" if value is None else _words(deal, one, value, names))


def _words(deal: Deal, one: Listed, value: Any, names: Names) -> str:
    if one.type in {"member", "reference"}:
        return names.of(value)
    if one.type == "choice":
        return dict(one.choices).get(value, str(value))
    if one.type == "money":
        return money(value, deal.currency)
    if one.type in {"date", "moment"}:
        return day(value)
    return value_text(value)
