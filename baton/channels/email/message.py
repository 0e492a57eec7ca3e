"""What one email says, read once and never changed.

Everything here is plain values, so that a message can be read in the limited child and handed back.
"""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `email` is lower-cased and empty where only a name was given."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a message; `name` has no folders and no control characters. `size` is in bytes."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes = field(repr=False)
    inline: bool
    content_id: str


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar body as it came (RFC 6047). `method` is REQUEST, REPLY, CANCEL … or empty."""

    method: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class QuotedMessage:
    """An earlier message that this one quotes. The date stays in the words and the zone of whoever quoted it."""

    from_: Address | None
    subject: str
    date_raw: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message passed on inside this one, with what the sender wrote above it.

    `message` is set where the original came attached whole (message/rfc822).
    """

    from_: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    date_raw: str
    text: str
    comment: str
    message: "MailMessage | None" = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """The addresses a delivery failed for, split as RFC 3463 splits them: for good, or only for now."""

    permanent: tuple[str, ...]
    temporary: tuple[str, ...]
    original_message_id: str


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One email as read.

    `date` is aware UTC, or None where the header is absent, unreadable or implausible.
    `from_` is the person who wrote; where a mailing list put its own address there, `rewritten_from` keeps
    what the From header itself said, which is all that the transport's evidence speaks for.
    `shown_text` is the reply with the quotes it answers in place; `own_text` is only what was newly written.
    """

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    date: datetime | None
    date_raw: str
    from_: Address | None
    rewritten_from: Address | None
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    return_path: str | None
    list_id: str
    authentication_results: tuple[str, ...]
    has_dkim: bool
    text: str
    html: str | None
    own_text: str
    shown_text: str
    quoted_text: str
    signature: str
    quoted_before: tuple[QuotedMessage, ...]
    forwarded: tuple[Forwarded, ...]
    attachments: tuple[Attachment, ...]
    calendar_parts: tuple[CalendarPart, ...]
    kind: str
    kind_because: str
    bounce: Bounce | None
    language: str
    fingerprint: str
    defects: tuple[str, ...]
