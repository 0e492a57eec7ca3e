"""What is handed to `record()`: who writes, what they say, and interactions that are new."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

from baton.kernel.ids import uuid7
from baton.members.models import Member

Key = tuple[str, UUID]
"""A record: its kind and its id."""


PROGRAM = "program:"
"""Begins the `reader` of a fact that a program recorded for somebody; its name follows."""
_program: ContextVar[str] = ContextVar("program", default="")


@contextmanager
def through(program: str) -> Generator[None]:
    """Have every fact that is recorded within say which program it came through, whichever verb records it."""
    token = _program.set(f"{PROGRAM}{program}"[:40])
    try:
        yield
    finally:
        _program.reset(token)


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: a member through a channel, or a channel by itself (then `member` is None).

    `program` is what a member let write for them; it becomes the reader of facts that name no other.
    """

    member: Member | None
    channel: str = "screen"
    program: str = field(default_factory=_program.get)

    @classmethod
    def baton(cls) -> Self:
        """Return Baton itself, following a rule of the map."""
        return cls(None, "baton")


@dataclass(slots=True)
class Entry:
    """One fact to record. `happened_at` is when it became so, the time of recording unless told.

    `key` is the source's own id: an entry whose key is known already is left out, without an error.
    `settles` is the suggestion this confirms, changes or dismisses; `replaces` the fact it corrects.
    """

    kind: str
    record_id: UUID
    field: str
    value: Any
    status: str = "confirmed"
    happened_at: datetime | None = None
    interaction_id: UUID | None = None
    words: str = ""
    span: tuple[int, int] | None = None
    reader: str = ""
    confidence: float | None = None
    because: str = ""
    key: str | None = None
    settles: UUID | None = None
    replaces: UUID | None = None


@dataclass(slots=True)
class NewInteraction:
    """Something that happened with a customer, to be recorded once (by `fingerprint`) with its text and files.

    `filed` is where it belongs: {"contact", "company", "deal": ids or None, "audience", "because"}; leave it
    None for what waits in Inbox, with `unfiled_because` saying why. `holders` are the members whose own channel
    brought it. `files` are (name, content type, size in bytes, sha256, inline, content id).
    `parts` may hold "to", "cc", "message_id", "documents" ([{"kind", "number"}]), "language", "html".
    """

    kind: str
    direction: str
    channel: str
    happened_at: datetime
    subject: str = ""
    text: str = ""
    quoted: str = ""
    signature: str = ""
    from_name: str = ""
    from_address: str = ""
    author: Member | None = None
    fingerprint: str | None = None
    thread: UUID | None = None
    live: bool = True
    automatic: str = ""
    trust: str = "unverified"
    minutes: int | None = None
    parts: dict[str, Any] = field(default_factory=dict)
    holders: tuple[UUID, ...] = ()
    files: tuple[tuple[str, str, int, str, bool, str], ...] = ()
    filed: dict[str, Any] | None = None
    unfiled_because: str = ""
    id: UUID = field(default_factory=uuid7)


def runs(entries: Iterable[Entry]) -> Iterator[tuple[Key, list[Entry]]]:
    """Yield (kind, id) and its entries for each run of entries about one record, in their order."""
    for key, theirs in groupby(entries, attrgetter("kind", "record_id")):
        yield key, list(theirs)


def said(kind: str, record_id: UUID, /, **values: Any) -> list[Entry]:
    """Return one confirmed entry for each named field: `said("deal", id, stage="quoted", amount={…})`."""
    return [Entry(kind, record_id, name, value) for name, value in values.items()]
