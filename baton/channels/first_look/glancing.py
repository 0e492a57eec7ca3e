"""What a first look takes from one message: who, to whom, when, about what. Runs in the limited child; no Django."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from baton.capture.grammar.courtesy import is_bare_thanks
from baton.capture.grammar.documents import read_document
from baton.channels.email.message import Address, MailMessage
from baton.channels.email.reading import read_mail
from baton.channels.email.subjects import says_forward, says_reply, subject_stem

MOST_NAMED = 20
MOST_REFERENCES = 20
SURE_ENOUGH = 0.6
MEETS = (
    "meeting", "visit", "appointment", "survey", "besprechung", "termin", "ortstermin", "besichtigung", "sastanak",
    "posjet", "obilazak", "termin",
)  # fmt: skip
"""Words of a heading that speak of a meeting, in English, German and Croatian."""


class Someone(NamedTuple):
    """A person of a message."""

    name: str
    email: str


class Note(NamedTuple):
    """One message as a first look keeps it, in memory only. `about` are kinds of paper, and "meeting"."""

    sender: Someone
    to: tuple[Someone, ...]
    cc: tuple[Someone, ...]
    at: datetime | None
    subject: str
    stem: str
    own_id: str
    answers: tuple[str, ...]
    is_reply: bool
    is_forward: bool
    is_machine: bool
    is_thanks: bool
    about: tuple[str, ...]


def glance(raw: bytes) -> Note:
    """Read one message, or only its head. Raises `Unreadable` where there is nothing to read."""
    mail = read_mail(raw)
    return Note(
        _someone(mail.from_),
        _people(mail.to),
        _people(mail.cc),
        mail.date,
        mail.subject[:200],
        " ".join(subject_stem(mail.subject).casefold().split())[:200],
        mail.message_id,
        tuple(
            dict.fromkeys(each for each in (mail.in_reply_to, *reversed(mail.references[-MOST_REFERENCES:])) if each)
        ),
        says_reply(mail.subject) or bool(mail.in_reply_to),
        says_forward(mail.subject) or bool(mail.forwarded),
        mail.kind != "person",
        bool(mail.own_text) and is_bare_thanks(mail.own_text, [mail.from_.name if mail.from_ else ""]),
        tuple(dict.fromkeys(_about(mail))),
    )


def _someone(address: Address | None) -> Someone:
    return Someone(address.name[:100], address.email) if address else Someone("", "")


def _people(found: Iterable[Address]) -> tuple[Someone, ...]:
    return tuple(_someone(each) for each in list(found)[:MOST_NAMED] if each.email)


def _about(mail: MailMessage) -> Iterable[str]:
    names = [each.name for each in mail.attachments if not each.inline][:MOST_NAMED]
    told = [read_document(name, mail.subject) for name in names] or [read_document("", mail.subject)]
    yield from (each.kind for each in told if each and each.confidence >= SURE_ENOUGH and (names or not _passes(mail)))
    planned = mail.calendar_parts or any(name.lower().endswith(".ics") for name in names)
    if planned or any(word in mail.subject.casefold() for word in MEETS):
        yield "meeting"


def _passes(mail: MailMessage) -> bool:
    """A reply carries its subject along: only what begins a conversation is about it."""
    return says_reply(mail.subject) or says_forward(mail.subject) or bool(mail.in_reply_to)
