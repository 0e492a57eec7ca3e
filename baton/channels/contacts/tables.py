"""Reading the tables that address books export: Google's (old and new), Outlook's, and lists with a mail column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from baton.capture.untrusted import Unreadable
from baton.channels.contacts.card import Card, Labelled, Place

MARK = " ::: "
"""Google joins several values of one cell with this."""
MOST_CELL = 100_000
_NAMES = {
    "name": "name", "full name": "name", "display name": "name", "file as": "",
    "given name": "given", "first name": "given", "additional name": "middle", "middle name": "middle",
    "family name": "family", "last name": "family", "surname": "family",
    "name prefix": "prefix", "title": "prefix", "name suffix": "suffix", "suffix": "suffix",
    "nickname": "nickname", "company": "organisation", "organization": "organisation",
    "organization name": "organisation", "organization 1 - name": "organisation",
    "organization department": "department", "organization 1 - department": "department", "department": "department",
    "organization title": "job", "organization 1 - title": "job", "job title": "job",
    "birthday": "birthday", "notes": "note", "note": "note",
}  # fmt: skip
"""Column, in lower case → what it is of a card. `Title` is Mr or Ms in Outlook, the job is `Job Title`."""
_EMAIL = re.compile(r"(?:primary |secondary |additional )?e-?mail(?: (\d))?(?: - value| address)?$")
_PHONE = re.compile(
    r"(?:phone (\d) - value|(?P<what>[\w .']{2,40}?)(?: phone| fax| number)(?: (\d))?"
    r"|pager|mobile|phone|telephone|tel)$"
)
_PLACE = re.compile(r"(?:address (?P<number>\d) - |(?P<what>home|business|work|other) )(?P<part>[\w /.-]+)$")
_PARTS = {
    "street": "street", "city": "city", "region": "region", "state": "region", "postal code": "code",
    "country": "country", "country/region": "country", "po box": "box", "extended address": "more",
    "address po box": "box",
}  # fmt: skip
_NO_PHONE = frozenset({"account", "fax", "government id", "organizational id", "id", "tax", "customer", "number"})


def tables(text: str) -> Iterator[Card]:
    """Yield a card for each row that holds something. Raises `Unreadable` where no column names or reaches anybody."""
    csv.field_size_limit(MOST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), _dialect(text))
    try:
        heads = [cell.strip().lstrip("\ufeff") for cell in next(rows, [])]
        known = [head for head in heads if _is_known(head.lower())]
        if not known:
            raise Unreadable("It is no address book: no column of it is a name, a mail address or a phone number.")
        for row in rows:
            told = {head: cell.strip() for head, cell in zip(heads, row, strict=False) if cell.strip()}
            if told:
                yield _card(told)
    except csv.Error as wrong:
        raise Unreadable(f"It can’t be read as a table: {wrong}.") from wrong


def _dialect(text: str) -> type[csv.Dialect]:
    """Return how the cells are parted; the first line says so."""
    head = text[: text.find("\n") if "\n" in text else len(text)]
    mark = max(",;\t", key=head.count)
    return type("Found", (csv.excel,), {"delimiter": mark})


def _is_known(head: str) -> bool:
    return bool(_NAMES.get(head) or _EMAIL.match(head) or _PHONE.match(head))


def _card(told: dict[str, str]) -> Card:
    card = Card(raw="\x1f".join(f"{head}={cell}" for head, cell in told.items()).encode("utf-8", "replace"))
    lowered = {head.lower(): cell for head, cell in told.items()}
    for head, cell in lowered.items():
        _read(card, head, cell, lowered)
    card.places = tuple(_places(lowered))
    card.groups = tuple(
        g.strip("* ") for g in lowered.get("group membership", lowered.get("labels", "")).split(MARK) if g
    )
    parts = (card.prefix, card.given, card.middle, card.family, card.suffix)
    card.name = card.name or " ".join(part for part in parts if part) or card.organisation
    card.name = card.name or next((one.value for one in (*card.emails, *card.phones)), "")
    card.is_organisation = (
        not (card.given or card.family) and bool(card.organisation) and card.name == card.organisation
    )
    card.problem = "" if card.name else "The row names nobody: no name, no company, no address and no number."
    return card


def _read(card: Card, head: str, cell: str, row: dict[str, str]) -> None:
    attribute = _NAMES.get(head)
    if attribute:
        setattr(card, attribute, getattr(card, attribute) or cell)
    elif (head.startswith("website") and head.endswith("- value")) or head in {"web page", "website"}:
        card.urls += _labelled(cell, _label(head, row))
    elif _EMAIL.match(head):
        card.emails += _labelled(cell, _label(head, row))
    elif (phone := _PHONE.match(head)) and (phone["what"] or "") not in _NO_PHONE:
        card.phones += _labelled(cell, phone["what"] or _label(head, row))


def _labelled(cell: str, label: str) -> tuple[Labelled, ...]:
    return tuple(Labelled(value.strip(), label) for value in cell.split(MARK) if value.strip())


def _label(head: str, row: dict[str, str]) -> str:
    """Google's label stands in the column beside: `Phone 1 - Type`, in newer files `Phone 1 - Label`."""
    stem = head.removesuffix("- value")
    return (row.get(f"{stem}- type") or row.get(f"{stem}- label") or "").strip("* ").lower() if stem != head else ""


def _places(row: dict[str, str]) -> Iterator[Place]:
    found: dict[str, dict[str, str]] = {}
    for head, cell in row.items():
        match = _PLACE.match(head)
        part = _PARTS.get(match["part"]) if match else None
        if match and part:
            found.setdefault(match["number"] or match["what"], {})[part] = cell
    for key, parts in found.items():
        label = row.get(f"address {key} - type", row.get(f"address {key} - label", key if not key.isdigit() else ""))
        yield Place(**parts, label=label.strip("* ").lower())
