"""Writing a mail on a deal: what was typed becomes a row of the outbox, to go out after a moment in which to undo."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import getaddresses
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from baton.capture import outbox, store
from baton.capture.ingesting import keep_raw
from baton.capture.models import Outgoing
from baton.channels.email.composing import Enclosed, Letter, new_message_id, undated
from baton.channels.email.continuing import Continued
from baton.channels.email.sending import SENDING, Written
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.members.models import Member
from baton.work.looking import deal_seen_by

UNDO = timedelta(seconds=10)
"""How long a mail waits before it goes out, so that it can be taken back."""
MOST_BYTES = 25 * 1024 * 1024
MOST_RECIPIENTS = 50
FARTHEST = timedelta(days=366)
Described = tuple[str, str, int, str, bool, str]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a member typed. `key` is the form's own, so that sending it twice sends once; `send_at` None is now.

    `files` lie in the file store already; `typed` is what the form held, to be given back when it is taken back.
    """

    to: Sequence[Pair]
    cc: Sequence[Pair]
    subject: str
    text: str
    key: str
    files: Sequence[Described] = ()
    going_on: Continued | None = None
    quote: bool = True
    send_at: datetime | None = None
    typed: dict[str, Any] = field(default_factory=dict)


def put_on_its_way(deal: Deal, typed: Typed, *, by: Member, at: datetime) -> Outgoing:
    """Put a mail of this member's in the outbox. Refuses one to nobody, too large, or for a moment gone by."""
    deal_seen_by(by, deal.pk)
    _refuse(typed, at)
    letter = _letter(typed, by)
    written = Written(
        by.email, [address for _name, address in (*typed.to, *typed.cc)], letter.message_id, typed.subject, typed.typed
    )
    return outbox.put(
        SENDING,
        f"mail:{by.pk}:{typed.key}",
        to=as_line((*typed.to, *typed.cc)),
        body=written.as_body(),
        at=at,
        send_at=typed.send_at or at + UNDO,
        member=by,
        deal=deal,
        raw_id=keep_raw(undated(letter)),
    )


def _refuse(typed: Typed, at: datetime) -> None:
    if not typed.to:
        raise Refusal(_("Say to whom it goes."))
    if len(typed.to) + len(typed.cc) > MOST_RECIPIENTS:
        raise Refusal(_("That is more people than one mail should go to."))
    if sum(size for _name, _type, size, *_rest in typed.files) > MOST_BYTES:
        raise Refusal(_("The files are larger than 25 MB together, which many mail servers refuse."))
    if typed.send_at and not at < typed.send_at < at + FARTHEST:
        raise Refusal(_("That moment is gone by, or more than a year away."))


def _letter(typed: Typed, by: Member) -> Letter:
    going_on = typed.going_on
    answering = going_on is not None
    return Letter(
        (by.name, by.email),
        typed.to,
        typed.subject,
        _whole(typed, by),
        cc=typed.cc,
        answers=going_on.answers if answering else "",
        references=going_on.references if answering else (),
        files=[Enclosed(name, kind, store.get(sha)) for name, kind, _size, sha, *_rest in typed.files],
        message_id=new_message_id(by.email),
    )


def _whole(typed: Typed, by: Member) -> str:
    """The words, the signature under the line that mail programs know (RFC 3676, 4.3), and what it goes on from."""
    parts = [typed.text.replace("\r\n", "\n").rstrip()]
    if by.signature.strip():
        parts.append("-- \n" + by.signature.replace("\r\n", "\n").strip())
    if typed.going_on and typed.quote and typed.going_on.below:
        parts.append(typed.going_on.below)
    return "\n\n".join(parts) + "\n"


def addresses(text: str) -> list[Pair]:
    """Return the people of a line of addresses, each once. Raises `Refusal` naming what is none."""
    found: dict[str, str] = {}
    line = re.sub(r"[,;\s]*[,;\n]\s*", ", ", text).strip(", ")
    for name, address in getaddresses([line]) if line else ():
        try:
            validate_email(address)
            address.encode("ascii")
        except (ValidationError, UnicodeEncodeError) as why:
            raise Refusal(_("“%(text)s” is no email address.") % {"text": (address or name or line)[:80]}) from why
        found.setdefault(address.lower(), name)
    return [(name, address) for address, name in found.items()]


def as_line(pairs: Sequence[Pair]) -> str:
    """Return people as a line of addresses, as it is typed and read."""
    return ", ".join(f"{_named(name)} <{address}>" if name else address for name, address in pairs)


def _named(name: str) -> str:
    plain = name.replace('"', "")
    return f'"{plain}"' if any(sign in plain for sign in ",;<>@()") else plain
