"""Reading vCards of every version into cards. Pure; what it can't make sense of, it says with the card."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from baton.capture.untrusted import Unreadable
from baton.channels.contacts.card import Card, Labelled, Place
from baton.channels.contacts.lines import Line, pieces, plain, properties

MOST_NESTED = 20
MOST_VALUES = 50
NOISE = frozenset(
    "internet pref voice msg postal parcel dom intl x400 uri text video quoted-printable base64 b".split()
)
"""Types that say how, not what for."""


def vcards(text: str) -> Iterator[Card]:
    """Yield the cards of a text. A card inside a card (AGENT) is somebody else's and is left out.

    Raises `Unreadable` for cards nested deeper than any program nests them.
    """
    depth, lines = 0, []
    for line in properties(text):
        if line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            depth += 1
            if depth > MOST_NESTED:
                raise Unreadable("It holds cards inside cards without end.")
            lines = [] if depth == 1 else lines
        elif line.name == "END" and line.value.strip().upper() == "VCARD":
            depth = max(0, depth - 1)
            if depth == 0:
                yield _card(lines)
                lines = []
        elif depth == 1:
            lines.append(line)
    if lines:
        yield _card(lines)


def _card(lines: list[Line]) -> Card:
    card = Card()
    labels = {line.group.lower(): _own_label(line) for line in lines if line.name == "X-ABLABEL" and line.group}
    for line in lines:
        read = _READ.get(line.name)
        if read:
            read(card, line, labels.get(line.group.lower(), "") if line.group else "")
    card.raw = "\r\n".join(f"{line.name}:{line.value}" for line in lines).encode("utf-8", "replace")
    _name(card)
    return card


def _own_label(line: Line) -> str:
    """Apple writes its own words as `_$!<HomePage>!$_`."""
    return plain(line.value).removeprefix("_$!<").removesuffix(">!$_")


def _name(card: Card) -> None:
    """The whole name: as written, else of its parts, else what else there is."""
    parts = (card.prefix, card.given, card.middle, card.family, card.suffix)
    card.name = card.name or " ".join(part for part in parts if part) or card.organisation or card.nickname
    if not card.name and card.emails:
        card.name = card.emails[0].value
    if not card.name and card.phones:
        card.name = card.phones[0].value
    alone = not (card.given or card.family) and bool(card.organisation)
    card.is_organisation = card.is_organisation or (alone and card.name == card.organisation)
    if not card.name:
        card.problem = "The card names nobody: no name, no company, no address and no number."


def _full_name(card: Card, line: Line, _label: str) -> None:
    card.name = card.name or " ".join(plain(line.value).split())


def _parts(card: Card, line: Line, _label: str) -> None:
    if card.family or card.given:
        return
    told = [" ".join(" ".join(plain(one) for one in pieces(part, ",")).split()) for part in pieces(line.value)]
    card.family, card.given, card.middle, card.prefix, card.suffix = (told + [""] * 5)[:5]


def _organisation(card: Card, line: Line, _label: str) -> None:
    if card.organisation:
        return
    told = [plain(part) for part in pieces(line.value)]
    card.organisation, card.department = told[0], ", ".join(part for part in told[1:] if part)


def _email(card: Card, line: Line, label: str) -> None:
    value = plain(line.value).removeprefix("mailto:").strip("<> ")
    if value and len(card.emails) < MOST_VALUES:
        card.emails += (Labelled(value, label or _purpose(line)),)


def _phone(card: Card, line: Line, label: str) -> None:
    value = plain(line.value)
    if value.lower().startswith("tel:"):
        value = value[4:].replace(";ext=", " ext. ").partition(";")[0]
    if value and len(card.phones) < MOST_VALUES:
        card.phones += (Labelled(value, label or _purpose(line)),)


def _purpose(line: Line) -> str:
    return " ".join(dict.fromkeys(one for one in line.types if one not in NOISE))


def _place(card: Card, line: Line, label: str) -> None:
    told = [" ".join(" ".join(plain(one) for one in pieces(part, ",")).split()) for part in pieces(line.value)]
    box, more, street, city, region, code, country = (told + [""] * 7)[:7]
    if any(told) and len(card.places) < MOST_VALUES:
        card.places += (Place(street, city, region, code, country, box, more, label or _purpose(line)),)


def _url(card: Card, line: Line, label: str) -> None:
    if line.value and len(card.urls) < MOST_VALUES:
        card.urls += (Labelled(plain(line.value), label or _purpose(line)),)


def _groups(card: Card, line: Line, _label: str) -> None:
    found = [one.strip() for part in pieces(line.value, ",") for one in plain(part).split(",")]
    card.groups += tuple(one for one in found if one and one not in card.groups)


def _kind(card: Card, line: Line, _label: str) -> None:
    card.is_organisation = card.is_organisation or line.value.strip().lower() in {"org", "company", "organization"}


def _once(attribute: str) -> Callable[[Card, Line, str], None]:
    def read(card: Card, line: Line, _label: str) -> None:
        setattr(card, attribute, getattr(card, attribute) or plain(line.value))

    return read


_READ: dict[str, Callable[[Card, Line, str], None]] = {
    "FN": _full_name,
    "N": _parts,
    "ORG": _organisation,
    "EMAIL": _email,
    "TEL": _phone,
    "ADR": _place,
    "URL": _url,
    "CATEGORIES": _groups,
    "KIND": _kind,
    "X-ABSHOWAS": _kind,
    "TITLE": _once("job"),
    "NICKNAME": _once("nickname"),
    "BDAY": _once("birthday"),
    "NOTE": _once("note"),
    "UID": _once("uid"),
    "VERSION": _once("version"),
}
