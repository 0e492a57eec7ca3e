"""What Baton asks of Twilio: to call, to send, to hand over a file. https://www.twilio.com/docs/usage/api"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpx2
from django.utils.translation import gettext as _

from baton.capture.channels import Fetched
from baton.capture.models import Connection
from baton.channels.downloads import Later, download
from baton.kernel import connecting
from baton.kernel.connecting import Unreachable
from baton.kernel.verdict import Refusal

API = "https://api.twilio.com"
SECONDS = 20.0


def account(connection: Connection | None) -> tuple[dict[str, Any], str]:
    """Return the settings of a connection and its token. Raises `Refusal` where it is no longer there."""
    if connection is None or connection.secret is None:
        raise Refusal(_("The connection to Twilio is no longer there."))
    return connection.settings, connection.secret.opened()["auth_token"]


def post(settings: dict[str, Any], token: str, what: str, fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Ask for something (`Messages`, `Calls`) and return what Twilio says. `Refusal` is for good, `Later` is not."""
    address = f"{_api(settings)}/2010-04-01/Accounts/{settings['account_sid']}/{what}.json"
    return _asked("POST", address, settings, token, _form(fields))


def look(settings: dict[str, Any], token: str) -> dict[str, Any]:
    """Return what Twilio says of the account itself: whether the credentials are good."""
    return _asked("GET", f"{_api(settings)}/2010-04-01/Accounts/{settings['account_sid']}.json", settings, token, None)


def fetch(settings: dict[str, Any], token: str, url: str) -> Fetched:
    """Fetch a recording or a picture. Credentials go to Twilio's own address only, and not along with a redirect."""
    known = urlsplit(url).netloc == urlsplit(_api(settings)).netloc
    return download(url, auth=(settings["account_sid"], token) if known else None)


def _api(settings: dict[str, Any]) -> str:
    return str(settings.get("api") or API)


def _form(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in fields:
        form.setdefault(name, []).append(value)
    return form


def _asked(method: str, address: str, settings: dict[str, Any], token: str, form: Any) -> dict[str, Any]:
    try:
        with connecting.http(seconds=SECONDS, redirects=False) as client:
            answer = client.request(method, address, data=form, auth=(settings["account_sid"], token))
            _refuse(answer)
            return answer.json()
    except (httpx2.HTTPError, Unreachable, ValueError) as why:
        raise Later(str(why)) from why


def _refuse(answer: httpx2.Response) -> None:
    """4xx is for good: the number is none, the token is wrong; 429 and 5xx pass."""
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Later(f"Twilio: {answer.status_code}")
    if answer.status_code in (401, 403):
        raise Refusal(_("Twilio doesn’t know this account and token."))
    if answer.status_code >= 400:
        answer.read()
        raise Refusal(_("Twilio refuses it: %(why)s") % {"why": _why(answer)})


def _why(answer: httpx2.Response) -> str:
    try:
        return str(answer.json()["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
