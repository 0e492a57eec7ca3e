"""What all channels with phone numbers share when they read: short messages and calls, who speaks, what it says.

Read in the limited child, without Django.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from baton.capture.arrival import Arrival, ArrivedFile, Party
from baton.capture.grammar import read_text
from baton.capture.untrusted import Unreadable
from baton.channels.email.languages import language_of
from baton.kernel.phones import country_of, e164
from baton.kernel.texts import writable_in

MOST_CHARACTERS_READ = 20_000
ANSWERS = [
    "baton.capture.arrival.Arrival",
    "baton.capture.arrival.ArrivedFile",
    "baton.capture.arrival.Notice",
    "baton.capture.arrival.Party",
    "baton.capture.arrival.WantedFile",
    "baton.capture.grammar.reading.Reading",
]
"""What may come back from the child."""


class Reader:
    """Who we are, where, and with which money: what must be known to read a message or a call."""

    def __init__(self, *, ours: list[str], our_domains: list[str], zone: str, currency: str, at: datetime) -> None:
        self.ours, self.zone, self.currency, self.at = frozenset(ours), zone, currency, at
        self.country = country_of("", zone)

    def number(self, text: Any) -> str:
        """Return a number in E.164; what isn't one (a name, a short code, `anonymous`) as nothing."""
        return e164(str(text or "").removeprefix("whatsapp:").removeprefix("tel:"), self.country)

    def read(self, arrival: Arrival) -> Arrival:
        """Read the words of a message of a person: its language, dates, amounts, promises."""
        arrival.language = language_of(arrival.text)
        sender = arrival.sender.address if arrival.sender else ""
        arrival.readings = tuple(
            read_text(
                arrival.text[:MOST_CHARACTERS_READ],
                written_at=arrival.sent_at or self.at,
                zone=self.zone,
                language=arrival.language,
                from_us=sender in self.ours or sender in arrival.ours,
                currency=self.currency,
            )
        )
        return arrival


def digest(*parts: str) -> str:
    """Return the key under which later messages find one by its own id."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def spoken(
    kind: str, own_id: str, *, sender: Party, to: Party, ours: str, sent_at: datetime | None, text: str = ""
) -> Arrival:
    """Return one message or call between a number of ours and one of theirs.

    What is said with one number within a month is one conversation, whether called, written or chatted.
    """
    theirs = to if sender.address == ours else sender
    if sender is theirs and not sender.address and not sender.name:
        sender = Party("Number withheld", "")
    arrival = Arrival(kind, digest(kind, own_id), sent_at=sent_at, text=text, sender=sender, to=(to,), is_reply=True)
    arrival.ids = (digest("id", own_id),)
    arrival.ours = (ours,) if ours else ()
    arrival.topic = digest("number", theirs.address) if theirs.address else ""
    arrival.parts = {"to": [{"name": to.name, "address": to.address}]}
    return arrival


def minutes(seconds: Any) -> int | None:
    """Return a length in whole minutes, one at least; None where it isn't known."""
    try:
        whole = int(float(seconds))
    except (TypeError, ValueError):
        return None
    return max(1, round(whole / 60)) if whole > 0 else None


def moment(seconds: Any) -> datetime | None:
    """Return a Unix time (seconds, as a number or as text) as a moment; None where it is none."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def table(raw: bytes) -> dict[str, Any]:
    """Return the JSON object of these bytes. Raises `Unreadable` for anything else."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError) as why:
        raise Unreadable("It isn’t the JSON that this channel sends.") from why
    if not isinstance(told, dict):
        raise Unreadable("It isn’t the JSON that this channel sends.")
    return dict(writable_in(told))


def with_file(told: dict[str, Any], content: bytes = b"") -> bytes:
    """Return a message and the bytes that belong to it as one raw delivery: a line of JSON, then the bytes."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode() + b"\n" + content


def without_file(raw: bytes) -> tuple[dict[str, Any], bytes]:
    """Take apart what `with_file` made."""
    line, _, content = raw.partition(b"\n")
    return table(line), content


def arrived(name: str, content_type: str, content: bytes) -> ArrivedFile:
    """Return a file that came with a message."""
    return ArrivedFile(name, content_type, len(content), hashlib.sha256(content).hexdigest(), content, False, "")


def moment_of(text: Any) -> datetime | None:
    """Return a time in ISO 8601 as a moment; None where it is none, or says no zone."""
    try:
        at = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else None
