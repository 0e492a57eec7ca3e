"""Signing in with OAuth 2: the authorization code with PKCE (RFC 7636), and tokens that are refreshed when old.

For mailboxes that are read, and for the accounts that mail is sent through (`channels/email/submission.py`).

The client's id and secret are the operator's own. What comes back is kept sealed with the connection.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from django.utils.translation import gettext as _

from baton.capture.channels import Errand
from baton.capture.models import Connection
from baton.channels.mailbox.hosts import Provider, provider_of
from baton.kernel.clock import now, stamp
from baton.kernel.connecting import http, is_named
from baton.kernel.sealed import Sealed
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing

CALLER = "capture"
SOON = timedelta(minutes=2)
"""A token that lasts no longer than this is refreshed before it is used."""
MOST_BYTES = 100_000


def errand(settings: dict[str, Any], secret: dict[str, str], back: str) -> Errand | None:
    """Return where the owner of the mailbox signs in, None where a password does."""
    provider = provider_of(settings)
    if provider is None:
        return None
    _safe(provider.authorize), _safe(provider.token)
    verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
    asked = {
        "response_type": "code", "client_id": settings["client_id"], "redirect_uri": back, "scope": provider.scope,
        "state": state, "code_challenge": _challenge(verifier), "code_challenge_method": "S256",
        "login_hint": settings["address"], **dict(provider.more),
    }  # fmt: skip
    joint = "&" if "?" in provider.authorize else "?"
    return Errand(f"{provider.authorize}{joint}{urlencode(asked)}", state, {"verifier": verifier, "back": back})


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _safe(address: str) -> None:
    """Refuse an address that would carry credentials in the open, except inside one's own network."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and is_named(parts.hostname or "", parts.port or 80)):
        return
    raise Refusal(_("“%(address)s” must begin with https://.") % {"address": address[:100]})


def returned(
    settings: dict[str, Any], secret: dict[str, str], errand: Errand, told: Mapping[str, str]
) -> dict[str, str]:
    """Trade the code that was brought back for tokens, and return the whole secret.

    Raises `Refusal` where they didn't consent, or the other side gives none.
    """
    if told.get("error") or not told.get("code"):
        why = told.get("error_description") or told.get("error") or _("no code came back")
        raise Refusal(_("Signing in there didn’t work: %(why)s.") % {"why": str(why)[:200]})
    provider = provider_of(settings)
    assert provider is not None
    asked = {
        "grant_type": "authorization_code", "code": told["code"], "redirect_uri": errand.keeps["back"],
        "code_verifier": errand.keeps["verifier"], **_client(settings, secret),
    }  # fmt: skip
    return secret | _tokens(provider, asked, now())


def _client(settings: dict[str, Any], secret: Mapping[str, str]) -> dict[str, str]:
    told = {"client_id": settings["client_id"]}
    return told | ({"client_secret": secret["client_secret"]} if secret.get("client_secret") else {})


def _tokens(provider: Provider, asked: dict[str, str], at: datetime) -> dict[str, str]:
    """Ask the other side for tokens; `Refusal` with its own words where it gives none, `OSError` where it is away."""
    _safe(provider.token)
    try:
        asking = {"data": asked, "headers": {"Accept": "application/json"}}
        with http(redirects=False) as client, client.stream("POST", provider.token, **asking) as answer:
            told = _read(answer)
    except httpx2.HTTPError as why:
        raise OSError(_("The place to sign in doesn’t answer: %(why)s") % {"why": why}) from why
    except (ValueError, RecursionError):
        told = {}
    token = told.get("access_token") if isinstance(told, dict) else None
    if answer.status_code >= 500:
        raise OSError(_("The place to sign in is out of order (%(status)s).") % {"status": answer.status_code})
    if answer.status_code != 200 or not token:
        why = (told.get("error_description") or told.get("error") if isinstance(told, dict) else "") or ""
        raise Refusal(_("The sign-in there no longer counts: sign in again. (%(why)s)") % {"why": str(why)[:200]})
    lasts = at + timedelta(seconds=_seconds(told.get("expires_in")))
    kept = {"access_token": str(token), "lasts_until": stamp(lasts)}
    return kept | ({"refresh_token": str(told["refresh_token"])} if told.get("refresh_token") else {})


def _read(answer: httpx2.Response) -> Any:
    raw = b""
    for piece in answer.iter_bytes():
        raw += piece
        if len(raw) > MOST_BYTES:
            return {}
    return json.loads(raw)


def _seconds(told: Any) -> int:
    """Return for how long a token is good; an hour, where the other side says nothing that can be read."""
    text = str(told)
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else 3600


def credentials_of(connection: Connection, at: datetime) -> tuple[str, str]:
    """Return password and token of a connection, one of them empty; a token that is old is refreshed and kept."""
    secret = connection.secret.opened() if connection.secret else {}
    if provider_of(connection.settings) is None:
        return secret.get("password", ""), ""
    if datetime.fromisoformat(secret["lasts_until"]) > at + SOON:
        return "", secret["access_token"]
    return "", _refreshed(connection, secret, at)["access_token"]


def _refreshed(connection: Connection, secret: dict[str, str], at: datetime) -> dict[str, str]:
    provider = provider_of(connection.settings)
    if provider is None or not secret.get("refresh_token"):
        raise Refusal(_("The sign-in there has run out: sign in again."))
    asked = {"grant_type": "refresh_token", "refresh_token": secret["refresh_token"]}
    fresh = secret | _tokens(provider, asked | _client(connection.settings, secret), at)
    connection.secret = Sealed.of(fresh)
    with writing():
        Connection.objects.unscoped(CALLER).filter(pk=connection.pk).update(secret=connection.secret)
    return fresh
