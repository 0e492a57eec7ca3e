"""Letters for a first look, as a mailbox holds them."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime


def letter(who: str, to: str, subject: str, at: datetime, number: int, answers: int = 0, *files: str) -> bytes:
    """Return one message; `answers` is the number of the one it replies to, `files` are names of what it carries."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = who, to, subject
    message["Date"], message["Message-ID"] = format_datetime(at), f"<{number}@mail.example>"
    if answers:
        message["In-Reply-To"] = f"<{answers}@mail.example>"
    message.set_content("Some words of a person.")
    for name in files:
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def mbox_of(*letters: bytes) -> bytes:
    """Return a mailbox of these messages."""
    return b"".join(b"From x Mon Nov 16 09:00:00 2026\n" + one + b"\n" for one in letters)
