"""Posting one message, through the one door to the outside: what became of it, and how long it took."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2
from django.utils.translation import gettext as _

from baton.kernel import connecting
from baton.kernel.verdict import Refusal

SECONDS = 10.0
GONE = 410


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side did: its status, None where nobody answered, with `because` in plain words; `took` in ms.

    `wait` is for how many seconds it asked to be left alone (`Retry-After`), 0 where it didn't.
    """

    status: int | None
    because: str
    took: int
    wait: int = 0

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def refuse_address(address: str) -> None:
    """Raise `Refusal` for what is no address that messages may go to; whether it lies inside is asked on connecting."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if not parts.hostname or not port or parts.username or parts.fragment:
        raise Refusal(_("“%(address)s” is no address of a program on the web.") % {"address": address[:200]})
    if parts.scheme != "https" and not connecting.is_named(parts.hostname, port):
        raise Refusal(_("The address must begin with https://, so that nobody reads along on the way."))


def post(address: str, body: bytes, headers: dict[str, str]) -> Answered:
    """Post a message and tell what became of it. It follows no redirect."""
    began = time.monotonic()

    def answered(status: int | None, because: str, wait: int = 0) -> Answered:
        return Answered(status, because, round((time.monotonic() - began) * 1000), wait)

    try:
        refuse_address(address)
        with connecting.http(seconds=SECONDS, redirects=False) as client:
            return answered(*_asked(client, address, body, headers))
    except Refusal as why:
        return answered(None, why.sentence)
    except (httpx2.TimeoutException, httpcore2.TimeoutException):
        return answered(None, _("It didn’t answer within %(seconds)d seconds.") % {"seconds": SECONDS})
    except (httpx2.HTTPError, httpx2.InvalidURL, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as why:
        return answered(None, _("The connection failed: %(why)s.") % {"why": str(why) or type(why).__name__})


def _asked(client: Any, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, int]:
    """The words of the answer are never read: they are nobody's business, and may be endless."""
    with client.stream("POST", address, content=body, headers=headers) as answer:
        return answer.status_code, _words(answer), _wait(answer)


def _words(answer: httpx2.Response) -> str:
    if answer.is_success:
        return ""
    if answer.is_redirect:
        return _("It answered %(status)d and pointed elsewhere; messages follow no redirect.") % {
            "status": answer.status_code
        }
    return _("It answered %(status)d.") % {"status": answer.status_code}


def _wait(answer: httpx2.Response) -> int:
    told = answer.headers.get("retry-after", "")
    return min(int(told), 86_400) if told.isdecimal() and len(told) < 9 else 0
