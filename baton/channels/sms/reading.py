"""From what Twilio tells of a text to the text, or to what became of one of ours. Read in the limited child.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import mimetypes
from typing import Any

from baton.capture.arrival import Arrival, Notice, Party, WantedFile
from baton.capture.untrusted import Unreadable
from baton.channels.spoken import Reader, digest, spoken
from baton.channels.twilio.signatures import fields_of

MOST_MEDIA = 10
WHAT_BECAME = {"delivered": "delivered", "read": "read", "undelivered": "failed", "failed": "failed"}
BECAUSE = {
    "30003": "The phone is switched off or out of reach.",
    "30004": "The number doesn’t take texts.",
    "30005": "There is no such number.",
    "30006": "It is a landline, or can’t be reached.",
    "30007": "The carrier filtered it.",
    "30008": "The carrier didn’t say why.",
}


def read_text_message(raw: bytes, **who_we_are: Any) -> Arrival | Notice:
    """Read a text, or a status. Raises `Unreadable` for what is neither."""
    try:
        told = dict(fields_of(raw))
    except ValueError as why:
        raise Unreadable("It isn’t the form that Twilio sends.") from why
    sid = message_of(told)
    if not sid:
        raise Unreadable("It names no message.")
    return _status(sid, told) if is_status(told) else _message(sid, told, Reader(**who_we_are))


def message_of(told: dict[str, str]) -> str:
    """Return the id of the message that a post is about."""
    return told.get("MessageSid") or told.get("SmsSid") or told.get("SmsMessageSid") or ""


def is_status(told: dict[str, str]) -> bool:
    """Whether it says what became of a message of ours; a message that came in has words, if only none."""
    return "Body" not in told


def _status(sid: str, told: dict[str, str]) -> Notice:
    status = told.get("MessageStatus") or told.get("SmsStatus") or ""
    what, key = WHAT_BECAME.get(status), f"{sid}:{status}"
    if what is None:
        return Notice(key, "", "", f"A text on its way: {status}.")
    code = told.get("ErrorCode", "")
    value = {"because": BECAUSE.get(code, f"Code {code}." if code else "")} if what == "failed" else {}
    return Notice(key, digest("id", sid), what, value)


def _message(sid: str, told: dict[str, str], reader: Reader) -> Arrival:
    kind = "chat" if told.get("From", "").startswith("whatsapp:") else "text"
    sender = Party(told.get("ProfileName", "")[:200], reader.number(told.get("From")) or told.get("From", "")[:40])
    to = Party("", reader.number(told.get("To")))
    ours = sender.address if sender.address in reader.ours and to.address not in reader.ours else to.address
    arrival = spoken(kind, sid, sender=sender, to=to, ours=ours, sent_at=None, text=told["Body"])
    arrival.wanted = tuple(_media(sid, told))
    return reader.read(arrival)


def _media(sid: str, told: dict[str, str]) -> list[WantedFile]:
    """The pictures of a message; what they are called Twilio doesn't say."""
    count = int(told["NumMedia"]) if told.get("NumMedia", "").isdigit() else 0
    found = []
    for number in range(min(count, MOST_MEDIA)):
        kind, url = told.get(f"MediaContentType{number}", ""), told.get(f"MediaUrl{number}", "")
        name = f"{number + 1}{mimetypes.guess_extension(kind) or ''}"
        found += [WantedFile(f"{sid}:{number}", name, kind, {"url": url})] if url else []
    return found
