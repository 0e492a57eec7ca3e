"""Writing a mail: from who writes, to whom, with what it answers, to the bytes that go out. Pure, without Django.

The Date is put in front when it is sent, so that a mail that waited says when it really left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

MOST_REFERENCES = 20
LONGEST_HEADER_TEXT = 300


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file that goes along."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail before it is bytes. People are (name, address) pairs; `headers` are added as they are.

    `answers` is the Message-ID that it replies to, `references` the ids of the conversation before that, oldest first.
    `calendar` is the invitation that it is, with its method (RFC 6047).
    """

    sender: tuple[str, str]
    to: Sequence[tuple[str, str]]
    subject: str
    text: str
    cc: Sequence[tuple[str, str]] = ()
    html: str = ""
    answers: str = ""
    references: Sequence[str] = ()
    files: Sequence[Enclosed] = ()
    reply_to: str = ""
    headers: Sequence[tuple[str, str]] = ()
    message_id: str = ""
    calendar: bytes = field(default=b"", repr=False)
    calendar_method: str = ""


def new_message_id(sender: str) -> str:
    """Return a Message-ID in the domain of who sends."""
    return make_msgid(domain=sender.rpartition("@")[2] or "localhost")


def undated(letter: Letter) -> bytes:
    """Return the mail as it goes out, all but its Date: CRLF lines, headers in ASCII (RFC 5322, 2047)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(letter.sender)
    mail["To"] = [_address(one) for one in letter.to]
    if letter.cc:
        mail["Cc"] = [_address(one) for one in letter.cc]
    if letter.reply_to:
        mail["Reply-To"] = letter.reply_to
    mail["Subject"] = _one_line(letter.subject)[:LONGEST_HEADER_TEXT]
    mail["Message-ID"] = letter.message_id or new_message_id(letter.sender[1])
    _continue(mail, letter)
    for name, value in letter.headers:
        mail[name] = _one_line(value)
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        mail.make_alternative()
        params = {"method": letter.calendar_method}
        mail.add_alternative(letter.calendar.decode(), subtype="calendar", params=params)
    for enclosed in letter.files:
        _enclose(mail, enclosed)
    return mail.as_bytes()


def dated(raw: bytes, at: datetime) -> bytes:
    """Return an undated mail with the moment at which it is sent in front."""
    return b"Date: " + format_datetime(at).encode("ascii") + b"\r\n" + raw


def _continue(mail: EmailMessage, letter: Letter) -> None:
    """Say which mail it answers (RFC 5322, 3.6.4), so that every mail program keeps the conversation together."""
    if not letter.answers:
        return
    before = [one for one in letter.references if one != letter.answers]
    mail["In-Reply-To"] = _angled(letter.answers)
    mail["References"] = " ".join(_angled(one) for one in (*before[-MOST_REFERENCES:], letter.answers))


def _angled(message_id: str) -> str:
    return f"<{_one_line(message_id).strip('<>')}>"


def _enclose(mail: EmailMessage, enclosed: Enclosed) -> None:
    main, _slash, sub = enclosed.content_type.partition("/")
    if not sub or main in {"multipart", "message"} or not enclosed.content_type.isascii():
        main, sub = "application", "octet-stream"
    name = _one_line(enclosed.name)
    mail.add_attachment(enclosed.content, maintype=main, subtype=sub.partition(";")[0].strip(), filename=name)


def _address(person: tuple[str, str]) -> Address:
    name, address = person
    return Address(_one_line(name), addr_spec=address)


def _one_line(text: str) -> str:
    """Leave out what could begin another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
