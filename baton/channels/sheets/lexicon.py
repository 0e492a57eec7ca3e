"""What the words of a sheet are read against: the map in force, and the members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from baton.channels.sheets import cells
from baton.channels.sheets.columns import Kind
from baton.channels.sheets.stages import Stages
from baton.kernel.clock import stamp
from baton.kernel.money import from_major
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.map.elements import Field
from baton.map.schema import OperatingMap
from baton.members.models import Member

OF_RECORD = {"deals": "deal", "contacts": "contact", "companies": "company", "invoices": "deal"}
OWN = "field:"
"""How the map's own fields are named among the columns."""


@dataclass(slots=True)
class Written:
    """How one column is written: whether the day or the month comes first, and which mark ends the whole."""

    order: str = "dm"
    mark: str = ""


class Lexicon:
    """Turns words into what Baton knows."""

    def __init__(self, operating_map: OperatingMap, words: dict[str, dict[str, str]]) -> None:
        self.map = operating_map
        self.stages = Stages(operating_map, words.get("stage", {}))
        self.owners = _owners() | {folded(word): who for word, who in words.get("owner", {}).items()}
        self.fields = {OWN + field.id: field for field in operating_map.fields.values()}

    @classmethod
    def today(cls, words: dict[str, dict[str, str]]) -> Lexicon:
        """Return the lexicon of the map in force."""
        return cls(current_map(), words)

    def owner(self, word: str) -> str | None:
        """Return the member's id, None for a name that is no member's."""
        return self.owners.get(folded(word))

    def money(self, text: str, currency: str, mark: str) -> dict[str, Any] | None:
        """Return an amount as the ledger keeps it. Raises `cells.Wrong`."""
        number = cells.amount(text, mark)
        if number is None:
            return None
        code = cells.currency(text) or currency or self.map.currency
        return {"minor": from_major(number, code).minor, "currency": code}

    def end_of(self, day: str) -> str:
        """Return when the work of a day ends, as the ledger keeps moments."""
        hours = self.map.hours
        return stamp(hours.closing(datetime.combine(date.fromisoformat(day), time(9), hours.tz)))

    def own(self, field: Field, text: str, written: Written) -> Any:
        """Return the value of one of the map's own fields. Raises `cells.Wrong`."""
        return _READERS.get(field.type, _text)(self, field, text, written)


def _owners() -> dict[str, str]:
    known: dict[str, str] = {}
    for pk, name, email in Member.objects.filter(is_active=True).values_list("pk", "name", "email"):
        known[folded(name)] = known[folded(email)] = str(pk)
    return known


def own_fields(kind: Kind) -> list[tuple[str, str]]:
    """Return (name, header) of what the map keeps for this kind, by its name and by its key."""
    fields = current_map().fields_on(OF_RECORD[kind]) if kind != "invoices" else []
    return [(OWN + field.id, word) for field in fields for word in (field.name, field.key, *field.heard_as)]


def _text(_lexicon: Lexicon, _field: Field, text: str, _written: Written) -> str:
    return text


def _money(lexicon: Lexicon, _field: Field, text: str, written: Written) -> Any:
    return lexicon.money(text, "", written.mark)


def _number(_lexicon: Lexicon, _field: Field, text: str, written: Written) -> Any:
    number = cells.amount(text, written.mark)
    return None if number is None else int(number) if number == number.to_integral_value() else float(number)


def _day(_lexicon: Lexicon, _field: Field, text: str, written: Written) -> Any:
    return cells.day(text, written.order)


def _yes(_lexicon: Lexicon, _field: Field, text: str, _written: Written) -> Any:
    answer = cells.yes(text)
    if answer is None:
        raise cells.Wrong(f"“{text[:40]}” is neither yes nor no")
    return answer


def _choice(_lexicon: Lexicon, field: Field, text: str, _written: Written) -> Any:
    for choice in field.choices:
        if folded(choice) == folded(text):
            return choice
    raise cells.Wrong(f"“{text[:40]}” is none of: {', '.join(field.choices)}")


_READERS: dict[str, Callable[[Lexicon, Field, str, Written], Any]] = {
    "money": _money,
    "number": _number,
    "date": _day,
    "yes/no": _yes,
    "choice": _choice,
}
