"""The block under a mail: who signs, what they do, for whom, and how to reach them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .companies import is_company_name
from .people import emails_in, is_role, phones_in, region_of
from .prose import fold

READ_LINES = 14
"""Lines of a signature that are read, counted from the end of the mail; what is longer is a disclaimer."""


@dataclass(frozen=True, slots=True)
class Part:
    """One detail of a signature: what it is, its value, and its place in the text."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Signature:
    """What a signature tells; `parts` has the same details with their places."""

    name: str | None = None
    role: str | None = None
    company: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str | None = None
    parts: tuple[Part, ...] = field(default=())


_CLOSING = re.compile(
    r"(?:(?:kind|best|warm|many)?[ ]?(?:regards|wishes)|thanks(?: and regards| again|"
    r" a lot)?|thank you|many thanks|cheers|sincerely|yours (?:sincerely|truly|faithfully)|"
    r"best|all the best|rgds|"
    r"(?:mit )?(?:freundlichen|besten|herzlichen|vielen|lieben|viele|beste|liebe|"
    r"herzliche|freundliche) (?:gruss?en?|dank)(?: .{0,30})?|mfg|lg|vg|gruss?|"
    r"(?:srdacan |lijep |lp|puno )?(?:pozdrav|pozdravi)|s postovanjem|hvala|lijepi pozdravi?|lp)[,.!]*$"
)
_ADDRESS = re.compile(
    r"(?:\b[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}\b|\b\d{4,5} [a-z]{3,}|\b[a-z]{2} \d{5}\b|"
    r"\b[a-z]+(?:strass?e|str\.|weg|platz|gasse|allee)\b"
    r"|\b(?:street|road|lane|avenue|ulica|ul\.|trg)\b|\b\d{1,4} [a-z]+ (?:st|rd|ave|dr)\b)"
)
_SEPARATOR = re.compile(r" ?[|•·] ?| - | – ")
_LABEL = re.compile(
    r"^(?:tel|phone|mobile|mob|m|t|f|fax|e|email|e-mail|mail|www|http|web|office|"
    r"direct|cell|telefon|mobil|mobitel)\b[.: ]",
    re.I,
)
_FAX = re.compile(r"(?:fax|faks|telefax|\bf)[^\d+(]{0,6}$")


def read_signature(
    text: str, *, sender_name: str, sender_email: str, zone: str = "Europe/London", language: str = "en"
) -> Signature:
    """Read the signature at the end of a mail (or a block that holds only the signature).

    The sender's name decides which line is the name; without it the line under the closing words does. Fax
    numbers are left out.
    """
    lines = _block(text, sender_name)
    if not lines:
        return Signature()
    start, block = lines[0][0], text[lines[0][0] :]
    phones = _phones(block, start, region_of(zone, language))
    emails = [Part("email", value, start + a, start + b) for value, a, b in emails_in(block)]
    pieces = [piece for line in lines for piece in _pieces(*line)]
    named = _name(pieces, sender_name, sender_email)
    rest = [piece for piece in pieces if piece != named and not _is_contact_line(piece[1])]
    role = _first(rest, "role", lambda words: is_role(words) and not is_company_name(words))
    company = _first(rest, "company", is_company_name)
    address = _first(rest, "address", lambda words: bool(_ADDRESS.search(fold(words))))
    name = Part("name", named[1], named[0], named[0] + len(named[1])) if named else None
    return _signature(name, role, company, phones, emails, address)


def _signature(
    name: Part | None,
    role: Part | None,
    company: Part | None,
    phones: list[Part],
    emails: list[Part],
    address: Part | None,
) -> Signature:
    parts = [part for part in (name, role, company, address, *phones, *emails) if part]
    return Signature(
        name=name.value if name else None,
        role=role.value if role else None,
        company=company.value if company else None,
        phones=tuple(dict.fromkeys(part.value for part in phones)),
        emails=tuple(dict.fromkeys(part.value for part in emails)),
        address=address.value if address else None,
        parts=tuple(sorted(parts, key=lambda part: part.start)),
    )


Line = tuple[int, str]


def _block(text: str, sender_name: str) -> list[Line]:
    """The lines below the closing words or the two dashes; else from the line that is the sender's name."""
    lines = [line for line in _lines(text) if line[1]][-40:]
    for number in range(len(lines) - 1, -1, -1):
        if lines[number][1] in ("--", "-- ", "—") or _CLOSING.fullmatch(fold(lines[number][1][:60])):
            return lines[number + 1 :][:READ_LINES]
    tail = lines[-READ_LINES:]
    known = next((n for n, line in enumerate(tail) if sender_name and _same_name(line[1], sender_name)), None)
    if known is not None:
        return tail[known:]
    return (
        tail
        if len(lines) <= 8 and any(is_role(words) or is_company_name(words) for _, words in tail if len(words) < 60)
        else []
    )


def _lines(text: str) -> list[Line]:
    place, found = max(0, len(text) - 6000), []
    place = text.rfind("\n", 0, place) + 1
    for line in text[place:].split("\n"):
        found.append((place + len(line) - len(line.lstrip()), line.strip()))
        place += len(line) + 1
    return found


def _pieces(start: int, line: str) -> list[Line]:
    """The parts of a line that says several things: `Petra Lang | Objektleiterin | Kurz GmbH`."""
    pieces, place = [], 0
    for mark in _SEPARATOR.finditer(line):
        pieces.append((start + place, line[place : mark.start()]))
        place = mark.end()
    pieces.append((start + place, line[place:]))
    return [piece for part in pieces for piece in _comma_pieces(*part)]


def _comma_pieces(start: int, words: str) -> list[Line]:
    """`Dana Whitlock, Property Manager` is two things; `Property Manager, Northern Region` is one."""
    before, comma, after = words.partition(", ")
    if comma and is_role(after) and not is_role(before) and not is_company_name(before) and len(before.split()) <= 4:
        return [(start, before), (start + len(before) + 2, after)]
    return [(start, words)] if words.strip() else []


def _same_name(line: str, sender_name: str) -> bool:
    words, sender = set(re.findall(r"\w+", fold(line[:60]))), set(re.findall(r"\w+", fold(sender_name)))
    return (
        bool(words)
        and len(words) <= 6
        and len(words & sender) >= min(2, len(sender), len(words))
        and bool(words & sender)
    )


def _name(pieces: list[Line], sender_name: str, sender_email: str) -> Line | None:
    for piece in pieces[:8]:
        if _looks_like_name(piece[1]) and (_same_name(piece[1], sender_name) or _in_address(piece[1], sender_email)):
            return piece
    first = pieces[0] if pieces else None
    return first if first and not sender_name and _looks_like_name(first[1]) else None


def _in_address(words: str, email: str) -> bool:
    local = fold(email.partition("@")[0])
    return any(len(word) > 2 and word in local for word in fold(words).split())


def _looks_like_name(words: str) -> bool:
    parts = words.split()
    plain = not any(sign.isdigit() or sign in "@:/" for sign in words)
    return plain and 1 <= len(parts) <= 5 and not is_company_name(words) and not is_role(words)


def _is_contact_line(words: str) -> bool:
    return len(words) > 80 or "@" in words or bool(_LABEL.match(words)) or words.lower().startswith(("www.", "http"))


def _first(pieces: list[Line], kind: str, fits: Callable[[str], bool]) -> Part | None:
    found = next((piece for piece in pieces if fits(piece[1])), None)
    return Part(kind, found[1].strip(" ,"), found[0], found[0] + len(found[1].rstrip(" ,"))) if found else None


def _phones(block: str, start: int, region: str) -> list[Part]:
    return [
        Part("phone", phone.number, start + phone.start, start + phone.end)
        for phone in phones_in(block[:3000], region)
        if not _FAX.search(fold(block[max(0, phone.start - 12) : phone.start]).rpartition("\n")[2])
        and not re.match(r" ?\(?(?:fax|faks)", fold(block[phone.end : phone.end + 8]))
    ]
