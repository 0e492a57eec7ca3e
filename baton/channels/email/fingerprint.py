"""The identity of a message, whatever brought it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime


def fingerprint(
    *,
    date: datetime | None,
    date_raw: str,
    from_email: str,
    subject: str,
    text: str,
    html: str | None,
    attachments: Iterable[str] = (),
) -> str:
    """A digest over date, sender, subject, the whole body and the attachments' digests.

    Message-ID, recipients, transport headers, line ends and wrapping of blanks don't enter it: two copies of one
    mail agree, and another mail that claims the same Message-ID doesn't.
    """
    moment = date.isoformat() if date else _unbroken(date_raw)
    digest = hashlib.sha256()
    for piece in (moment, from_email, _unbroken(subject), _unbroken(text), _unbroken(html or ""), *sorted(attachments)):
        data = piece.encode("utf-8", "replace")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _unbroken(text: str) -> str:
    return " ".join(text.split())
