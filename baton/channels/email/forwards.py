"""The message that somebody passed on inside the text of their own."""

import re

from baton.channels.email.addresses import read_address, read_addresses
from baton.channels.email.history import Lines, Mark, find_marks
from baton.channels.email.message import Forwarded, QuotedMessage
from baton.channels.email.phrases import QUOTE_SIGNS
from baton.channels.email.subjects import says_forward, says_reply

MAILTO = re.compile(r"\[(?:mailto:)?([^\[\]\s]+@[^\[\]\s]+)\]|<mailto:[^<>]*>", re.IGNORECASE)
MOST_QUOTED_MESSAGES = 50


def read_forward(text: str, subject: str | None = None, *, answers: bool = False) -> Forwarded | None:
    """The outermost forwarded message, or None.

    `subject` is None where it isn't known. `answers` says that the mail has an In-Reply-To: then a header block
    without the word "forwarded" is the history of a reply.
    """
    lines = Lines(text)
    return forward_in(lines, find_marks(lines), subject, answers=answers)


def forward_in(lines: Lines, marks: list[Mark], subject: str | None, *, answers: bool) -> Forwarded | None:
    mark = forward_mark(marks, subject, answers=answers)
    if mark is None:
        return None
    return Forwarded(
        from_=read_address(_plain_addresses(mark.from_)),
        to=read_addresses(_plain_addresses(mark.to)),
        cc=read_addresses(_plain_addresses(mark.cc)),
        subject=mark.subject,
        date_raw=mark.date,
        text=_unquoted("\n".join(lines.texts[mark.end :])),
        comment="\n".join(lines.texts[: mark.start]).strip(" \t\n\ufeff"),
    )


def forward_mark(marks: list[Mark], subject: str | None, *, answers: bool) -> Mark | None:
    """The first mark that stands for a forward, and not below the history of a reply."""
    if subject is not None and says_forward(subject):
        allowed = ("forward", "original", "headers", "notes", "wrote")
    elif answers or (subject is not None and (not subject.strip() or says_reply(subject))):
        return marks[0] if marks and marks[0].shape == "forward" else None
    else:
        allowed = ("forward", "original", "headers")
    return next((mark for mark in marks[:1] if mark.shape in allowed), None)


def quoted_messages(marks: list[Mark]) -> tuple[QuotedMessage, ...]:
    """The earlier messages that the marks stand for, newest first as they stand in the text."""
    found = (
        QuotedMessage(from_=read_address(_plain_addresses(mark.from_)), subject=mark.subject, date_raw=mark.date)
        for mark in marks[:MOST_QUOTED_MESSAGES]
    )
    return tuple(each for each in found if each.from_ or each.subject or each.date_raw)


def _plain_addresses(value: str) -> str:
    return MAILTO.sub(lambda found: f"<{found[1]}>" if found[1] else "", value)


def _unquoted(text: str) -> str:
    """The body without the quote signs or the indentation that the forwarding program put in front."""
    lines = [line.rstrip() for line in text.split("\n")]
    filled = [line for line in lines if line.strip()]
    if filled and filled[0].lstrip()[:1] in (">", "|"):
        lines = [QUOTE_SIGNS.sub("", line, count=1) if line.lstrip()[:1] in (">", "|") else line for line in lines]
    elif filled and all(line.startswith("    ") for line in filled):
        lines = [line[4:] for line in lines]
    return "\n".join(lines).strip("\n ")
