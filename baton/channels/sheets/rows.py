"""One row becomes what it says: values of a record, who it is about, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from baton.channels.sheets import cells
from baton.channels.sheets.columns import Kind
from baton.channels.sheets.lexicon import OWN, Lexicon, Written
from baton.ledger.text import folded

LONGEST_NAME = 300
_EMAIL = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\s@<>,;:\"()]+")
_HOST = re.compile(r"^(?:[a-z]+://)?(?:www\.)?([^/\s:?#]+\.[^/\s:?#]+)", re.IGNORECASE)
_PHONE = re.compile(r"\d")


@dataclass(slots=True)
class RowSaid:
    """What a row says. `key` is its own id, `about` the names of others in it, `column` where the problem stands."""

    number: int
    cells: Sequence[str]
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    column: int | None = None


Taker = Callable[["RowReader", RowSaid, str, int], None]


class RowReader:
    """Reads the rows of one sheet, by its columns."""

    def __init__(
        self, kind: Kind, columns: Mapping[int, str], lexicon: Lexicon, seen: Sequence[Mapping[str, Any]], order: str
    ) -> None:
        self.kind, self.lexicon = kind, lexicon
        self.written = [Written(one.get("order") or order, one.get("mark", "")) for one in seen]
        self.columns = [(column, _taker(name, kind)) for column, name in sorted(columns.items())]
        self.currency = next((column for column, name in columns.items() if name == "currency"), None)

    def read(self, number: int, cells_: Sequence[str]) -> RowSaid:
        """Return what the row says; `problem` where it can't be let in as it stands."""
        said, width = RowSaid(number, cells_), len(cells_)
        for column, take in self.columns:
            text = cells_[column] if column < width else ""
            if not text:
                continue
            try:
                take(self, said, text, column)
            except cells.Wrong as why:
                if not said.problem:
                    said.problem, said.column = _("%(why)s.") % {"why": why}, column
        _FINISH[self.kind](self, said)
        return said

    def style(self, column: int) -> Written:
        """Return how a column is written."""
        return self.written[column] if column < len(self.written) else Written()


def _taker(name: str, kind: Kind) -> Taker:
    if name.startswith(OWN):
        return _own(name)
    return (_TAKERS | _TAKERS_OF[kind]).get(name, _about(name))


def _own(name: str) -> Taker:
    def take(reader: RowReader, said: RowSaid, text: str, column: int) -> None:
        known = reader.lexicon.fields.get(name)
        if known:
            said.values[known.id] = reader.lexicon.own(known, text, reader.style(column))

    return take


def _about(name: str) -> Taker:
    def take(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
        said.about[name] = text[:LONGEST_NAME]

    return take


def _as(name: str, length: int = LONGEST_NAME) -> Taker:
    def take(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
        said.values[name] = text[:length]

    return take


def _key(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    said.key = text[:190]


def _emails(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    found = [one.lower().strip(".") for one in _EMAIL.findall(text)]
    if not found:
        raise cells.Wrong(_("“%(text)s” is no email address") % {"text": text[:60]})
    there = said.values.setdefault("emails", [])
    there += [one[:320] for one in found if one not in there]


def _phones(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    there = said.values.setdefault("phones", [])
    for one in re.split(r"\s*[;|]\s*|\s:::\s", text):
        if len(_PHONE.findall(one)) >= 3 and one[:60] not in there:
            there.append(one[:60])


def _domain(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    found = _HOST.match(text)
    if found:
        said.values["domains"] = [found[1].lower().rstrip(".")[:255]]


def _owner(reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    said.about["owner"] = text[:LONGEST_NAME]
    who = reader.lexicon.owner(text)
    if who:
        said.values["owner"] = who


def _first_address(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    found = _EMAIL.search(text)
    if found:
        said.about.setdefault("email", found[0].lower())


def _stage(reader: RowReader, said: RowSaid, text: str, column: int) -> None:
    found = reader.lexicon.stages.standing(text)
    if found is None:
        raise cells.Wrong(_("The map has no stage for “%(word)s”; say which one it is") % {"word": text[:60]})
    said.about["stage"] = text[:80]
    said.values |= {"stage": found.stage.id, "desk": found.stage.desk, "status": found.status}


def _status(reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
    found = reader.lexicon.stages.outcome(text)
    if found:
        said.about["outcome"] = found.status


def _flag(name: str) -> Taker:
    def take(_reader: RowReader, said: RowSaid, text: str, _column: int) -> None:
        answer = cells.yes(text)
        if answer is not None:
            said.about[name] = "yes" if answer else ""

    return take


def _amount(reader: RowReader, said: RowSaid, text: str, column: int) -> None:
    place = reader.currency
    beside = said.cells[place] if place is not None and place < len(said.cells) else ""
    money = reader.lexicon.money(text, cells.currency(beside), reader.style(column).mark)
    if money:
        said.values["amount"] = money


def _day(name: str) -> Taker:
    def take(reader: RowReader, said: RowSaid, text: str, column: int) -> None:
        found = cells.day(text, reader.style(column).order)
        if found:
            said.values[name] = found

    return take


def _day_about(name: str) -> Taker:
    """A day that the report reads and no field keeps: one that can't be read spoils no row."""

    def take(reader: RowReader, said: RowSaid, text: str, column: int) -> None:
        try:
            said.about[name] = cells.day(text, reader.style(column).order) or ""
        except cells.Wrong:
            return

    return take


def _paid(reader: RowReader, said: RowSaid, text: str, column: int) -> None:
    """The column says when it was paid, or only that it was."""
    answer = cells.yes(text)
    if answer is None:
        try:
            said.values["paid_on"] = cells.day(text, reader.style(column).order)
        except cells.Wrong:
            return
    elif answer:
        said.values["paid"] = True


def _nothing(_reader: RowReader, _said: RowSaid, _text: str, _column: int) -> None:
    """Read beside another column."""


_TAKERS: dict[str, Taker] = {"id": _key, "owner": _owner, "amount": _amount, "currency": _nothing}
_TAKERS_OF: dict[Kind, dict[str, Taker]] = {
    "contacts": {"name": _as("name"), "email": _emails, "phone": _phones, "job": _as("job", 200)},
    "companies": {"name": _as("name"), "domain": _domain, "email": _first_address},
    "deals": {
        "title": _as("title"),
        "stage": _stage,
        "status": _status,
        "won": _flag("won"),
        "closed": _flag("closed"),
        "close_date": _day("close_date"),
        "lost_reason": _as("lost_reason"),
        "service": _as("service", 120),
        "source": _as("source", 120),
        "category": _as("category", 60),
        "next_step": _as("next_step", 400),
        "next_step_at": _day("next_step_at"),
        "email": _first_address,
        "opened": _day_about("opened"),
        "heard": _day_about("heard"),
    },
    "invoices": {
        "number": _as("number", 80),
        "date": _day("date"),
        "due": _day("due"),
        "paid": _paid,
        "email": _first_address,
        "paid_amount": _about("paid_amount"),
    },
}


def _finish_contact(_reader: RowReader, said: RowSaid) -> None:
    parts = [said.about.pop("first_name", ""), said.about.pop("last_name", "")]
    whole = " ".join(part for part in parts if part)[:LONGEST_NAME]
    if whole:
        said.values["name"] = whole
    if "name" not in said.values:
        emails = said.values.get("emails")
        if emails:
            said.values["name"] = emails[0]
        elif not said.problem:
            said.problem = _("There is neither a name nor an email address.")


def _finish_company(_reader: RowReader, said: RowSaid) -> None:
    if "name" not in said.values and not said.problem:
        said.problem = _("There is no name.")


def _finish_deal(reader: RowReader, said: RowSaid) -> None:
    _finish_outcome(reader, said)
    if "title" not in said.values:
        about, values = said.about, said.values
        parts = [values.get("service", ""), about.get("company", "") or about.get("contact", "")]
        title = " · ".join(part for part in parts if part) or said.key
        if title:
            said.values["title"] = title[:LONGEST_NAME]
        elif not said.problem:
            said.problem = _("There is nothing to call the deal by: no title, no company, no id.")
    step, due = said.values.pop("next_step", ""), said.values.pop("next_step_at", None)
    if step:
        at = reader.lexicon.end_of(due) if due else None
        said.values["next_step"] = {"what": step, "at": at, "by": None}


def _finish_outcome(reader: RowReader, said: RowSaid) -> None:
    """How it ended may stand in columns of its own; they know better than the name of a stage."""
    about, stages = said.about, reader.lexicon.stages
    word = about.pop("outcome", "")
    won, closed = about.pop("won", None), about.pop("closed", None)
    if won:
        word = "won"
    elif closed and won is not None:
        word = "lost"
    if "stage" not in said.values and said.problem:
        return
    ended = stages.outcome(word) if word and word != "open" else None
    if ended and said.values.get("status") != ended.status:
        there = said.values.get("stage") if ended.status == "lost" else ended.stage.id
        stage = reader.lexicon.map.stages.get(there or "", ended.stage)
        said.values |= {"stage": stage.id, "desk": stage.desk, "status": ended.status}


def _finish_invoice(_reader: RowReader, said: RowSaid) -> None:
    if "number" not in said.values and not said.problem:
        said.problem = _("There is no invoice number.")
    said.key = said.key or said.values.get("number", "")


_FINISH: dict[Kind, Callable[[RowReader, RowSaid], None]] = {
    "contacts": _finish_contact,
    "companies": _finish_company,
    "deals": _finish_deal,
    "invoices": _finish_invoice,
}


def natural_key(said: RowSaid, kind: Kind) -> str:
    """Return what names a row that has no id of its own; rows that say the same of the same are one, deals aside."""
    values, about = said.values, said.about
    if kind == "contacts":
        if values.get("emails"):
            return values["emails"][0][:190]
        return _short(values.get("name", ""), about.get("company", ""), *values.get("phones", [])[:1])
    if kind == "companies":
        return _short(values.get("name", ""))
    return _short(values.get("title", ""), about.get("company", "") or about.get("contact", ""))


def _short(*parts: str) -> str:
    return "\x1f".join(folded(part)[:90] for part in parts)[:190].replace("\x1f", "|")
