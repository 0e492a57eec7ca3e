"""The figures of the forecast as tables: spreadsheet, CSV, JSON. Amounts leave as numbers, days as days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baton.decide.forecast.cases import Ended
from baton.decide.forecast.reading import OPEN, Figures, Forecast, Row
from baton.decide.forecast.reckoning import Bar, Category
from baton.decide.forecast.three import Three
from baton.decide.forecast.waterfall import Waterfall
from baton.kernel.clock import stamp
from baton.kernel.money import Money
from baton.kernel.tables import Value, as_csv, as_xlsx
from baton.map.current import current_map
from baton.map.elements import Stage
from baton.members.models import Member


def category_words(category: Category) -> str:
    """Return a category as people read it."""
    return {
        "won": _("Won"), "commit": _("Commit"), "best": _("Best case"), "pipeline": _("Pipeline"),
        "omitted": _("Left out"), "lost": _("Lost"),
    }[category]  # fmt: skip


def bar_words(bar: Bar) -> str:
    """Return a bar of the waterfall as people read it."""
    return {
        "new": _("New"), "reopened": _("Reopened"), "pulled_in": _("Pulled in"), "grown": _("Grown"),
        "surer": _("Further along"), "won": _("Won"), "handed_in": _("Came from others"), "shrunk": _("Shrunk"),
        "less_sure": _("Less far along"), "slipped": _("Slipped"), "handed_on": _("Went to others"), "lost": _("Lost"),
        "taken_back": _("Taken back"), "reckoned": _("Rates and weights"),
    }[bar]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows that leave Baton; `name` is the sheet's and the file's."""

    name: str
    heads: tuple[str, ...]
    rows: list[list[Value]]

    def as_file(self, ending: str) -> bytes:
        """Return it as `csv`, `xlsx` or `json`: there, a list of objects by head."""
        if ending == "xlsx":
            return as_xlsx(self.name, self.heads, self.rows)
        if ending == "json":
            told = [dict(zip(self.heads, map(_plain, row), strict=True)) for row in self.rows]
            return json.dumps(told, ensure_ascii=False, indent=1).encode()
        return as_csv(self.heads, self.rows)


def _plain(value: Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def who_words(group: str | None, who: Any, names: Mapping[Any, str]) -> str:
    """Return whose a line is: a member's or a desk's name, a source or a service as it was said."""
    if group == "owner":
        return names.get(who, "") if who else _("nobody")
    if group == "desk":
        desk = current_map().desks.get(who or "")
        return desk.name if desk else str(who or "")
    return str(who) if who else _("not said")


def names_of(found: Forecast) -> dict[Any, str]:
    """Return the members' names where the forecast is by person."""
    if found.group != "owner":
        return {}
    return dict(Member.objects.filter(pk__in=[who for who in found.groups() if who]).values_list("pk", "name"))


def table(found: Forecast, three: Sequence[Three] = ()) -> Table:
    """Return a forecast as a table: a row for each period and whose, and one for the whole period.

    With the three numbers of each period, the row of the whole period has them at its end.
    """
    names = names_of(found)
    heads = (
        _("Period"), _("Whose"), _("Won"), _("Commit"), _("Best case"), _("Pipeline"), _("Weighted"), _("Expected"),
        _("Deals"), _("Without an amount"), _("Without a rate"), _("Currency"), *(_three_heads() if three else ()),
    )  # fmt: skip
    rows: list[list[Value]] = []
    blank: list[Value] = [None] * len(_three_heads()) if three else []
    for place, period in enumerate(found.periods):
        lines = found.groups() if found.group else []
        rows += [
            [period.key, who_words(found.group, who, names), *_sums(found.of(place, who), found.currency), *blank]
            for who in lines
        ]
        numbers = _three(three[place], found.currency) if three else []
        rows.append([period.key, _("all"), *_sums(found.of(place), found.currency), *numbers])
    return Table(_("Forecast"), heads, rows)


def _sums(figures: Figures, currency: str) -> list[Value]:
    sums = [figures.won, *(figures.sums[one] for one in OPEN), figures.weighted, figures.expected]
    counts = [figures.count, figures.unpriced, figures.unrated.total()]
    return [*(Money(one, currency).major for one in sums), *counts, currency]


def _three_heads() -> tuple[str, ...]:
    return (
        _("Called"), _("Called by"), _("Set over it"), _("Our own history"), _("At least"), _("At most"),
        _("Comparable cases"),
    )  # fmt: skip


def _three(one: Three, currency: str) -> list[Value]:
    """What is set over the sum, and what the past can't say, stay empty."""
    over, past = one.called.over, history_told(one)
    sums = [past[name] for name in ("likely", "low", "high")] if past else [None] * 3
    likely, low, high = (None if minor is None else Money(minor, currency).major for minor in sums)
    called, set_over = Money(one.called.sum, currency).major, Money(over.minor, currency).major if over else None
    return [called, one.called.people, set_over, likely, low, high, past["cases"] if past else None]


def rows_table(found: Sequence[Row], currency: str, name: str = "") -> Table:
    """Return the deals behind a number as a table."""
    heads = (
        _("Deal"), _("Company"), _("Owner"), _("Category"), _("Stage"), _("Shown"), _("Closes"), _("Amount"),
        _("Currency"), _("Worth in %(currency)s") % {"currency": currency}, _("Counts"), _("Service"), _("Source"),
    )  # fmt: skip
    stages = current_map()
    return Table(
        name or _("Deals"), heads, [_deal(row, stages.stage_by_id(row.state.stage), currency) for row in found]
    )


def _deal(row: Row, stage: Stage | None, currency: str) -> list[Value]:
    state, category = row.state, category_words(row.category)
    amount = None if state.amount is None else Money(state.amount, state.currency).major
    worth, counts = (None if one is None else Money(one, currency).major for one in (row.worth, row.counts))
    where = [stage.name if stage else state.stage, state.shown, state.day]
    sums = [amount, state.currency, worth, counts]
    return [row.title, row.company, row.owner, category, *where, *sums, state.service, state.source]


def cases_table(found: Sequence[Ended], currency: str) -> Table:
    """Return comparable cases as a table: what became of each, and after how many days."""
    heads = (
        _("Deal"), _("Company"), _("What became of it"), _("Ended"), _("Days from there"),
        _("Worth in %(currency)s") % {"currency": currency}, _("Service"),
    )  # fmt: skip
    return Table(_("Cases"), heads, [_case(one, currency) for one in found])


def _case(one: Ended, currency: str) -> list[Value]:
    worth = None if one.worth is None else Money(one.worth, currency).major
    return [one.title, one.company, category_words("won" if one.won else "lost"), one.on, one.days, worth, one.service]


def waterfall_table(fall: Waterfall, named: Sequence[tuple[Bar, Any, str, str]]) -> Table:
    """Return a waterfall as a table: where it begins, each deal in its bar, where it ends."""
    heads = (_("What"), _("Deal"), _("Company"), _("By how much"), _("Currency"))
    rows: list[list[Value]] = [
        [_("Before"), stamp(fall.then), "", Money(fall.start, fall.currency).major, fall.currency]
    ]
    for bar, moved, title, company in named:
        rows.append([bar_words(bar), title, company, Money(moved.minor, fall.currency).major, fall.currency])
    after = stamp(fall.now) if fall.now else _("now")
    rows.append([_("After"), after, "", Money(fall.end, fall.currency).major, fall.currency])
    return Table(_("What changed"), heads, rows)


def three_told(one: Three) -> dict[str, Any]:
    """Return the three numbers of a period for a program, in minor units."""
    over = one.called.over
    called: dict[str, Any] = {
        "sum": one.called.sum,
        "people": one.called.people,
        "others_by_won_and_commit": one.called.others,
    }
    called |= {"set_over": {"sum": over.minor, "because": over.because}} if over else {}
    return {"three": {"called": called, "stage_weights": one.expected, "history": history_told(one)}}


def history_told(one: Three) -> dict[str, Any] | None:
    """Return what the past makes of the whole period: what is won is in it. Too few cases: no sums, and how many."""
    if one.history is None:
        return None
    if one.history.likely is None:
        return {"likely": None, "low": None, "high": None, "cases": one.history.cases}
    low, likely, high = (one.won + minor for minor in (one.history.low, one.history.likely, one.history.high))
    return {"likely": likely, "low": low, "high": high, "cases": one.history.cases}


def told(found: Forecast, three: Sequence[Three] = ()) -> dict[str, Any]:
    """Return a forecast for a program: sums in minor units, every number named."""
    names = names_of(found)
    return {
        "as_of": stamp(found.at) if found.at else None,
        "currency": found.currency,
        "rates": {
            currency: {"on": dated[-1][0].isoformat(), "rate": str(dated[-1][1])}
            for currency, dated in found.rates.dated.items()
        },
        "periods": [
            {"period": period.key, "from": period.start.isoformat(), "to": period.end.isoformat()}
            | figures_told(found.of(place))
            | (three_told(three[place]) if three else {})
            | ({"by": {"of": found.group, "lines": _lines(found, place, names)}} if found.group else {})
            for place, period in enumerate(found.periods)
        ],
        "without_close_date": figures_told(found.undated),
    }


def _lines(found: Forecast, place: int, names: Mapping[Any, str]) -> list[dict[str, Any]]:
    return [
        {"whose": who_words(found.group, who, names), "id": str(who) if who else None}
        | figures_told(found.of(place, who))
        for who in found.groups()
    ]


def figures_told(figures: Figures) -> dict[str, Any]:
    """Return figures for a program, in minor units."""
    return {
        "won": figures.won,
        **{one: figures.sums[one] for one in OPEN},
        "open": figures.open,
        "weighted": figures.weighted,
        "expected": figures.expected,
        "called": figures.called,
        "deals": {one: count for one, count in figures.deals.items() if count},
        "without_amount": figures.unpriced,
        "without_rate": dict(figures.unrated),
    }
