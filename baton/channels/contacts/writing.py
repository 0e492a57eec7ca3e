"""Writing cards as vCards of version 2.1, 3.0 or 4.0: folded, escaped, readable by the programs people have."""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator

from baton.channels.contacts.card import Card, Labelled, Place

VERSIONS = ("2.1", "3.0", "4.0")
WIDTH = 75
"""Octets of a line before it is folded (RFC 6350, 3.2)."""


def written(cards: Iterable[Card], version: str = "3.0") -> bytes:
    """Return the cards as one .vcf file in UTF-8."""
    return b"".join(_folded(line, version) + b"\r\n" for card in cards for line in _lines(card, version))


def _lines(card: Card, version: str) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield f"VERSION:{version}"
    parts = (card.family, card.given, card.middle, card.prefix, card.suffix)
    yield _line("FN", _escaped(card.name, version), version)
    yield _line("N", ";".join(_escaped(part, version) for part in parts), version)
    for name, value in _single(card, version):
        if value:
            yield _line(name, value, version)
    for one in card.emails:
        yield _line(f"EMAIL{_types(one, version, 'INTERNET')}", _escaped(one.value, version), version)
    for one in card.phones:
        yield _line(f"TEL{_types(one, version, 'VOICE')}", _escaped(one.value, version), version)
    for place in card.places:
        yield _line(f"ADR{_types(place, version, '')}", _address(place, version), version)
    yield "END:VCARD"


def _single(card: Card, version: str) -> Iterator[tuple[str, str]]:
    organisation = [card.organisation, card.department] if card.department else [card.organisation]
    yield "ORG", ";".join(_escaped(part, version) for part in organisation) if card.organisation else ""
    yield "TITLE", _escaped(card.job, version)
    yield "NICKNAME", _escaped(card.nickname, version)
    yield "BDAY", _escaped(card.birthday, version)
    yield "NOTE", _escaped(card.note, version)
    yield "UID", _escaped(card.uid, version)
    if card.is_organisation and version == "4.0":
        yield "KIND", "org"


def _types(one: Labelled | Place, version: str, default: str) -> str:
    known = [word for word in one.label.upper().split() if word in {"HOME", "WORK", "CELL", "FAX", "PAGER"}]
    told = known + ([default] if default and version != "4.0" and default not in known else [])
    if not told:
        return ""
    return "".join(f";{word}" for word in told) if version == "2.1" else f";TYPE={','.join(told)}"


def _address(place: Place, version: str) -> str:
    parts = (place.box, place.more, place.street, place.city, place.region, place.code, place.country)
    return ";".join(_escaped(part, version) for part in parts)


def _escaped(text: str, version: str) -> str:
    """Escape what would end a value early; 2.1 knows the semicolon alone, and line breaks go quoted-printable."""
    text = "".join(
        letter for letter in text.replace("\r\n", "\n").replace("\r", "\n") if letter >= " " or letter in "\n\t"
    )
    if version == "2.1":
        return text.replace(";", "\\;")
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,")


def _line(name: str, value: str, version: str) -> str:
    if version != "2.1" or (value.isascii() and "\n" not in value):
        return f"{name}:{value}"
    quoted = binascii.b2a_qp(value.replace("\n", "\r\n").encode(), istext=False).decode().replace("=\n", "")
    return f"{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{quoted}"


def _folded(line: str, version: str) -> bytes:
    raw = line.encode()
    if len(raw) <= WIDTH or version == "2.1":
        return raw
    pieces, start, room = [], 0, WIDTH
    while start < len(raw):
        end = min(start + room, len(raw))
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[start:end])
        start, room = end, WIDTH - 1
    return b"\r\n ".join(pieces)
