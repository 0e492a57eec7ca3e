"""An IMAP client whose socket comes from the guarded connector, and whose failures are sentences."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from imapclient import IMAPClient, SocketTimeout, imap4, tls
from imapclient.exceptions import IMAPClientError, LoginError
from imapclient.imapclient import SENT

from baton.capture.staying import Ending
from baton.capture.trust import INBOX
from baton.capture.trust import SENT as SENT_FOLDER
from baton.kernel.connecting import SECONDS, connect, is_named
from baton.kernel.verdict import Refusal

READ_SECONDS = 60.0
WINDOW = 20_000
"""How many numbers are asked for in one search: its answer is one line, and lines have an end."""
HEADERS = (
    "FROM TO CC BCC REPLY-TO SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES RETURN-PATH AUTHENTICATION-RESULTS "
    "CONTENT-TYPE AUTO-SUBMITTED PRECEDENCE LIST-ID LIST-POST LIST-HELP LIST-UNSUBSCRIBE MAILING-LIST FEEDBACK-ID "
    "X-AUTOREPLY X-AUTORESPOND X-AUTO-REPLY X-AUTO-RESPONSE-SUPPRESS X-FAILED-RECIPIENTS X-MAILMAN-VERSION X-BEENTHERE "
    "X-CAMPAIGN X-MAILCHIMP-CAMPAIGN"
)
"""What is fetched of a message before it is decided whether it concerns anybody."""
GMAIL = "X-GM-EXT-1"


class NotLetIn(Refusal):
    """The server takes neither name nor credential; the sentence says what it answered."""


@dataclass(frozen=True, slots=True)
class Glance:
    """What is known of a message before its body is fetched. `head` are its header lines as they came."""

    uid: int
    head: bytes = field(repr=False)
    size: int
    arrived_at: datetime
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as it is now: the number that makes its numbering valid, and the one its next message gets."""

    name: str
    validity: int
    next: int


class _Plain(imap4.IMAP4WithTimeout):
    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return connect(self.host, self.port, seconds=timeout or SECONDS)


class _OverTls(tls.IMAP4_TLS):
    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        line = connect(self.host, self.port, seconds=timeout or SECONDS)
        return tls.wrap_socket(line, self.ssl_context, self.host)


class _Client(IMAPClient):
    def _create_IMAP4(self) -> Any:  # noqa: N802 - imapclient's name
        make = _OverTls if self.ssl else _Plain
        told = (self.ssl_context,) if self.ssl else ()
        return make(self.host, self.port, *told, self._timeout.connect)


class Mailbox:
    """A signed-in session with one mailbox. Nothing in it is changed: folders are opened read-only."""

    def __init__(self, client: IMAPClient) -> None:
        self.client = client
        self.labels_of_gmail = client.has_capability(GMAIL)
        self._sent: str | None = None

    def folders(self, sent: str = "") -> dict[str, str]:
        """Return Inbox and Sent by role; without Sent where the server has none."""
        if self._sent is None:
            self._sent = sent or self.client.find_special_folder(SENT) or ""
        found = self._sent
        return {INBOX: "INBOX"} | ({SENT_FOLDER: found} if found else {})

    def open(self, folder: str) -> Opened:
        """Open a folder to read in it."""
        told = self.client.select_folder(folder, readonly=True)
        return Opened(folder, int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT") or self._next()))

    def _next(self) -> int:
        there = self.client.search("ALL")
        return max(there, default=0) + 1

    def numbers(self, start: int, end: int) -> Iterator[int]:
        """Yield the numbers of the messages that are there, from `start` up to but not including `end`, in order."""
        for first in range(start, end, WINDOW):
            last = min(first + WINDOW, end) - 1
            yield from sorted(n for n in self.client.search(["UID", f"{first}:{last}"]) if first <= n <= last)

    def newer(self, start: int) -> list[int]:
        """Return the numbers from `start` on in the open folder; a server always tells the last one, too."""
        return sorted(n for n in self.client.search(["UID", f"{start}:*"]) if n >= start)

    def since(self, day: datetime) -> list[int]:
        """Return the numbers of what arrived on this day or later."""
        return sorted(self.client.search(["SINCE", day.date()]))

    def arrivals(self, day: datetime) -> list[tuple[int, datetime]]:
        """Return the numbers of what arrived on this day or later, each with the moment."""
        found = self.client.fetch(there, ["INTERNALDATE"]) if (there := self.since(day)) else {}
        return [(uid, told[b"INTERNALDATE"]) for uid, told in sorted(found.items()) if told.get(b"INTERNALDATE")]

    def with_id(self, message_id: str) -> list[int]:
        """Return the numbers of the messages with this Message-ID."""
        if not message_id.isascii() or '"' in message_id:
            return []
        return sorted(self.client.search(["HEADER", "Message-ID", f"<{message_id}>"]))

    def glance(self, uids: Iterable[int]) -> list[Glance]:
        """Fetch what tells of messages, without their bodies and without marking them as read."""
        wanted = [f"BODY.PEEK[HEADER.FIELDS ({HEADERS})]", "RFC822.SIZE", "INTERNALDATE", "FLAGS"]
        wanted += ["X-GM-LABELS"] if self.labels_of_gmail else []
        found = self.client.fetch(list(uids), wanted)
        return [_glance(uid, told) for uid, told in sorted(found.items()) if b"RFC822.SIZE" in told]

    def whole(self, uids: Iterable[int]) -> dict[int, bytes]:
        """Fetch messages as they are, without marking them as read; what is gone meanwhile is left out."""
        found = self.client.fetch(list(uids), ["BODY.PEEK[]"])
        return {uid: told[b"BODY[]"] for uid, told in found.items() if told.get(b"BODY[]") is not None}

    def wait(self, ending: Ending, seconds: float) -> bool:
        """IDLE (RFC 2177) until something happens in the open folder, or so long; return whether something did."""
        self.client.idle()
        try:
            return self._has_said_something() or ending.wait_beside(self.client.socket(), seconds)
        finally:
            self.client.idle_done()

    def _has_said_something(self) -> bool:
        """Whether something was read along with the answer to IDLE, which the socket would not tell."""
        sock = self.client.socket()
        sock.setblocking(False)
        try:
            return bool(self.client._imap.file.peek(1))
        except OSError:
            return False
        finally:
            sock.settimeout(READ_SECONDS)

    @property
    def can_wait(self) -> bool:
        """Whether the server tells by itself that something came."""
        return self.client.has_capability("IDLE")


def _glance(uid: int, told: dict[bytes, Any]) -> Glance:
    head = next((value for name, value in told.items() if name.startswith(b"BODY[HEADER")), b"") or b""
    labels = (*told.get(b"FLAGS", ()), *told.get(b"X-GM-LABELS", ()))
    names = {one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in labels}
    arrived_at = told.get(b"INTERNALDATE") or datetime.now(UTC)
    return Glance(uid, head, int(told[b"RFC822.SIZE"]), arrived_at, frozenset(name.lower() for name in names))


@contextmanager
def signed_in(settings: dict[str, Any], *, password: str = "", token: str = "") -> Generator[Mailbox]:
    """Sign in to the mailbox that these settings name, by password or by token (XOAUTH2), until the block ends.

    Raises `Refusal` with what the server says; whatever fails later is an `OSError` or a `Refusal`.
    """
    try:
        client = _connected(settings)
        try:
            _sign_in(client, str(settings.get("user") or settings["address"]), password, token)
            client.normalise_times = False
            yield Mailbox(client)
        finally:
            _part(client)
    except LoginError as why:
        raise NotLetIn(_("%(host)s doesn’t let us in: %(why)s") % _told(settings, why)) from why
    except IMAPClientError as why:
        raise Refusal(_("%(host)s broke off: %(why)s") % _told(settings, why)) from why
    except ssl.SSLError as why:
        raise Refusal(_("%(host)s can’t be reached safely: %(why)s") % _told(settings, why)) from why


def _connected(settings: dict[str, Any]) -> IMAPClient:
    host, port, security = settings["host"], int(settings["port"]), settings["security"]
    if security == "none" and not is_named(host, port):
        raise Refusal(
            _("Without encryption Baton signs in only inside its own network: name the host in BATON_INSIDE.")
        )
    client = _Client(host, port, ssl=security == "tls", timeout=SocketTimeout(SECONDS, READ_SECONDS))
    if security == "starttls":
        try:
            client.starttls()
        except BaseException:
            client.shutdown()
            raise
    return client


def _sign_in(client: IMAPClient, name: str, password: str, token: str) -> None:
    if token:
        client.oauth2_login(name, token)
    else:
        client.login(name, password)


def _part(client: IMAPClient) -> None:
    """Say goodbye; a server that is gone already needs none."""
    try:
        client.logout()
    except (IMAPClientError, OSError):
        try:
            client.shutdown()
        except (IMAPClientError, OSError):
            return


def _told(settings: dict[str, Any], why: Exception) -> dict[str, str]:
    words = str(why).strip()
    words = words[2:-1] if words.startswith(("b'", 'b"')) else words
    return {"host": settings["host"], "why": words[:200]}
