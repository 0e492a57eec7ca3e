"""A letter from Baton: its page in text and HTML, its address to answer at, and its way into the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from baton.capture import outbox
from baton.capture.ingesting import keep_raw
from baton.channels.email.composing import Enclosed, Letter, new_message_id, undated
from baton.channels.email.sending import SENDING, Written, connection_of, operator_sends
from baton.channels.letters.models import MemberLetter
from baton.channels.letters.tokens import address_with, digest_of, new_token
from baton.kernel.writer import writing
from baton.map.founding import business_name


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a letter. `number` is what it is answered by, None where it isn't."""

    what: str
    because: str = ""
    due: str = ""
    number: int | None = None
    href: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a letter says: its subject, one sentence, things under headings, how to answer, and a last line."""

    subject: str
    lead: str
    groups: Sequence[tuple[str, Sequence[Item]]] = ()
    hint: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Going:
    """How a letter goes: whether it answers one, and what marks it as automatic (RFC 3834)."""

    answers: str = ""
    references: Sequence[str] = ()
    submitted: str = "auto-generated"
    headers: Sequence[tuple[str, str]] = field(default_factory=tuple)


def link(path: str) -> str:
    """Return a page of ours as a link, empty where nobody said at which address people use Baton."""
    return f"{settings.BATON_URL.rstrip('/')}{path}" if settings.BATON_URL else ""


def post(
    letter: MemberLetter, page: Page, at: datetime, going: Going | None = None, files: Sequence[Enclosed] = ()
) -> None:
    """Put a letter in the outbox, to be answered at an address of its own; written twice it goes out once."""
    going = going or Going()
    token = new_token()
    sender = sender_of_letters()
    letter.sent_to, letter.token, letter.subject = letter.member.email.lower(), digest_of(token), page.subject[:300]
    letter.message_id, letter.due_at = new_message_id(sender[1]), None
    raw = undated(_mail(letter, page, going, sender, token, files))
    with writing():
        letter.save()
        written = Written(sender[1], [letter.sent_to], letter.message_id, letter.subject, {})
        key = f"letter:{hashlib.sha256(letter.key.encode()).hexdigest()}"
        outbox.put(SENDING, key, to=letter.sent_to, body=written.as_body(), at=at, raw_id=keep_raw(raw))


def _mail(
    letter: MemberLetter, page: Page, going: Going, sender: tuple[str, str], token: str, files: Sequence[Enclosed]
) -> Letter:
    context = {"page": page, "business": business_name(), "settings": link("/settings/")}
    return Letter(
        sender,
        [(letter.member.name, letter.sent_to)],
        page.subject,
        render_to_string("baton/letters/letter.txt", context),
        html=render_to_string("baton/letters/letter.html", context),
        answers=going.answers,
        references=going.references,
        files=files,
        reply_to=address_with(token),
        headers=[("Auto-Submitted", going.submitted), ("X-Auto-Response-Suppress", "All"), *going.headers],
        message_id=letter.message_id,
    )


def sender_of_letters() -> tuple[str, str]:
    """Return as whom Baton writes: the business's own connection, else what the operator set up (`BATON_FROM`)."""
    connection = connection_of(None)
    user = str(connection.settings.get("user", "")) if connection else ""
    address = user if "@" in user else settings.DEFAULT_FROM_EMAIL
    return (f"Baton, {business_name()}", address.rpartition("<")[2].strip("> "))


def can_post() -> bool:
    """Whether there is anything to send Baton's own mail through."""
    return operator_sends() or connection_of(None) is not None
