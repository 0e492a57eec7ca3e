"""The built-in SMTP receiver: listens on a loopback address for mail to capture addresses.

It answers 250 only after the raw bytes were committed, and 4xx whenever it couldn't do that, so that the sender keeps
the mail and tries again. It never answers 500 for a fault of its own: that would bounce the mail.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections, connection
from django.utils.translation import gettext as _

from baton.capture.addresses import Recipient, recipient_of
from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.trust import SECRET_ADDRESS
from baton.channels.email.adapter import EMAIL
from baton.kernel.clock import now

log = logging.getLogger(__name__)
MOST_BYTES = 50 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
MOST_HOPS = 50
"""More Received lines than this, and the mail runs in a circle (RFC 5321, 6.3)."""
MOST_RECIPIENTS = 100
Answer = TypeVar("Answer")
ACCEPTED = "250 2.0.0 Kept."
LATER = "451 4.3.0 Baton can't keep the message right now. Try again later."
NO_SPACE = "452 4.3.1 There is no space left to keep the message. Try again later."
LOOP = "554 5.4.6 The message has been passed on too often: it runs in a circle."


class Server(SMTP):
    """aiosmtpd's server, taking the long lines that mail programs do write."""

    line_length_limit = LONGEST_LINE


class Handler:
    """What happens at each step of a conversation. The database is asked in one thread of its own."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self.asking = ThreadPoolExecutor(1, "baton-receive")

    async def ask(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """Call something that asks the database, while the conversation waits and others go on."""
        return await asyncio.get_running_loop().run_in_executor(self.asking, _with_connection, work, *args)

    def close(self) -> None:
        """End the thread, and its connection with it."""
        self.asking.submit(connection.close)
        self.asking.shutdown()

    async def handle_RCPT(  # noqa: N802
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take only addresses that capture; anything else is refused here, before any content."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients in one message."
        if await self.ask(recipient_of, address) is None:
            return "550 5.1.1 " + _("No one here has that address.")
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the bytes, then acknowledge."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        if hops(content) > MOST_HOPS:
            return LOOP
        try:
            await self.ask(
                keep, envelope.mail_from or "", list(envelope.rcpt_tos), content, _peer(session), self.clock()
            )
        except Exception as why:  # noqa: BLE001 - whatever went wrong, the sender must keep the mail
            return answer_to(why)
        return ACCEPTED

    async def handle_exception(self, error: Exception) -> str:
        """Answer for what went wrong outside of DATA; aiosmtpd's own answer would bounce the mail."""
        return answer_to(error)


def answer_to(error: Exception) -> str:
    """Return the temporary refusal for a fault of ours, and log it."""
    log.error("mail could not be kept: %s", error, exc_info=error)
    return NO_SPACE if is_out_of_space(error) else LATER


def is_out_of_space(error: BaseException) -> bool:
    """Whether the disk is full: for the file store, or for the database."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    return isinstance(error, DatabaseError) and ("disk is full" in str(error) or "No space left" in str(error))


def _with_connection(work: Callable[..., Answer], *args: Any) -> Answer:
    close_old_connections()
    return work(*args)


def keep(sender: str, recipients: list[str], content: bytes, peer: str, at: datetime) -> None:
    """Commit one message for each of its recipients, all or nothing. Sent again it is the same delivery."""
    digest = hashlib.sha256(content).hexdigest()
    found = [known for known in (recipient_of(address) for address in recipients) if known]
    if not found:
        raise LookupError("every recipient lost their address between RCPT and DATA")
    ingest_many([_incoming(one, sender, content, digest, peer) for one in found], at=at)


def _incoming(one: Recipient, sender: str, content: bytes, digest: str, peer: str) -> Incoming:
    evidence = {"via": "smtp", "peer": peer, "mail_from": sender} | (SECRET_ADDRESS if one.member else {})
    key = f"smtp:{hashlib.sha256(one.address.lower().encode()).hexdigest()[:32]}:{digest}"
    return Incoming(
        EMAIL,
        key,
        content,
        as_member=one.member,
        desk=one.desk.id if one.desk else "",
        recipient=one.address.lower(),
        sender=sender,
        evidence=evidence,
    )


def hops(content: bytes) -> int:
    """Return how many servers say that they passed the message on."""
    head = content.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0].lower()
    return head.count(b"\nreceived:") + head.startswith(b"received:")


def _peer(session: Session) -> str:
    return str(session.peer[0]) if session.peer else ""


class Receiver(Controller):
    """The receiver in a thread of its own. `start()` returns once it listens, `stop()` once it doesn't."""

    def __init__(self, host: str = "127.0.0.1", port: int = 8025, clock: Callable[[], datetime] = now) -> None:
        super().__init__(Handler(clock), hostname=host, port=port)

    def factory(self) -> Server:
        """Return the server of one conversation."""
        return Server(
            self.handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, ident="Baton", hostname="localhost"
        )

    def _trigger_server(self) -> None:
        """Try the door once it is open; asked for port 0 it has taken a free one, and says so in `port`."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def stop(self, no_assert: bool = False) -> None:
        """Stop listening, and let go of the database."""
        super().stop(no_assert=no_assert)
        self.handler.close()
