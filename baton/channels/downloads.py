"""Files fetched from the other side of a channel, whole and not larger than what fits."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2
from django.utils.translation import gettext as _

from baton.capture.channels import Fetched
from baton.kernel import connecting
from baton.kernel.connecting import NoAddress, Unreachable
from baton.kernel.verdict import Refusal

SECONDS = 20.0
MOST_BYTES = 104_857_600
"""100 MiB: the largest file that WhatsApp sends."""


class Later(OSError):
    """The other side can't be had now; it is tried again."""


def download(url: str, *, auth: tuple[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Fetched:
    """Fetch a file. `Refusal` means that it is gone or too large, `Later` that it may be had another time.

    Credentials don't go along when the other side points elsewhere.
    """
    try:
        client = connecting.http(seconds=SECONDS)
        with client, client.stream("GET", url, auth=auth, headers=dict(headers or {})) as answer:
            _refuse(answer)
            return Fetched(_bytes(answer), answer.headers.get("content-type", "").partition(";")[0].strip())
    except (NoAddress, httpx2.UnsupportedProtocol) as why:
        raise Refusal(_("“%(url)s” is no address to fetch from.") % {"url": url[:200]}) from why
    except (httpx2.HTTPError, Unreachable) as why:
        raise Later(str(why)) from why


def _refuse(answer: httpx2.Response) -> None:
    """404 may come before the file is ready, and 401 while a token is being renewed; only 410 is for good."""
    if answer.status_code == 410:
        raise Refusal(_("The other side no longer has it."))
    if answer.status_code >= 400:
        raise Later(f"{answer.url.host}: {answer.status_code}")


def _bytes(answer: httpx2.Response) -> bytes:
    content = bytearray()
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise Refusal(_("The file is larger than 100 MB, so it was left where it is."))
    return bytes(content)
