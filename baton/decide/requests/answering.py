"""A template is answered: read, understood, and filled through the eyes of the member who asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.capture.untrusted import allow, parse_untrusted
from baton.decide.requests.asked import what_is
from baton.decide.requests.figures import CONFIRMED, Deals, Figure, Part
from baton.decide.requests.fingerprint import fingerprint_of
from baton.decide.requests.knowing import names_in
from baton.decide.requests.listing import listing, of_one_deal
from baton.decide.requests.marks import why_marked
from baton.decide.requests.meaning import Around, Meaning, Proposal, propose
from baton.decide.requests.periods import EPOCH
from baton.decide.requests.sources import source_rows
from baton.decide.requests.trust import Behind
from baton.decide.requests.words import Names
from baton.decide.requests.workbook.book import Book
from baton.decide.requests.workbook.filled import Filled
from baton.decide.requests.workbook.places import Place, within
from baton.ledger.text import folded
from baton.members.models import Member

_BOOK = "baton.decide.requests.workbook.book"
READ = allow(
    "baton.decide.requests.workbook.reading.read_workbook",
    answers=[f"{_BOOK}.{one}" for one in ("Book", "Sheet", "Cell")],
)
FILL = allow(
    "baton.decide.requests.workbook.filling.fill_workbook", answers=["baton.decide.requests.workbook.filled.Filled"]
)
SECONDS = 8.0
"""A 13-sheet template takes a fifth of a second; what is too much is refused before it is unpacked."""
ADDITIVE = frozenset({"amount", "count"})


@dataclass(slots=True)
class FilledCell:
    """One filled cell: what it holds, what that is, the deals behind it, and how far it can be relied on."""

    sheet: str
    at: Place
    figure: Figure
    meaning: str
    trust: str = CONFIRMED
    base: str = ""

    @property
    def is_day(self) -> bool:
        return isinstance(self.figure.value, date)

    @property
    def as_kept(self) -> Any:
        """Return the value as a workbook holds it: days as the number that it counts them by."""
        value = self.figure.value
        return (value - EPOCH).days if isinstance(value, date) else value


@dataclass(slots=True)
class LeftCell:
    """One cell that stays as it is, and why. `state` is `left`, `ask` or `kept`."""

    sheet: str
    at: Place
    state: str
    why: str


@dataclass(slots=True)
class Answer:
    """A template with its answer. `file` is None where nothing could be filled."""

    book: Book
    proposal: Proposal
    fingerprint: str
    deals: Deals
    behind: Behind
    names: Names
    filled: list[FilledCell] = field(default_factory=list)
    left: list[LeftCell] = field(default_factory=list)
    file: Filled | None = None

    @property
    def notes(self) -> list[str]:
        """What is to be said of the whole file."""
        made = list(self.file.notes) if self.file else []
        if not self.filled and not self.left:
            made.append(_("No cell of it waits to be filled: what stands under its headers is there already."))
        if any(sheet.pivots for sheet in self.book.sheets):
            made.append(_("Its pivots fill themselves from their own data, so nothing was put into them."))
        if self.book.outside_links:
            made.append(
                ngettext(
                    "It points at %(count)d other file: what came from there stays as it last was.",
                    "It points at %(count)d other files: what came from there stays as it last was.",
                    self.book.outside_links,
                )
                % {"count": self.book.outside_links}
            )
        if self.book.kind == "xlsm":
            made.append(_("Its macros are still in it; Baton ran none of them."))
        return made


def read_template(raw: bytes) -> Book:
    """Read a workbook in the limited child. Raises `Unreadable`."""
    return parse_untrusted(READ, raw, seconds=SECONDS)


def answer_template(
    raw: bytes,
    *,
    member: Member,
    at: datetime,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    said: str = "",
    keep: bool = True,
) -> Answer:
    """Return the template filled with what this member may see. Raises `Unreadable`."""
    book = read_template(raw)
    return answer_book(raw, book, member=member, at=at, answers=answers, said=said, keep=keep)


def answer_book(
    raw: bytes,
    book: Book,
    *,
    member: Member,
    at: datetime,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    said: str = "",
    keep: bool = True,
) -> Answer:
    """Return a template that was read already, filled. Raises `Unreadable`."""
    deals = Deals(member, at)
    names = names_in(deals, _texts(book))
    proposal = propose(book, Around(names, deals.today, answers or {}, said, keep))
    filled, left = _Filling(book, proposal, deals).run()
    behind = Behind(deals, (part for one in filled for part in one.figure.parts))
    for one in filled:
        one.trust = behind.worst(one.figure.parts)
    made = Answer(book, proposal, fingerprint_of(book, names, deals.today), deals, behind, names, filled, left)
    if filled:
        made.file = _file(raw, made)
    return made


def _texts(book: Book) -> Iterable[str]:
    return (cell.value for sheet in book.sheets for cell in sheet.cells.values() if isinstance(cell.value, str))


def _file(raw: bytes, answer: Answer) -> Filled:
    fills = [(one.sheet, *one.at, one.as_kept, one.is_day) for one in answer.filled]
    sources = source_rows(answer)
    return parse_untrusted(FILL, raw, seconds=SECONDS, fills=fills, sources=sources, title=_("Sources"))


class _Filling:
    """Turns meanings into values."""

    def __init__(self, book: Book, proposal: Proposal, deals: Deals) -> None:
        self.book, self.proposal, self.deals = book, proposal, deals
        self.sheets = {one.name: one for one in book.sheets}
        self.filled: dict[tuple[str, Place], FilledCell] = {}
        self.left: dict[tuple[str, Place], LeftCell] = {}
        self.listed: set[tuple[str, Place]] = set()

    def run(self) -> tuple[list[FilledCell], list[LeftCell]]:
        for one in self.proposal.cells:
            if one.state == "fill":
                self._fill(one)
            elif one.state != "total":
                self._leave(one.sheet, one.at, one.state, one.why)
        for region in self.proposal.lists:
            self._list(region)
        for one in self.proposal.cells:
            if one.state == "total":
                self._total(one)
        needed = sum(one.status == "open" for one in self.deals.lines) if self.proposal.placeholders else 0
        for sheet, at, text in self.proposal.placeholders:
            if (sheet, at) not in self.filled and (sheet, at) not in self.listed:
                self._leave(sheet, at, "left", why_marked(text, at, self.sheets[sheet], needed))
        return list(self.filled.values()), list(self.left.values())

    def _leave(self, sheet: str, at: Place, state: str, why: str) -> None:
        self.left[sheet, at] = LeftCell(sheet, at, state, why)

    def _fill(self, one: Meaning) -> None:
        ask = one.ask
        assert ask is not None
        figure = of_one_deal(self.deals, ask) if ask.field else self.deals.figure(ask)
        what = one.because if ask.field else f"{what_is(ask)}: {one.because}"
        self._put(one.sheet, one.at, figure, what, ask.base)

    def _put(self, sheet: str, at: Place, figure: Figure, meaning: str, base: str) -> None:
        figure = self._allowed(sheet, at, figure)
        if figure.value is None:
            self._leave(sheet, at, "left", figure.why)
            return
        self.filled[sheet, at] = FilledCell(sheet, at, figure, meaning, base=base)

    def _allowed(self, sheet: str, at: Place, figure: Figure) -> Figure:
        """A cell that only takes what stands in a list takes it in the list's own spelling, or stays empty."""
        choices = next((c for areas, c in self.sheets[sheet].lists if any(within(at, one) for one in areas)), None)
        if choices is None or not isinstance(figure.value, str):
            return figure
        same = next((one for one in choices if folded(one) == folded(str(figure.value))), None)
        if same is None:
            told = {"value": figure.value}
            return Figure(None, why=_("“%(value)s” is none of what may be chosen in this cell.") % told)
        return Figure(same, figure.shows, figure.currency, figure.parts, remarks=figure.remarks)

    def _list(self, region: Any) -> None:
        found = listing(region, self.proposal.contexts[region.sheet], self.deals)
        sheet = self.sheets[region.sheet]
        for column, why in found.left.items():
            self._leave(region.sheet, (region.rows[0], column), "left", why)
            self.listed.add((region.sheet, (region.rows[0], column)))
        for number, row in zip(region.rows, found.rows, strict=False):
            for column, figure in row.items():
                cell = sheet.cells.get((number, column))
                if cell is None or not cell.formula:
                    self._put(region.sheet, (number, column), figure, region.columns[column].text, "")

    def _total(self, one: Meaning) -> None:
        summed = [self._summed(one.sheet, at) for at in one.sums]
        missing = sum(value is None for value, _parts, _base in summed)
        bases = {base for _value, _parts, base in summed if base}
        if not summed or missing or not bases <= ADDITIVE or len(bases) > 1:
            why = ngettext(
                "%(count)d cell that it adds up is open.", "%(count)d cells that it adds up are open.", missing
            )
            why = why % {"count": missing} if missing else _("What it adds up can’t be added.")
            self._leave(one.sheet, one.at, "left", why)
            return
        parts = [part for _value, parts, _base in summed for part in parts]
        value = sum(value for value, _parts, _base in summed if value is not None)
        base = next(iter(bases), "amount")
        shows = "money" if base == "amount" else "number"
        figure = Figure(value, shows, self.deals.map.currency if base == "amount" else "", parts)
        self.filled[one.sheet, one.at] = FilledCell(
            one.sheet, one.at, figure, _("the sum of the cells before it"), base=base
        )

    def _summed(self, sheet: str, at: Place) -> tuple[float | None, Sequence[Part], str]:
        """What one cell adds to a total: what was filled, or the figure that stands there."""
        one = self.filled.get((sheet, at))
        if one is not None:
            value = one.figure.value
            return (value if isinstance(value, float) else None), one.figure.parts, one.base
        cell = self.sheets[sheet].cells.get(at)
        value = cell.value if cell is not None and isinstance(cell.value, float) and not cell.formula else None
        return value, [], ""
