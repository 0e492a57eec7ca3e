"""Where mailboxes lie, and how one signs in there: Google, Microsoft 365, or any other server."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Provider:
    """The addresses at which one signs in with OAuth 2 (RFC 6749), and what is asked for there."""

    authorize: str = ""
    token: str = ""
    scope: str = ""
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """A way to reach a mailbox. `provider` None is a password; a server without a name is typed by the person.

    `sends` is where mail of that account is handed over (port 587, STARTTLS).
    """

    title: str | Lazy
    server: str = ""
    provider: Provider | None = None
    sends: str = ""


GOOGLE = Provider(  # https://developers.google.com/workspace/gmail/imap/xoauth2-protocol
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    "https://mail.google.com/",
    (("access_type", "offline"), ("prompt", "consent")),
)
MICROSOFT = Provider(  # https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
    "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
    (("prompt", "select_account"),),
)
HOSTS = {
    "server": Host(_("A server, with a password")),
    "google-password": Host(_("Google, with an app password"), "imap.gmail.com", sends="smtp.gmail.com"),
    "google": Host(_("Google, signing in there"), "imap.gmail.com", GOOGLE, "smtp.gmail.com"),
    "microsoft": Host(_("Microsoft 365, signing in there"), "outlook.office365.com", MICROSOFT, "smtp.office365.com"),
    "server-oauth": Host(_("A server, signing in there"), provider=Provider()),
}


def provider_of(settings: dict[str, str]) -> Provider | None:
    """Return where the owner of these settings signs in, None where a password does."""
    known = HOSTS[settings.get("how") or "server"].provider
    if known is None or known.token:
        return known
    return Provider(settings["authorize_at"], settings["token_at"], settings.get("scope", ""))
