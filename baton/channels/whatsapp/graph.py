"""What Baton asks of Meta's Graph API. https://developers.facebook.com/docs/whatsapp/cloud-api/reference"""

from __future__ import annotations

from typing import Any

import httpx2
from django.utils.translation import gettext as _

from baton.capture.models import Connection
from baton.channels.downloads import Later
from baton.kernel import connecting
from baton.kernel.connecting import Unreachable
from baton.kernel.verdict import Refusal

API = "https://graph.facebook.com/v23.0"
SECONDS = 20.0
PASSES = {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 133004}
"""Errors of Meta's that pass by themselves: too much at once, away for a while (Cloud API error codes)."""
WINDOW_IS_OVER = {131047, 470}


def account(connection: Connection | None) -> tuple[dict[str, Any], str]:
    """Return the settings of a connection and its access token. Raises `Refusal` where it is no longer there."""
    if connection is None or connection.secret is None:
        raise Refusal(_("The connection to WhatsApp is no longer there."))
    return connection.settings, connection.secret.opened()["access_token"]


def ask(method: str, settings: dict[str, Any], token: str, path: str, body: Any = None) -> dict[str, Any]:
    """Ask for something and return what Meta says. `Refusal` is for good, `Later` is not."""
    address = f"{settings.get('api') or API}/{path}"
    try:
        with connecting.http(seconds=SECONDS, redirects=False) as client:
            answer = client.request(method, address, json=body, headers={"Authorization": f"Bearer {token}"})
            return _told(answer)
    except (httpx2.HTTPError, Unreachable) as why:
        raise Later(str(why)) from why


def _told(answer: httpx2.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError as why:
        raise Later(f"WhatsApp: {answer.status_code}") from why
    error = told.get("error") if isinstance(told, dict) else None
    if answer.status_code < 400 and not error and isinstance(told, dict):
        return told
    code = error.get("code") if isinstance(error, dict) else None
    if answer.status_code >= 500 or answer.status_code == 429 or code in PASSES:
        raise Later(f"WhatsApp: {answer.status_code}, {code}")
    raise Refusal(_sentence(code, error))


def _sentence(code: Any, error: Any) -> str:
    if code in WINDOW_IS_OVER:
        return _("More than 24 hours have passed since they wrote: WhatsApp only takes a template now.")
    if code in (190, 10, 200):
        return _("WhatsApp doesn’t take the access token: it has run out, or may not do this.")
    said = error.get("message", "") if isinstance(error, dict) else ""
    return _("WhatsApp refuses it: %(why)s") % {"why": str(said)[:300] or code}
