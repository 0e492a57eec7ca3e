"""Programs introduce themselves (RFC 7591), so that an assistant connects without anybody filling in a form.

It is open to everybody because it gives nothing away: a name that nobody checked, and where the answer goes. Only a
member's consent, on a page that shows both, allows a program anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from oauth2_provider.models import Application

from baton.gate.access.granting import GRANTS
from baton.gate.access.programs import forget_unallowed
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing

MOST_ADDRESSES = 8
MOST_WAITING = 500
"""Programs that registered within two days and were allowed nothing yet."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
OWN_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")
"""A scheme of an app's own is its domain turned round (RFC 8252, 7.1), so no browser takes it for a script."""


@dataclass(frozen=True, slots=True)
class Introduced:
    """What a program says of itself: a name, and the addresses that it is answered at."""

    name: str
    addresses: tuple[str, ...]


class Unregistered(Refusal):
    """A program can't be registered; `error` is the word of RFC 7591, 3.2.2."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error = error


def introduced(told: Any) -> Introduced:
    """Read what a program says of itself. Raises `Unregistered`."""
    if not isinstance(told, dict):
        raise Unregistered("invalid_client_metadata", _("Send what is known of the program as a JSON object."))
    addresses = told.get("redirect_uris")
    if not isinstance(addresses, list) or not 0 < len(addresses) <= MOST_ADDRESSES:
        sentence = _("Name one to %(most)d addresses in redirect_uris.") % {"most": MOST_ADDRESSES}
        raise Unregistered("invalid_redirect_uri", sentence)
    for address in addresses:
        if not (isinstance(address, str) and is_safe_address(address)):
            sentence = _("An answer goes to https, to this computer (http://127.0.0.1), or to an app’s own scheme.")
            raise Unregistered("invalid_redirect_uri", sentence)
    _refuse_other_ways(told)
    return Introduced(_shown(str(told.get("client_name") or "")), tuple(addresses))


def _shown(name: str) -> str:
    """Return a name as the page of consent shows it: without signs that nobody sees or that turn others round."""
    return "".join(sign for sign in " ".join(name.split()) if sign.isprintable())[:60]


def _refuse_other_ways(told: dict[str, Any]) -> None:
    grants = told.get("grant_types", ["authorization_code"])
    answers = told.get("response_types", ["code"])
    if not (isinstance(grants, list) and "authorization_code" in grants and all(one in GRANTS for one in grants)):
        raise Unregistered("invalid_client_metadata", _("Only authorization_code and refresh_token are given out."))
    if answers != ["code"]:
        raise Unregistered("invalid_client_metadata", _("Only codes are given to a browser: response_types is [code]."))
    if told.get("token_endpoint_auth_method", "none") != "none":
        sentence = _("Programs have no secret here, but PKCE: token_endpoint_auth_method is none.")
        raise Unregistered("invalid_client_metadata", sentence)


def is_safe_address(address: str) -> bool:
    """Whether an answer may be sent there: exact, as RFC 3986 writes it, without user or fragment, and no script."""
    if len(address) > 500 or not address.isascii() or re.search(r"[\s\x00-\x1f\x7f\\#]", address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    if parts.scheme == "http":
        return host in LOOPBACK
    return bool(host) if parts.scheme == "https" else bool(OWN_SCHEME.fullmatch(parts.scheme))


def register(program: Introduced, at: datetime) -> Application:
    """Keep a program that introduced itself. Raises `Unregistered` while too many wait for somebody's consent."""
    with writing():
        forget_unallowed(at)
        waiting = Application.objects.filter(accesstoken=None, registration_source=Application.RegistrationSource.DCR)
        if waiting.count() >= MOST_WAITING:
            raise Unregistered("invalid_client_metadata", _("Too many programs wait for consent. Try again tomorrow."))
        return Application.objects.create(
            name=program.name,
            redirect_uris=" ".join(program.addresses),
            client_type=Application.CLIENT_PUBLIC,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
            client_secret="",
            registration_source=Application.RegistrationSource.DCR,
        )
