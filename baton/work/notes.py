"""Writing down what happened: a note, a call, a meeting, a text. It becomes an interaction on the deal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.members.models import Member
from baton.work.looking import deal_seen_by

LOGGED = {
    "note": "internal",
    "call": "out",
    "meeting": "internal",
    "text": "out",
    "chat": "out",
    "document": "internal",
}
"""What can be written down by hand, and who spoke to whom unless told."""

Described = tuple[str, str, int, str, bool, str]


def log(
    deal: Deal,
    kind: str,
    text: str,
    *,
    by: Member,
    at: datetime,
    direction: str = "",
    happened_at: datetime | None = None,
    minutes: int | None = None,
    files: tuple[Described, ...] = (),
    documents: tuple[dict[str, str], ...] = (),
    channel: str = "screen",
) -> Interaction:
    """Record what a member did or noted, on the deal and with its contact, read by everyone who sees the deal.

    `files` are those already in the file store: (name, content type, size in bytes, sha256, inline, content id).
    """
    deal_seen_by(by, deal.pk)
    told = {"happened_at": happened_at, "minutes": minutes, "files": files, "documents": documents}
    one = written(deal, kind, text, by=by, at=at, direction=direction, channel=channel, **told)
    batch = record(interactions=[one], by=Author(by, channel), at=at)
    return batch.row("interaction", one.id)


def written(
    deal: Deal,
    kind: str,
    text: str,
    *,
    by: Member,
    at: datetime,
    direction: str = "",
    happened_at: datetime | None = None,
    minutes: int | None = None,
    files: tuple[Described, ...] = (),
    documents: tuple[dict[str, str], ...] = (),
    channel: str = "screen",
) -> NewInteraction:
    """Return the interaction to record, so that other verbs can record it together with what follows from it."""
    if kind not in LOGGED:
        raise Refusal(_("A note, a call, a meeting, a text, a chat or a document can be written down here."))
    if not text.strip() and not files:
        raise Refusal(_("Write what happened, in a few words."))
    if happened_at and happened_at > at:
        raise Refusal(_("That hasn’t happened yet. Set it as the next step instead."))
    return NewInteraction(
        kind,
        direction or LOGGED[kind],
        channel,
        happened_at or at,
        subject=_first_line(text),
        text=text.strip(),
        from_name=by.name,
        from_address=by.email,
        author=by,
        trust="own",
        minutes=minutes,
        parts={"documents": list(documents)} if documents else {},
        files=files,
        filed=filed_on(deal),
    )


def filed_on(deal: Deal) -> dict[str, Any]:
    """Return where something written on a deal is filed."""
    return {
        "deal": str(deal.pk),
        "contact": _text(deal.contact_id),
        "company": _text(deal.company_id),
        "audience": "full",
        "because": "",
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0][:120] if lines else ""
