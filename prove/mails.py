"""The mails of a proof: each with a number, every fifth with a file, and what must stand recorded of each."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from prove.business import CUSTOMER, OWNER

WITH_FILE = 5


def subject(number: int) -> str:
    """Return what a mail is known by."""
    return f"Mail {number}"


def attached(number: int) -> bytes:
    """Return the file of a mail, nothing for most."""
    return b"" if number % WITH_FILE else f"What mail {number} brings along.\n".encode() * 40


def mail(number: int, at: datetime) -> bytes:
    """Return the raw mail of this number, CRLF."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = CUSTOMER, OWNER, subject(number)
    made["Message-ID"], made["Date"] = f"<{number}@marlowe.example>", format_datetime(at)
    made.set_content(f"Could we start with part {number} on 1 December 2026? It may cost £{number + 100}.\n")
    if attached(number):
        made.add_attachment(attached(number), maintype="application", subtype="octet-stream", filename=f"{number}.bin")
    return made.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
