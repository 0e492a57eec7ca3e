"""From one line of an exported chat to a message. Read in the limited child.

The importer has worked out which chat it is, who the member is in it, and whom they write with; here it is read.
"""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from baton.capture.arrival import Arrival, Party
from baton.capture.untrusted import Unreadable
from baton.channels.spoken import Reader, arrived, digest, without_file


def read_line(raw: bytes, **who_we_are: Any) -> Arrival:
    """Read one line: a message, or news of the chat, which asks nobody anything."""
    told, content = without_file(raw)
    reader = Reader(**who_we_are)
    try:
        arrival = _arrival(told, reader)
    except (KeyError, TypeError, ValueError) as why:
        raise Unreadable("It isn’t a line of an exported chat.") from why
    if told.get("file"):
        arrival.parts["file"] = told["file"]
        kind = mimetypes.guess_type(told["file"])[0] or "application/octet-stream"
        arrival.files = (arrived(told["file"], kind, content),) if content else ()
    return arrival if arrival.machine else reader.read(arrival)


def _arrival(told: dict[str, Any], reader: Reader) -> Arrival:
    sender, to = Party(*told["sender"]), tuple(Party(*party) for party in told["to"])
    arrival = Arrival("chat", digest("chat", told["chat"], told["line"]), text=told["text"], sender=sender, to=to)
    on_the_clock = datetime.fromisoformat(told["at"]).replace(tzinfo=ZoneInfo(told.get("zone") or reader.zone))
    arrival.sent_at = on_the_clock.astimezone(UTC)
    arrival.claimed = sender.address
    arrival.subject = told.get("title") or ""
    arrival.is_reply = True
    arrival.answers = (digest("chat", told["chat"]), line_digest(told["line"]))
    arrival.parts = {"chat": told["chat"], "to": [{"name": p.name, "address": p.address} for p in to]}
    if told.get("news"):
        arrival.machine, arrival.machine_because = "system", "news of the chat"
    if told.get("inner"):
        arrival.parts["inner"] = True
    return arrival


def line_digest(line: str) -> str:
    """Return the key by which the same line is found again, in whichever export it stands."""
    return digest("chat-line", line)
