"""What one delivery says, whatever channel brought it: plain values, so that the limited child can hand it back.

This module and what it imports know no Django.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from baton.capture.grammar.reading import Reading
from baton.capture.grammar.signatures import Signature


@dataclass(frozen=True, slots=True)
class Party:
    """One person of a message. `address` is a mail address in lower case, or a phone number in E.164 (`+447700900123`);
    empty where only a name was given.
    """

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The domain of a mail address; a phone number has none."""
        return self.address.rpartition("@")[2] if "@" in self.address else ""


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """One file that came attached; `size` in bytes."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes = field(repr=False)
    inline: bool
    content_id: str


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that the other side keeps for a while: a photo, a recording. It is fetched once the message is recorded.

    `key` names it for good; `where` is what its channel needs to fetch it.
    """

    key: str
    name: str
    content_type: str
    where: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """What the other side says of something that stands recorded already: delivered, edited, deleted, recorded.

    `about` is the digest of that message's own id, `key` names what is said, so that it counts once. `what` is the
    field of the interaction that it sets, to `value`. `patient` tells it to wait for a message that isn't there yet.
    With `what` = "number" a customer's number changed from `about` (the old one) to `value`. With an empty `about`
    it concerns the account, and `value` is a sentence for whoever looks after the connection.
    """

    key: str
    about: str
    what: str
    value: Any
    at: datetime | None = None
    files: tuple[WantedFile, ...] = ()
    patient: bool = True


@dataclass(slots=True)
class Arrival:
    """One message as read: who, to whom, when, which words, and what the grammar found in them.

    `claimed` is the address that the transport's evidence speaks for (the From header as it came), `sender` whoever
    wrote. `ids` are digests of its own id, `answers` digests of what it replies to, nearest first; `topic` is the
    digest of subject and participants, empty where the subject says nothing. `machine` is empty for a person's words,
    else what sent it, and `machine_because` the sign. `failed_for` are the addresses that a bounce is about.
    `was_delivered` says that a server delivered it into the mailbox: it isn't the copy that sending left there.
    `papers` are what the quotes and invoices among its files say on their face (`grammar.papers.Paper`, as values);
    `thanks` says that it is a bare thank-you, `pipelines` that a file of it is the pipeline as a spreadsheet.
    `passed_on` is the original inside a forward, with `comment` what was written above it. `ours` are addresses that
    the transport says are our own. `minutes` is how long a call lasted, `wanted` what is still to be fetched.
    `meeting` is what it tells of a meeting; `enclosed` are (channel, bytes) that another channel reads.
    """

    kind: str
    fingerprint: str
    sent_at: datetime | None = None
    subject: str = ""
    stem: str = ""
    text: str = ""
    quoted: str = ""
    signature: str = ""
    sender: Party | None = None
    claimed: str = ""
    reply_to: tuple[Party, ...] = ()
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    bcc: tuple[Party, ...] = ()
    ids: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    topic: str = ""
    is_reply: bool = False
    was_delivered: bool = False
    machine: str = ""
    machine_because: str = ""
    failed_for: tuple[str, ...] = ()
    files: tuple[ArrivedFile, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    papers: tuple[dict[str, Any], ...] = ()
    thanks: bool = False
    pipelines: tuple[dict[str, Any], ...] = ()
    language: str = "en"
    readings: tuple[Reading, ...] = ()
    signed: Signature | None = None
    passed_on: Arrival | None = None
    comment: str = ""
    ours: tuple[str, ...] = ()
    minutes: int | None = None
    wanted: tuple[WantedFile, ...] = ()
    parts: dict[str, Any] = field(default_factory=dict)
    meeting: dict[str, Any] | None = None
    enclosed: tuple[tuple[str, bytes], ...] = ()

    @property
    def parties(self) -> tuple[Party, ...]:
        """Everyone it was sent to."""
        return (*self.to, *self.cc, *self.bcc)
