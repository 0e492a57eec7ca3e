"""From one event of a telephone system to the call or the text. Read in the limited child.

The JSON is described in docs/users/phone.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baton.capture.arrival import Arrival, Notice, Party, WantedFile
from baton.capture.untrusted import Unreadable
from baton.channels.spoken import Reader, digest, minutes, spoken, table


def read_event(raw: bytes, **who_we_are: Any) -> Arrival | Notice:
    """Read a call, a text or a recording. Raises `Unreadable` with what is missing."""
    told, reader = table(raw), Reader(**who_we_are)
    own_id, event = str(told.get("id") or ""), told.get("event")
    if not own_id:
        raise Unreadable("The event has no “id”.")
    if event == "recording":
        return _recording(own_id, told)
    if event not in ("call", "text"):
        raise Unreadable("The “event” is neither “call”, “text” nor “recording”.")
    return _spoken(event, own_id, told, reader)


def _spoken(event: str, own_id: str, told: dict[str, Any], reader: Reader) -> Arrival:
    direction = told.get("direction")
    if direction not in ("in", "out"):
        raise Unreadable("The “direction” is neither “in” nor “out”.")
    caller, called = reader.number(told.get("from")), reader.number(told.get("to"))
    name = str(told.get("name") or "")[:200]
    sender, to = Party(name if direction == "in" else "", caller), Party(name if direction == "out" else "", called)
    ours = called if direction == "in" else caller
    text = str(told.get("text") or "")
    arrival = spoken(event, own_id, sender=sender, to=to, ours=ours, sent_at=_moment(told.get("at")), text=text)
    if event == "call":
        _describe(arrival, direction, told)
    if told.get("recording"):
        arrival.wanted = (_file(own_id, str(told["recording"])),)
    return reader.read(arrival)


def _describe(arrival: Arrival, direction: str, told: dict[str, Any]) -> None:
    taken = bool(told.get("answered"))
    arrival.minutes = minutes(told.get("seconds")) if taken else None
    if direction == "in":
        arrival.parts |= {"answered": True} if taken else {"missed": True}
    elif not taken:
        arrival.parts |= {"unanswered": True}


def _recording(own_id: str, told: dict[str, Any]) -> Notice:
    of = str(told.get("call") or own_id)
    if not told.get("recording"):
        raise Unreadable("The event has no “recording”.")
    return Notice(f"recording:{own_id}", digest("id", of), "", None, files=(_file(of, str(told["recording"])),))


def _file(own_id: str, url: str) -> WantedFile:
    name = url.partition("?")[0].rpartition("/")[2][:200] or "recording"
    return WantedFile(f"telephone:{digest(own_id, url)}", name, "", {"url": url})


def _moment(text: Any) -> datetime | None:
    """Return an ISO 8601 moment that names its offset; anything else is no moment."""
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00")) if text else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
