"""One card of an address book, as plain values; knows no Django, so that the limited child can hand it back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value with what it is for: `work`, `cell`, `home fax`, or the owner's own word; empty where nothing says."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A postal address in its parts; empty where the source gives none."""

    street: str = ""
    city: str = ""
    region: str = ""
    code: str = ""
    country: str = ""
    box: str = ""
    more: str = ""
    label: str = ""

    def __str__(self) -> str:
        town = " ".join(part for part in (self.code, self.city) if part)
        return ", ".join(part for part in (self.box, self.more, self.street, town, self.region, self.country) if part)


@dataclass(slots=True)
class Card:
    """A person or an organisation. `name` is the whole name as written; the parts may all be empty.

    `problem` says in a sentence why nothing can be kept of it; `raw` is the card as it came, and `digest` its SHA-256.
    """

    name: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    prefix: str = ""
    suffix: str = ""
    nickname: str = ""
    organisation: str = ""
    department: str = ""
    job: str = ""
    emails: tuple[Labelled, ...] = ()
    phones: tuple[Labelled, ...] = ()
    places: tuple[Place, ...] = ()
    urls: tuple[Labelled, ...] = ()
    birthday: str = ""
    note: str = ""
    groups: tuple[str, ...] = ()
    uid: str = ""
    version: str = ""
    is_organisation: bool = False
    problem: str = ""
    raw: bytes = field(default=b"", repr=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()
