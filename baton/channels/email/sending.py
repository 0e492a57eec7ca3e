"""Sending a mail that lies in the outbox: through the member's own server, the business's, or the operator's.

Until the other side has taken the whole message nothing has happened, and it is tried again. When the line breaks
after the last byte nobody knows, and a person decides.
"""

from __future__ import annotations

import smtplib
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.capture import connections, outbox
from baton.capture.channels import Channel, Line, register
from baton.capture.ingesting import ingest, kept_raw
from baton.capture.models import Connection, Outgoing
from baton.capture.outbox import PerhapsSent
from baton.capture.reading import process
from baton.capture.trust import MAILBOX
from baton.channels.email.adapter import EMAIL
from baton.channels.email.composing import dated
from baton.channels.email.submission import (
    Account,
    NotLetIn,
    Session,
    account_of,
    errand,
    opened,
    returned,
    try_out,
)
from baton.kernel.connecting import Unreachable
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.members.models import Member
from baton.work import notes

SENDING = "sending"
CALLER = "capture"
SMTP_BACKEND = "baton.kernel.mailing.CheckedBackend"


def register_sending() -> None:
    """Let mail be sent, and its copy be kept once it was; called once at start."""
    line = Line(
        gettext_lazy("Sending mail"),
        gettext_lazy("Baton sends through your own mail server, in your name: replies, quotes and what you schedule."),
        "baton.channels.email.submitting.SubmissionForm",
        try_out,
        own=True,
        guide="baton/channels/guides/sending.html",
        icon="send",
        errand=errand,
        returned=returned,
    )
    register(Channel(SENDING, line=line, send=send))
    outbox.after_sending(SENDING, keep_copy)


# Through what


def connection_of(member: Member | None) -> Connection | None:
    """Return through what a member's mail goes out: their own connection, else the business's."""
    rows = Connection.objects.unscoped(CALLER).of(SENDING).on()
    mine = rows.filter(member=member).first() if member else None
    return mine or rows.filter(member=None).first()


def can_send(member: Member | None = None) -> bool:
    """Whether there is anything to send this member's mail (or, for None, Baton's own) through."""
    return operator_sends() or connection_of(member) is not None


def operator_sends() -> bool:
    """Whether whoever runs Baton set up a mail server (`BATON_SMTP_HOST`) or another way of sending."""
    return settings.MAIL_IS_SET_UP or settings.EMAIL_BACKEND != SMTP_BACKEND


def _account(connection: Connection | None, at: datetime) -> Account | None:
    """Return the account to send through; None where the operator's own way of sending is none by SMTP."""
    if connection is not None:
        return account_of(connection, at)
    if not operator_sends():
        raise Refusal(_("There is no mail server to send through any more. Connect yours under Channels."))
    if settings.EMAIL_BACKEND != SMTP_BACKEND:
        return None
    security = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
    told = (settings.EMAIL_HOST, settings.EMAIL_PORT, security, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    return Account(*told)


# Sending


def send(outgoing: Outgoing, at: datetime) -> str:
    """Send one mail; return its Message-ID. `Refusal` means never, `OSError` later, `PerhapsSent` that nobody knows."""
    raw = dated(kept_raw(str(outgoing.raw_id)), at)
    connection = connection_of(outgoing.member)
    with _health_of(connection, at), _later_when_unreachable():
        account = _account(connection, at)
        if account is not None:
            _hand_in(account, outgoing, raw)
            return outgoing.body["message_id"]
    get_connection().send_messages([_AsWritten(raw, outgoing.body["sender"], list(outgoing.body["recipients"]))])
    return outgoing.body["message_id"]


def _hand_in(account: Account, outgoing: Outgoing, raw: bytes) -> None:
    with opened(account) as server:
        refused = _transmit(server, outgoing.body["sender"], list(outgoing.body["recipients"]), raw)
    if refused:
        outgoing.body = outgoing.body | {"refused": refused}


@contextmanager
def _health_of(connection: Connection | None, at: datetime) -> Generator[None]:
    """Have the page Channels say whether a connection works; what a recipient's server refuses is no fault of it."""
    try:
        yield
    except NotLetIn as why:
        if connection is not None:
            connections.failed(connection, why.sentence, at)
        raise
    if connection is not None:
        connections.heard(connection, at)


@contextmanager
def _later_when_unreachable() -> Generator[None]:
    try:
        yield
    except Unreachable as why:
        raise OSError(why.sentence) from why


def _transmit(server: Session, sender: str, recipients: Sequence[str], raw: bytes) -> dict[str, str]:
    """Hand the mail over; return who was refused, where somebody else was taken."""
    options = ["body=8bitmime"] if server.has_extn("8bitmime") else []
    _taken(*server.mail(sender, options))
    refused: dict[str, str] = {}
    for address in recipients:
        code, answer = server.rcpt(address)
        if code not in (250, 251):
            refused[address] = _words(code, answer)
            last = (code, answer)
    if len(refused) == len(recipients):
        _taken(*last)
    _hand_over(server, raw)
    return refused


def _hand_over(server: Session, raw: bytes) -> None:
    try:
        code, answer = server.data(raw)
    except smtplib.SMTPDataError as why:
        code, answer = why.smtp_code, _bytes(why.smtp_error)
    except OSError as why:
        raise PerhapsSent(_("The line broke while it was handed over: it may have arrived.")) from why
    _taken(code, answer)


def _taken(code: int, answer: bytes) -> None:
    """Raise what an answer means: 4xx is for later, 5xx for good (RFC 5321, 4.2.1)."""
    if 200 <= code < 300:
        return
    if 500 <= code < 600:
        raise Refusal(_("The mail server refused it: %(why)s") % {"why": _words(code, answer)})
    raise OSError(_words(code, answer))


def _words(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"[:300]


def _bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer


class _AsWritten(EmailMessage):
    """The very bytes, for a way of sending that isn't SMTP (a file, a test's list)."""

    def __init__(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        read = message_from_bytes(raw, policy=policy.default)
        body = read.get_body(("plain",))
        super().__init__(str(read["Subject"]), body.get_content() if body else "", str(read["From"]), recipients)
        self.raw, self.envelope = raw, sender

    def message(self, *, policy: Any = policy.SMTP) -> Any:
        return message_from_bytes(self.raw, policy=policy)


# What follows


@dataclass(frozen=True, slots=True)
class Written:
    """What the body of an outgoing mail holds: who sends, who gets it, its id, and what was typed."""

    sender: str
    recipients: list[str]
    message_id: str
    subject: str
    typed: dict[str, Any]

    def as_body(self) -> dict[str, Any]:
        """Return it as the outbox keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}


def keep_copy(outgoing: Outgoing, at: datetime) -> None:
    """Take the very bytes that were sent through the same door as all mail, and file them on their deal.

    Baton's own mail (digests, notices) leaves no copy: it is no interaction with a customer.
    """
    if outgoing.deal_id is None or outgoing.member is None:
        return
    raw = dated(kept_raw(str(outgoing.raw_id)), outgoing.sent_at or at)
    evidence = MAILBOX | {"deal": str(outgoing.deal_id)}
    delivery = ingest(EMAIL, f"sent:{outgoing.sent_as}", raw, at=at, as_member=outgoing.member, evidence=evidence)
    process([delivery], at=at)
    _file_here(outgoing, delivery.pk, at)


def _file_here(outgoing: Outgoing, delivery: Any, at: datetime) -> None:
    """Where the same mail came in by another way first, it was filed by the rules: here is where it belongs."""
    assert outgoing.member is not None
    row = Interaction.objects.visible_to(outgoing.member).filter(deliveries=delivery).first()
    if row is None or (row.deal_id == outgoing.deal_id and row.audience == "full"):
        return
    deal = Deal.objects.unscoped(CALLER).get(pk=outgoing.deal_id)
    filed = notes.filed_on(deal)
    filed["contact"] = str(row.contact_id) if row.contact_id else filed["contact"]
    record(said("interaction", row.pk, filed=filed), by=Author(outgoing.member), at=at)
