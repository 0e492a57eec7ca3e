"""A member's account at a mail server that takes mail from them (RFC 6409): how it is asked for, and opened."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.kernel.connecting import Smtp, SmtpOverTls
from baton.kernel.verdict import Refusal

Session = Smtp | SmtpOverTls
SECONDS = 20.0
SECURITY = (
    ("starttls", gettext_lazy("STARTTLS (port 587)")),
    ("tls", gettext_lazy("TLS from the first byte (port 465)")),
    ("none", gettext_lazy("None, only inside your own network")),
)


class NotLetIn(Refusal):
    """The server doesn't take this account, or isn't one to trust with it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where to send through, and as whom to sign in there. `security` is starttls, tls or none."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: dict[str, Any], secret: dict[str, str]) -> Account:
        """Return the account that a connection describes."""
        told = settings.get("user", "")
        return cls(settings["host"], int(settings["port"]), settings["security"], told, secret.get("password", ""))


class SubmissionForm(forms.Form):
    """The mail server that sends for you."""

    host = forms.CharField(
        max_length=253, label=gettext_lazy("Mail server"), help_text=gettext_lazy("As your mail program calls it.")
    )
    port = forms.IntegerField(min_value=1, max_value=65535, initial=587, label=gettext_lazy("Port"))
    security = forms.ChoiceField(choices=SECURITY, label=gettext_lazy("Encryption"))
    user = forms.CharField(max_length=320, required=False, label=gettext_lazy("Sign in as"))
    password = forms.CharField(
        max_length=500, label=gettext_lazy("Password"), widget=forms.PasswordInput, help_text=gettext_lazy(
            "Google and Microsoft ask for an app password, which they show once."
        )
    )  # fmt: skip

    def connection_name(self) -> str:
        """Return who sends through what."""
        told = self.cleaned_data
        return _("%(user)s through %(host)s") % told if told["user"] else str(told["host"])

    def clean(self) -> dict[str, Any]:
        """Never send a password in the clear."""
        told = super().clean() or self.cleaned_data
        if told.get("security") == "none" and told.get("user"):
            raise forms.ValidationError(_("Without encryption everybody on the way could read the password."))
        return told


def try_out(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Sign in and say goodbye. Raises `Refusal` with what is wrong."""
    try:
        with opened(Account.of(settings, secret)) as server:
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
        server.login(account.user, account.password)
    except smtplib.SMTPNotSupportedError as why:
        raise NotLetIn(_("%(host)s asks for no sign-in here; is the port right?") % {"host": account.host}) from why
    except smtplib.SMTPAuthenticationError as why:
        if 400 <= why.smtp_code < 500:
            raise
        raise NotLetIn(_("%(host)s doesn’t take this name and password.") % {"host": account.host}) from why
