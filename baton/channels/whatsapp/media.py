"""Photos, voice notes and papers of a chat: where they lie is asked first, then they are fetched (docs: Media)."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from baton.capture.channels import Fetched
from baton.capture.models import Fetching
from baton.channels.downloads import Later, download
from baton.channels.whatsapp import graph


def fetch(fetching: Fetching, at: datetime) -> Fetched:
    """Return the bytes; the address that Meta gives is good for five minutes, so it is asked for each time."""
    settings, token = graph.account(fetching.connection)
    told = graph.ask("GET", settings, token, fetching.where["media"])
    file = download(str(told.get("url", "")), headers={"Authorization": f"Bearer {token}"})
    _check(file, fetching.where.get("sha256", ""))
    return file


def _check(file: Fetched, sha256: str) -> None:
    """Half a file is worse than none: it is fetched again."""
    if sha256 and base64.b64encode(hashlib.sha256(file.content).digest()).decode() != sha256:
        raise Later("WhatsApp: the file isn’t the one that was sent.")
