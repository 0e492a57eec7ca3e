"""Writing down what happened: a note, a call, a meeting, a text. It becomes an interaction on the deal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, NewInteraction
from baton.ledger.models import Contact, Deal, Interaction
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
    cancelled: bool = False,
    of: str = "",
    channel: str = "screen",
) -> Interaction:
    """Record what a member did or noted, on the deal and with its contact, read by everyone who sees the deal.

    A meeting that was `cancelled` is recorded as one that did not take place. `of` names the calendar's meeting
    whose outcome it is (`<interaction>:<occurrence>`).
    `files` are those already in the file store: (name, content type, size in bytes, sha256, inline, content id).
    """
    deal_seen_by(by, deal.pk)
    told: dict[str, Any] = {"happened_at": happened_at, "minutes": minutes, "files": files, "documents": documents}
    told |= {"cancelled": cancelled, "of": of}
    one = written(deal, kind, text, by=by, at=at, direction=direction, channel=channel, **told)
    batch = record(interactions=[one], by=Author(by, channel), at=at)
    return batch.row("interaction", one.id)


def log_with(
    contact: Contact, kind: str, text: str, *, by: Member, at: datetime, direction: str = "", channel: str = "screen"
) -> Interaction:
    """Record what a member did or noted with a customer who has no deal yet."""
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    one = written(contact, kind, text, by=by, at=at, direction=direction, channel=channel)
    return record(interactions=[one], by=Author(by, channel), at=at).row("interaction", one.id)


UNDONE_WITHIN = timedelta(hours=1)


def take_back(interaction: Interaction, *, by: Member, at: datetime, channel: str = "screen") -> None:
    """Take back what a member has just written down by mistake: it counts as never said, and what it settled is owed.

    Raises `Refusal` for what somebody else wrote, what came from outside, and what has stood there for an hour.
    """
    ours = interaction.author_id == by.pk and interaction.trust == "own" and interaction.channel == channel
    if not ours or at - interaction.recorded_at > UNDONE_WITHIN:
        raise Refusal(_("Only what you wrote down within the last hour can be taken back."))
    because = _("Written down by mistake.")
    entries = [
        Entry("interaction", interaction.pk, "filed", None, because=because),
        Entry("interaction", interaction.pk, "set_aside", True, because=because),
    ]
    record(entries, by=Author(by, channel), at=at)


def written(
    deal: Deal | Contact,
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
    cancelled: bool = False,
    of: str = "",
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
        parts={k: v for k, v in (("documents", list(documents)), ("cancelled", cancelled), ("of", of)) if v},
        files=files,
        filed=filed_on(deal),
    )


def filed_on(deal: Deal | Contact) -> dict[str, Any]:
    """Return where something written on a deal, or with a contact who has none, is filed."""
    if isinstance(deal, Contact):
        company = _text(deal.company_id)
        return {"deal": None, "contact": str(deal.pk), "company": company, "audience": "full", "because": ""}
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
