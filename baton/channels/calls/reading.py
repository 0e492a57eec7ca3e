"""From what Twilio tells of a call to the call as it was. Read in the limited child.

A call is told in many pieces: it rings, it is taken, it ends, legs of it end, it was recorded. Only a piece that says
how it ended becomes the call; they all carry its id, so that it is one call whichever of them comes first.
https://www.twilio.com/docs/voice/api/call-resource#statuscallback
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from baton.capture.arrival import Arrival, Notice, Party, WantedFile
from baton.capture.untrusted import Unreadable
from baton.channels.spoken import Reader, digest, minutes, spoken
from baton.channels.twilio.signatures import fields_of

ENDED = {"completed", "busy", "failed", "no-answer", "canceled"}
MISSED_MARK = "BatonMissed"
"""What Baton adds to the end of a call that went to phones of ours, of which none told that it was taken."""


def read_call(raw: bytes, **who_we_are: Any) -> Arrival | Notice:
    """Read one piece of what Twilio tells. Raises `Unreadable` for what is no piece of a call."""
    reader, told = Reader(**who_we_are), _fields(raw)
    if told.get("RecordingSid"):
        return recording(told)
    status = ending(told)
    if status is None:
        return Notice(f"{told['CallSid']}:{told.get('CallStatus')}", "", "", "A call on its way.")
    return _call(told, reader, status)


def _fields(raw: bytes) -> dict[str, str]:
    try:
        told = dict(fields_of(raw))
    except ValueError as why:
        raise Unreadable("It isn’t the form that Twilio sends.") from why
    if not told.get("CallSid"):
        raise Unreadable("It names no call.")
    return told


def ending(told: dict[str, str]) -> str | None:
    """Return how the call ended, where this piece says so: by the phone that took it, by the dialing, by the call."""
    if told.get(MISSED_MARK):
        return "no-answer"
    status = told.get("DialCallStatus") or told.get("CallStatus", "")
    return status if status in ENDED else None


def call_of(told: dict[str, str]) -> str:
    """Return the id of the whole call that a piece belongs to."""
    return told.get("ParentCallSid") or told["CallSid"]


def _call(told: dict[str, str], reader: Reader, status: str) -> Arrival | Notice:
    caller, called = reader.number(told.get("From")), reader.number(told.get("To"))
    is_out = caller in reader.ours or told.get("Direction", "").startswith("outbound-api")
    if is_out and called in reader.ours:
        return Notice(f"{told['CallSid']}:{status}", "", "", "A call among ourselves.")
    ours, theirs = (caller, called) if is_out else (called, caller)
    us, them = Party("", ours), Party(told.get("CallerName", "") if not is_out else "", theirs)
    sender, to = (us, them) if is_out else (them, us)
    arrival = spoken("call", call_of(told), sender=sender, to=to, ours=ours, sent_at=_began(told, reader.at))
    taken = status in ("completed", "answered")
    arrival.minutes = minutes(told.get("DialCallDuration") or told.get("CallDuration")) if taken else None
    arrival.parts |= _how(is_out, taken, called if told.get("ParentCallSid") else "")
    return arrival


def _how(is_out: bool, taken: bool, by: str) -> dict[str, Any]:
    if is_out:
        return {} if taken else {"unanswered": True}
    return ({"answered": True} | ({"taken_at": by} if by else {})) if taken else {"missed": True}


def _began(told: dict[str, str], at: datetime) -> datetime | None:
    """When this piece was told (RFC 2822); none where Twilio leaves it out."""
    try:
        return parsedate_to_datetime(told["Timestamp"]) if told.get("Timestamp") else None
    except ValueError:
        return None


def recording(told: dict[str, str]) -> Notice:
    """Return that a call was recorded, with where the recording is fetched from."""
    sid, about = told["RecordingSid"], digest("id", call_of(told))
    if told.get("RecordingStatus", "completed") != "completed" or not told.get("RecordingUrl"):
        return Notice(f"recording:{sid}", "", "", "A recording that can’t be had.")
    file = WantedFile(f"recording:{sid}", f"{sid}.mp3", "audio/mpeg", {"url": told["RecordingUrl"] + ".mp3"})
    return Notice(f"recording:{sid}", about, "", None, files=(file,))
