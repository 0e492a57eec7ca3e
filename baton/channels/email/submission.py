"""A member's account at a mail server that takes mail from them (RFC 6409): how it is tried out, and opened."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from baton.capture.models import Connection
from baton.kernel.connecting import Smtp, SmtpOverTls, Unreachable
from baton.kernel.verdict import Refusal

Session = Smtp | SmtpOverTls
SECONDS = 20.0
BY_TOKEN = "XOAUTH2"
"""https://developers.google.com/workspace/gmail/imap/xoauth2-protocol; Microsoft 365 takes the same."""


class NotLetIn(Refusal):
    """The server doesn't take this account, or isn't one to trust with it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where to send through, and as whom to sign in there: with a password or a token. `security` is starttls, tls or
    none."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: dict[str, Any], password: str, token: str) -> Account:
        """Return the account that a connection describes."""
        told = settings.get("user", "")
        return cls(settings["host"], int(settings["port"]), settings["security"], told, password, token)


def account_of(connection: Connection, at: datetime) -> Account:
    """Return the account of a connection; an old token is refreshed first.

    Raises `NotLetIn` where the other side gives no token any more, `OSError` where it is away.
    """
    try:
        password, token = _later("credentials_of")(connection, at)
    except Unreachable:
        raise
    except Refusal as why:
        raise NotLetIn(why.sentence) from why
    return Account.of(connection.settings, password, token)


def errand(settings: dict[str, Any], secret: dict[str, str], back: str) -> Any:
    """Return where the owner of the account signs in, None where a password does."""
    return _later("errand")(settings | {"address": settings.get("user", "")}, secret, back)


def returned(settings: dict[str, Any], *brought: Any) -> dict[str, str]:
    """Trade what was brought back from there for tokens, and return the whole secret."""
    return _later("returned")(settings, *brought)


def _later(name: str) -> Any:
    """Tokens are the mailbox's business too; the client that fetches them costs a start-up."""
    return import_string(f"baton.channels.mailbox.oauth.{name}")


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Sign in and say goodbye. Raises `Refusal` with what is wrong."""
    account = Account.of(settings, secret.get("password", ""), secret.get("access_token", ""))
    try:
        with opened(account) as server:
            server.noop()
    except OSError as why:
        raise Refusal(_("%(host)s doesn’t let Baton in: %(why)s") % {"host": settings["host"], "why": why}) from why


@contextmanager
def opened(account: Account) -> Generator[Session]:
    """Open a session, encrypted and signed in as the account says, until the block ends.

    Raises `Refusal` where it would have to be unencrypted or the password isn't taken, `OSError` for what may pass.
    """
    server = _connected(account)
    try:
        if account.security == "starttls":
            _encrypt(server)
        server.ehlo_or_helo_if_needed()
        if account.user:
            _sign_in(server, account)
        yield server
    finally:
        with suppress(OSError):
            server.quit()


def _connected(account: Account) -> Session:
    try:
        if account.security == "tls":
            return SmtpOverTls(account.host, account.port, timeout=SECONDS, context=ssl.create_default_context())
        return Smtp(account.host, account.port, timeout=SECONDS)
    except ssl.SSLCertVerificationError as why:
        raise _not_who_it_says(account.host, why) from why


def _encrypt(server: Session) -> None:
    host = str(getattr(server, "_host", ""))
    try:
        server.starttls(context=ssl.create_default_context())
    except smtplib.SMTPNotSupportedError as why:
        raise NotLetIn(_("%(host)s offers no encryption (STARTTLS).") % {"host": host}) from why
    except ssl.SSLCertVerificationError as why:
        raise _not_who_it_says(host, why) from why


def _not_who_it_says(host: str, why: ssl.SSLCertVerificationError) -> NotLetIn:
    told = {"host": host, "why": why.verify_message}
    return NotLetIn(_("%(host)s can’t prove that it is who it says it is: %(why)s.") % told)


def _sign_in(server: Session, account: Account) -> None:
    try:
        if account.token:
            _show_token(server, account)
        else:
            server.login(account.user, account.password)
    except smtplib.SMTPNotSupportedError as why:
        raise NotLetIn(_("%(host)s asks for no sign-in here; is the port right?") % {"host": account.host}) from why
    except smtplib.SMTPAuthenticationError as why:
        if 400 <= why.smtp_code < 500:
            raise
        if account.token:
            told = {"host": account.host, "user": account.user}
            raise NotLetIn(_("%(host)s doesn’t let %(user)s send with this sign-in.") % told) from why
        raise NotLetIn(_("%(host)s doesn’t take this name and password.") % {"host": account.host}) from why


def _show_token(server: Session, account: Account) -> None:
    """Sign in with a token. Who refuses it says why first, and waits for an empty answer."""
    if BY_TOKEN not in server.esmtp_features.get("auth", "").upper().split():
        raise NotLetIn(_("%(host)s takes no sign-in from elsewhere (XOAUTH2).") % {"host": account.host})

    def answer(challenge: bytes | None = None) -> str:
        return f"user={account.user}\1auth=Bearer {account.token}\1\1" if challenge is None else ""

    server.auth(BY_TOKEN, answer)
