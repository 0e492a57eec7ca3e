"""Which cell of a template means what, how sure that is, and why; and why a cell stays empty. Pure.

A cell means what the labels over it and beside it say together. A word that nobody understands leaves the cell empty,
with that word as the reason; a word that may mean two things leaves it to a person, who is asked once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baton.decide.requests.grid import Headers, is_placeholder, read_grid
from baton.decide.requests.lists import Region, regions
from baton.decide.requests.periods import Between, Span, placed, to_date, years_along
from baton.decide.requests.together import is_bare_total, merged, problem, unsure
from baton.decide.requests.words import FAIR, STRONG, Names, Reading, read_label, tokens
from baton.decide.requests.workbook.book import Book, Sheet
from baton.decide.requests.workbook.places import Place, within

ENOUGH = 0.6
"""So sure must a meaning be for a cell to be filled without asking anybody."""
MOST_CELLS = 20_000
DEFAULT_BASE = "amount"


@dataclass(frozen=True, slots=True)
class Ask:
    """A figure that a cell asks for. `about` narrows it: (("owner", id), ("stage", id)).

    `base` is amount, count, average, largest, next_close or rate; `status` which deals; `unit` what it is divided by.
    With `field`, it asks for one field of the one deal that `about` names.
    """

    base: str = ""
    status: str = ""
    between: Between | None = None
    about: tuple[tuple[str, str], ...] = ()
    unit: int = 1
    currency: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one cell means. `labels` are the places that say so. `ask` is None where nothing is to be filled.

    `state`: `fill`; `ask` (a person says first); `left`; `kept` (it holds something); `total` (the sum of `sums`).
    """

    sheet: str
    at: Place
    state: str
    ask: Ask | None = None
    sure: float = 0.0
    because: str = ""
    why: str = ""
    labels: tuple[Place, ...] = ()
    sums: tuple[Place, ...] = ()


@dataclass(slots=True)
class Proposal:
    """What a whole template means: its cells, its lists, and every label with how it was read."""

    cells: list[Meaning] = field(default_factory=list)
    lists: list[Region] = field(default_factory=list)
    labels: dict[tuple[str, Place], Reading] = field(default_factory=dict)
    contexts: dict[str, Reading] = field(default_factory=dict)
    """What each sheet's title says of all of its figures."""
    placeholders: list[tuple[str, Place, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known before a template is read: names, today, what people answered before, and what the mail said."""

    names: Names
    today: date
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    said: str = ""
    keep: bool = True
    """Whether cells that hold figures keep them."""


def propose(book: Book, around: Around) -> Proposal:
    """Return what every cell of a template means, as far as Baton can say."""
    found = Proposal()
    for sheet in book.sheets:
        _Sheet(sheet, around, found).read()
    return found


def label_key(text: str) -> str:
    """Return how a label is remembered: numbers and their marks apart, so that next month's label is the same."""
    return re.sub(r"\d+", "#", " ".join(tokens(text)))[:120]


class _Sheet:
    """Reads one sheet."""

    def __init__(self, sheet: Sheet, around: Around, found: Proposal) -> None:
        self.sheet, self.around, self.found = sheet, around, found
        self.grid = read_grid(sheet)
        self.readings = {at: self._reading(at, text) for at, text in self.grid.labels.items()}
        self._place_years()
        self.context = self._context()
        self.known: dict[Place, Meaning] = {}

    def read(self) -> None:
        self.found.labels |= {(self.sheet.name, at): one for at, one in self.readings.items()}
        self.found.placeholders += [
            (self.sheet.name, at, str(cell.value))
            for at, cell in self.sheet.cells.items()
            if is_placeholder(cell.value)
        ]
        self.found.contexts[self.sheet.name] = self.context
        lists = regions(self.grid, self.readings)
        self.found.lists += lists
        taken = {(row, column) for one in lists for row in one.rows for column in one.columns}
        cells = self._cells(taken)
        self.found.cells += self._zeros(cells)

    def _reading(self, at: Place, text: str) -> Reading:
        one = read_label(text, self.around.names, self.around.today)
        if at in self.grid.months and one.span and one.span.kind == "day":
            one.span = Span("month", one.span.number, one.span.year)
        answer = self.around.answers.get(label_key(text))
        return _answered(one, answer) if answer else one

    def _place_years(self) -> None:
        """Months that stand in a row run on from each other; the year is that of the row, of the title, or this one."""
        for row, columns in self.grid.rows.items():
            places = [at for at in ((row, column) for column in columns) if self.readings[at].span]
            if len(places) > 1 and any(self._span(at).year == 0 for at in places):
                year = self._year_near(row)
                for at, span in zip(places, years_along([self._span(at) for at in places], year), strict=True):
                    self.readings[at] = replace(self.readings[at], span=span)

    def _span(self, at: Place) -> Span:
        span = self.readings[at].span
        assert span is not None
        return span

    def _year_near(self, row: int) -> int:
        years = {
            one.span.year: at
            for at, one in sorted(self.readings.items())
            if one.span and one.span.kind == "year" and at[0] < row
        }
        return max(years, key=lambda year: years[year]) if years else self.around.today.year

    def _context(self) -> Reading:
        """What the title, the sheet's name and the mail say of every figure: its kind, its unit, its year."""
        first = min(filter(self._is_body, self.grid.rows), default=self.grid.last[0] + 1)
        texts = [self.readings[at] for at in self.grid.labels if at[0] < first]
        texts += [
            read_label(text, self.around.names, self.around.today) for text in (self.sheet.name, self.around.said)
        ]
        context = Reading("", sure=0.7)
        for one in texts:
            context.base = context.base or one.base
            context.status = context.status or (one.status if one.sure >= ENOUGH else "")
            context.unit = one.unit if context.unit == 1 else context.unit
            context.currency = context.currency or one.currency
            context.span = context.span or one.span
        return context

    def _is_body(self, row: int) -> bool:
        """Whether a row is no title: it has several labels, or one with a cell to fill beside it."""
        columns = self.grid.rows[row]
        spans = {self.grid.wide.get((row, column), (row, column)) for column in columns}
        return len(spans) > 1 or self.grid.labels[row, columns[0]].rstrip().endswith(":")

    # Cells

    def _cells(self, taken: set[Place]) -> list[Meaning]:
        headers, found = Headers(self.grid), []
        for row in range(1, self.grid.last[0] + 1):
            if self.grid.rows.get(row):
                for column in self._columns(row, headers):
                    at = (row, column)
                    if at not in taken and at not in self.grid.labels and len(found) < MOST_CELLS:
                        one = self._cell(at, headers.over(column))
                        if one is not None:
                            self.known[at] = one
                            found.append(one)
            headers.take(row)
        return found

    def _columns(self, row: int, headers: Headers) -> list[int]:
        first = self.grid.rows[row][0]
        beside = {column + 1 for column in self.grid.rows[row]} | {column + 2 for column in self.grid.rows[row]}
        return sorted(column for column in {*headers.stacks, *beside} if column > first)

    def _cell(self, at: Place, over: list[Place]) -> Meaning | None:
        cell = self.sheet.cells.get(at)
        if (
            at in self.grid.covered
            or any(within(at, one) for one in self.sheet.pivots)
            or (cell is not None and (cell.formula or isinstance(cell.value, bool)))
        ):
            return None
        beside = self._beside(at)
        over = [one for one in over if not self.readings[one].empty]
        if not beside or not (over or self._is_form(at, beside[0])):
            return None
        labels = (*over[:1], *beside)
        if not any(self.readings[one].says or self.readings[one].field for one in labels):
            return None
        meant = self._meant(at, over, beside)
        if meant.state in {"left", "ask"} and not self.grid.is_free(at) and self.around.keep:
            return replace(meant, state="kept", ask=None, why=_("It holds a figure already, which stays."))
        return meant

    def _beside(self, at: Place) -> list[Place]:
        """The labels to the left, nearest first: the first that names something, and those right before it."""
        found: list[Place] = []
        for column in range(at[1] - 1, 0, -1):
            place = (at[0], column)
            if place in self.grid.labels:
                found += [place] if not self.readings[place].empty else []
            elif found:
                break
            if len(found) == 3:
                break
        return found

    def _is_form(self, at: Place, label: Place) -> bool:
        """Whether a cell without a header belongs to the label before it, as in a form; a title has no such cell."""
        text = self.grid.labels[label].rstrip()
        there = at in self.sheet.cells
        next_to = (at[0], label[1] + 1)
        near = label not in self.grid.wide and (at == next_to or (there and next_to not in self.sheet.cells))
        lines = [row for row in (at[0] - 1, at[0] + 1) if (row, label[1]) in self.grid.labels]
        return near and at[1] - label[1] <= 2 and (text.endswith(":") or (there and bool(lines)) or len(lines) == 2)

    def _meant(self, at: Place, over: list[Place], beside: list[Place]) -> Meaning:
        labels = tuple(dict.fromkeys([*over[:1], *beside[:1], *over[1:], *beside[1:]]))
        told = Meaning(self.sheet.name, at, "left", labels=labels)
        main = [self.readings[one] for one in (*over[:1], *beside[:1])]
        why = next((problem(one) for one in main if problem(one)), "")
        if why:
            return replace(told, why=why)
        extra = [self.readings[one] for one in (*over[1:], *beside[1:]) if self.readings[one].understood]
        unkept = [one for one in (self.readings[label] for label in (*over[1:], *beside[1:])) if one.unkept]
        if unkept:
            return replace(told, why=problem(unkept[0]))
        return self._combined(told, main, extra)

    def _combined(self, told: Meaning, main: list[Reading], extra: list[Reading]) -> Meaning:
        together, clash = merged([*main, *extra])
        if clash:
            return replace(told, why=clash)
        sums = self._summed(told) if any(is_bare_total(one) for one in main) else ()
        if sums:
            return self._open(replace(told, sums=sums, sure=FAIR), state="total")
        deal_field = next((one.field for one in main if one.field and "deal" in together.about), "")
        if deal_field:
            return self._of_deal(told, together, deal_field)
        named = next((one for one in main if not one.says), None)
        if named is not None:
            return replace(told, why=_("Baton keeps nothing called “%(label)s”.") % {"label": named.text})
        together = self._completed(together)
        if not together.status and not together.base:
            because = _("The sheet doesn’t say which figure it wants here: open, weighted, won?")
            return replace(told, state="ask", why=because, sure=0.3, ask=self._ask(together))
        return self._finished(told, together)

    def _of_deal(self, told: Meaning, together: Reading, name: str) -> Meaning:
        ask = Ask(
            field=name, about=tuple(sorted(together.about.items())), unit=together.unit, currency=together.currency
        )
        return self._open(replace(told, ask=ask, sure=STRONG, because=_("one deal, by its name")))

    def _completed(self, one: Reading) -> Reading:
        """What the labels leave open is taken from the title; then from what a figure of this kind usually means."""
        context = self.context
        made = replace(one, about=dict(one.about))
        if not made.status and made.base not in {"rate"}:
            made.status, made.sure = context.status, min(made.sure, context.sure if context.status else made.sure)
        if not made.base and made.status:
            made.base = context.base if context.base in {"count", "amount"} and not one.status else DEFAULT_BASE
        if not made.status and made.base in {"count", "amount", "average", "largest", "next_close"}:
            plain = made.about and not made.span
            made.status, made.sure = "open", min(made.sure, FAIR if plain else 0.5)
        made.unit = made.unit if made.unit != 1 or made.base in {"count", "rate"} else context.unit
        made.currency = made.currency or context.currency
        made.span = made.span or (context.span if context.span and context.span.kind != "day" else None)
        return made

    def _finished(self, told: Meaning, one: Reading) -> Meaning:
        try:
            ask = self._ask(one)
        except ValueError:
            return replace(told, why=_("That is no day of the calendar."))
        told = replace(told, ask=ask, sure=one.sure)
        if one.sure < ENOUGH:
            return replace(told, state="ask", why=unsure(one))
        return self._open(replace(told, because=" + ".join(self.grid.labels[at] for at in told.labels)))

    def _ask(self, one: Reading) -> Ask:
        between = None
        if one.span:
            between = to_date(one.span, self.around.today) if one.span.kind == "to date" else None
            between = between or placed(one.span, self.around.today.year)
        unit = 1 if one.base in {"count", "rate", "next_close"} else one.unit
        about = tuple(sorted(one.about.items()))
        return Ask(one.base, one.status, between, about, unit, one.currency)

    def _open(self, told: Meaning, state: str = "fill") -> Meaning:
        """Whether the cell may be filled: it is free, and nobody locked it."""
        if self.grid.is_locked(told.at):
            return replace(told, state="left", why=_("The sheet is protected, and this cell is locked."))
        if not self.grid.is_free(told.at) and self.around.keep:
            return replace(told, state="kept", why=_("It holds a figure already, which stays."))
        return replace(told, state=state)

    def _summed(self, one: Meaning) -> tuple[Place, ...]:
        """The cells that a total adds up: those above it, or before it in its row, as far as the last total."""
        row, column = one.at
        down = any(at[0] == row and is_bare_total(self.readings[at]) for at in one.labels)
        line = [(r, column) for r in range(row - 1, 0, -1)] if down else [(row, c) for c in range(column - 1, 0, -1)]
        found: list[Place] = []
        for at in line:
            if at in self.grid.labels or (at in self.known and self.known[at].state == "total"):
                break
            cell = self.sheet.cells.get(at)
            if at in self.known or (cell is not None and isinstance(cell.value, float)):
                found.append(at)
        return tuple(found)

    def _zeros(self, cells: list[Meaning]) -> list[Meaning]:
        """Where every figure that is there already is a zero, the zeros hold the place of what is wanted."""
        kept = [one for one in cells if one.state == "kept" and (one.ask or one.sums)]
        if not kept or not all(self.grid.holds_zero(one.at) for one in kept):
            return cells
        return [replace(one, state="total" if one.sums else "fill", why="") if one in kept else one for one in cells]


def _answered(one: Reading, answer: Mapping[str, Any]) -> Reading:
    """Take what a person said a label means, in place of what was read."""
    made = Reading(one.text, span=one.span, sure=1.0)
    made.base, made.status = str(answer.get("base", "")), str(answer.get("status", ""))
    made.field = str(answer.get("field", ""))
    made.about = dict(answer.get("about", {}))
    made.unit = int(answer.get("unit", one.unit))
    made.currency = one.currency
    if answer.get("nothing"):
        made.unkept = "nothing"
    if answer.get("month"):
        made.span = _month_after(str(answer["month"]), one.text)
    return made


def _month_after(first: str, label: str) -> Span:
    """Return the month that a label counts to, from the one that somebody said is the first: `M3` after 2027-01."""
    year, month = map(int, first.split("-"))
    counted = re.search(r"\d+", label)
    place = year * 12 + month - 1 + (int(counted[0]) - 1 if counted else 0)
    return Span("month", place % 12 + 1, place // 12)
