"""From what a visitor posted to a message: pure, in the limited child."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from baton.capture.arrival import Arrival, Party
from baton.capture.untrusted import Unreadable
from baton.channels.spoken import Reader, digest, moment_of, table

LONGEST_SUBJECT = 80


def read_enquiry(raw: bytes, **who_we_are: Any) -> Arrival:
    """Read one enquiry. Raises `Unreadable` for what isn't one."""
    told, reader = table(raw), Reader(**who_we_are)
    if not told.get("email"):
        raise Unreadable("It names no address to answer to.")
    sender = Party(str(told.get("name", "")), str(told["email"]).lower())
    text = _text(told)
    arrival = Arrival("form", digest("form", raw.decode()), sent_at=moment_of(told.get("at")), text=text, sender=sender)
    arrival.subject = arrival.stem = _subject(told)
    arrival.claimed, arrival.quoted = sender.address, _around(told)
    arrival.parts = {
        "to": [{"name": told.get("form", ""), "address": ""}],
        "came_from": {name: told[name] for name in ("page", "referrer", "campaign") if told.get(name)},
        "phone": reader.number(told.get("phone")),
        "company": str(told.get("company", "")),
        **({"consent": {"words": told["consent"], "at": told["at"]}} if told.get("consent") else {}),
    }
    return reader.read(arrival)


def _text(told: dict[str, Any]) -> str:
    lines = [f"{label}: {answer}" for label, answer in told.get("answers", [])]
    reached = [str(told[name]) for name in ("company", "phone") if told.get(name)]
    return "\n\n".join(filter(None, [str(told.get("message", "")), "\n".join(lines), ", ".join(reached)]))


def _subject(told: dict[str, Any]) -> str:
    """Return the first words of the message, as one would call the enquiry; else who asks."""
    words = " ".join(str(told.get("message", "")).partition("\n")[0].split())
    if len(words) > LONGEST_SUBJECT:
        words = words[:LONGEST_SUBJECT].rpartition(" ")[0] + " …"
    return words or f"{told.get('form', '')}: {told.get('name', '')}"


def _around(told: dict[str, Any]) -> str:
    """Return what came along with the words: where the visitor was, came from, and agreed to."""
    campaign = ", ".join(f"{name} {value}" for name, value in (told.get("campaign") or {}).items())
    said = [("Form", told.get("form")), ("Page", told.get("page")), ("Came from", told.get("referrer"))]
    said += [("Campaign", campaign), ("Agreed to", told.get("consent")), ("At", told.get("at"))]
    return "\n".join(f"{name}: {value}" for name, value in said if value)


def source_of(parts: dict[str, Any], form: str) -> str:
    """Return how a visitor came to the form, in a few words: the campaign, else the website that led here."""
    came = parts.get("came_from") or {}
    campaign = came.get("campaign") or {}
    words = [campaign[name] for name in ("utm_source", "utm_medium", "utm_campaign") if campaign.get(name)]
    host = (urlsplit(came.get("referrer", "")).hostname or "").removeprefix("www.")
    own = (urlsplit(came.get("page", "")).hostname or "").removeprefix("www.")
    if words:
        return f"{form}: {' / '.join(words)}"
    return f"{form}: {host}" if host and host != own else form
