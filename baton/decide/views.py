"""A view of the deals: filters, sort and columns. Read from an address or from a saved view, by the registry alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.decide.registry import Listed, listed
from baton.decide.typed import day_after, midnight, parse
from baton.kernel.clock import unstamp
from baton.kernel.texts import writable
from baton.kernel.verdict import Refusal
from baton.ledger.models.records import UNDER_WAY
from baton.ledger.text import folded

COLUMNS = ("title", "company", "stage", "owner", "amount", "close_date", "next_step", "next_step_at")
MOST_FILTERS, MOST_COLUMNS, MOST_VALUES = 20, 20, 50


@dataclass(frozen=True, slots=True)
class Filter:
    """One question: `name` and `operator` of the registry, and what was typed. `any` and `none` take several values."""

    name: str
    operator: str
    typed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """How to look at the deals. `sort` is a name, with a minus for the largest or latest first.

    Deals that some desk still works on, unless a filter asks for a status.
    """

    filters: tuple[Filter, ...] = ()
    sort: str = "-stage_since"
    columns: tuple[str, ...] = COLUMNS
    words: str = ""

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, str]], base: View | None = None) -> View:
        """Read a view from the pairs of an address: `amount.from=12k`, `sort=-amount`, `columns=title,amount`, `q=`.

        Pairs without a dot that aren't one of these belong to the page and are left alone. Raises `Refusal`.
        """
        return _read(list(pairs), base or cls())

    @classmethod
    def from_data(cls, data: Any) -> View:
        """Read what `as_data` gave, trusting none of it."""
        if not isinstance(data, dict):
            raise Refusal(_("That view can’t be read."))
        pairs = [("sort", str(data.get("sort") or "")), ("columns", ",".join(map(str, data.get("columns") or [])))]
        pairs += [("q", str(data.get("words") or ""))]
        for name, operator, *typed in data.get("filters") or []:
            pairs += [(f"{name}.{operator}", str(value)) for value in typed or [""]]
        return cls.from_pairs([pair for pair in pairs if pair[1] or "." in pair[0]])

    def as_data(self) -> dict[str, Any]:
        """Return the view as plain data, to save."""
        filters = [[one.name, one.operator, *one.typed] for one in self.filters]
        return {"filters": filters, "sort": self.sort, "columns": list(self.columns), "words": self.words}

    def as_pairs(self) -> list[tuple[str, str]]:
        """Return the view as the pairs of an address."""
        pairs = [(f"{f.name}.{f.operator}", value) for f in self.filters for value in f.typed or ("",)]
        pairs += [("sort", self.sort), ("columns", ",".join(self.columns))]
        return pairs + [("q", self.words)] * bool(self.words)

    @property
    def sorted_by(self) -> Listed:
        return listed(self.sort.removeprefix("-"))

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def looks_beside(self) -> bool:
        """Whether a filter has to look in the index of the map's own fields."""
        return any(listed(one.name).field for one in self.filters)

    def condition(self, at: datetime) -> Q:
        """Return what the deals must be. Relative days ("next Tue") count from `at`. Raises `Refusal`."""
        asked = [condition(one, at) for one in self.filters]
        asked += [Q(title_folded__contains=word) for word in folded(self.words).split()]
        if not any(one.name == "status" for one in self.filters):
            asked.append(Q(status__in=UNDER_WAY))
        return reduce(and_, asked)


def _read(pairs: list[tuple[str, str]], view: View) -> View:
    typed: dict[tuple[str, str], list[str]] = {}
    for key, value in pairs:
        if "." in key:
            name, _dot, operator = key.partition(".")
            typed.setdefault((name, operator), []).append(value)
    asked = dict(pair for pair in pairs if "." not in pair[0])
    if typed:
        view = replace(view, filters=tuple(_filter(*key, values) for key, values in typed.items()))
    if asked.get("sort"):
        view = replace(view, sort=_sort(asked["sort"]))
    if asked.get("columns"):
        view = replace(view, columns=_columns(asked["columns"]))
    if "q" in asked:
        view = replace(view, words=writable(asked["q"])[:200])
    if len(view.filters) > MOST_FILTERS:
        raise Refusal(_("That is more than %(most)s filters at once.") % {"most": MOST_FILTERS})
    return view


def _filter(name: str, operator: str, values: list[str]) -> Filter:
    one = listed(name)
    if operator not in one.operators:
        raise Refusal(_("“%(name)s” can’t be filtered that way.") % {"name": one.label})
    return Filter(one.name, operator, tuple(writable(value) for value in values[:MOST_VALUES]))


def _sort(text: str) -> str:
    one = listed(text.removeprefix("-"))
    return f"-{one.name}" if text.startswith("-") else one.name


def _columns(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(listed(name).name for name in text.split(",")[:MOST_COLUMNS] if name))


def condition(one: Filter, at: datetime) -> Q:
    """Return what one filter asks of a deal."""
    name = listed(one.name)
    if one.operator == "filled":
        return name.is_filled()
    if one.operator == "empty":
        return ~name.is_filled()
    if one.operator in {"any", "none"}:
        values = [parse(name, value, at) for value in one.typed if value.strip()]
        among = name.holds(**{"in": [folded(v) for v in values] if name.field else values})
        return among if one.operator == "any" else ~among
    value = parse(name, one.typed[-1] if one.typed else "", at)
    return Q() if value is None else _COMPARED[name.type](name, one.operator, value)


def _text(name: Listed, operator: str, value: str) -> Q:
    lookups = {"has": "contains", "begins": "startswith", "is": "exact"}
    if name.field or name.column == "title":
        return name.holds(**{lookups[operator]: folded(value)[:200]})
    return name.holds(**{f"i{lookups[operator]}": value})


def _figure(name: Listed, operator: str, value: Any) -> Q:
    return name.holds(**{{"from": "gte", "to": "lte", "is": "exact"}[operator]: value})


def _day(name: Listed, operator: str, value: str) -> Q:
    if name.field is None:
        return _figure(name, operator, value)
    ends = {"from": {"gte": value}, "to": {"lt": day_after(value)}, "is": {"gte": value, "lt": day_after(value)}}
    return name.holds(**{lookup: midnight(day) for lookup, day in ends[operator].items()})


_COMPARED: dict[str, Callable[[Listed, str, Any], Q]] = {
    "text": _text,
    "money": lambda name, operator, value: _figure(name, operator, value["minor"]),
    "number": _figure,
    "date": _day,
    "moment": lambda name, operator, value: _figure(name, operator, unstamp(value)),
    "yes/no": lambda name, operator, value: _figure(name, operator, int(value) if name.field else value),
}
