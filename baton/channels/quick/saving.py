"""A quick line becomes record: the interaction, and what it says of the deal, in one `record()`.

Exactly once, whatever a phone without a line sends again: all identifiers follow from the member, the client's own
key and the line. Saving always works: what can't be recorded as it was read is kept as the note that it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.channels.quick.chips import Chip
from baton.channels.quick.drafts import QUICK, Draft, Line
from baton.channels.quick.entries import WRITERS
from baton.channels.quick.meant import about, field_meant
from baton.kernel.ids import derived
from baton.kernel.verdict import Conflict, Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, NewInteraction
from baton.ledger.models import Contact, Deal, Interaction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.looking import deal_seen_by

NEEDS_A_DEAL = {"promise", "ask", "exception", "amount", "next_step", "outcome", "move", "date", "hours"}
PEOPLE = {"interaction", "contact", "company", "deal", "member", "note"}
LOGGED = {"call", "meeting", "text", "chat", "email"}


@dataclass(frozen=True, slots=True)
class Saved:
    """What was recorded. `already` says that this line was here before; `left_out` why something stayed a note only."""

    interaction: UUID
    deal: UUID | None = None
    recorded: tuple[str, ...] = ()
    already: bool = False
    left_out: str = ""


def save(line: Line, *, by: Member, at: datetime) -> Saved:
    """Record a line. Refuses only who may not write, and a deal that they can't see."""
    draft = Draft(line, by, at, current_map(), print_of(line, by))
    known = Interaction.objects.visible_to(by).filter(fingerprint=draft.print).first()
    if known is not None:
        return Saved(known.pk, known.deal_id, already=True)
    try:
        return _record(draft)
    except Conflict:
        raise
    except Refusal as why:
        return _note_only(draft, why)


def print_of(line: Line, by: Member) -> str:
    """Return what tells this line from all others: the same member, key and words are the same line."""
    return hashlib.sha256("\x1f".join((QUICK, str(by.pk), line.key, line.text)).encode()).hexdigest()


def _note_only(draft: Draft, why: Refusal) -> Saved:
    """Keep the line where something in it couldn't be recorded as read; who may not write at all is refused."""
    if not draft.by.may_write or (draft.line.deal and not _sees(draft.by, draft.line.deal)):
        raise why
    deal = next((chip for chip in draft.line.chips if chip.kind == "deal" and "id" in chip.value), None)
    plain = replace(draft.line, chips=(deal,) if deal and _sees(draft.by, deal.value["id"]) else ())
    saved = _record(Draft(plain, draft.by, draft.at, draft.map, draft.print))
    return replace(saved, left_out=why.sentence)


def _sees(member: Member, deal: UUID | str) -> bool:
    return Deal.objects.visible_to(member).filter(pk=deal).exists()


def _record(draft: Draft) -> Saved:
    _place(draft)
    begun = len(draft.entries)
    new = _interaction(draft)
    for chip in draft.line.chips:
        writer = WRITERS.get(chip.kind)
        if writer and (draft.deal is not None or chip.kind not in NEEDS_A_DEAL):
            writer(draft, chip)
    _write(draft, begun, new)
    return Saved(new.id, draft.deal.pk if draft.deal else None, tuple(draft.recorded))


def _write(draft: Draft, begun: int, new: NewInteraction) -> None:
    """Record all of it in one transaction; whom it is about comes first, since only what is there can be worked on."""
    author = Author(draft.by, draft.channel)
    with writing():
        record(draft.entries[:begun], interactions=[new], by=author, at=draft.at)
        record(draft.entries[begun:], by=author, at=draft.at)


# Whom it is about


def _place(draft: Draft) -> None:
    """Find the contact, the company and the deal, or begin those that are new."""
    named = {chip.kind: chip for chip in draft.line.chips if chip.kind in {"contact", "company", "deal"}}
    if draft.line.deal or "id" in _value(named, "deal"):
        draft.deal = deal_seen_by(draft.by, draft.line.deal or UUID(named["deal"].value["id"]))
        draft.contact, draft.company = draft.deal.contact_id, draft.deal.company_id
    draft.company = _customer(draft, "company", named.get("company")) or draft.company
    draft.contact = _customer(draft, "contact", named.get("contact")) or draft.contact
    if draft.company is None and draft.contact and "id" in _value(named, "contact"):
        known = Contact.objects.visible_to(draft.by).filter(pk=draft.contact).first()
        draft.company = known.company_id if known else None
    if draft.deal is None and "new" in _value(named, "deal"):
        _open_deal(draft, named["deal"])


def _value(named: dict[str, Chip], kind: str) -> dict[str, Any]:
    return named[kind].value if kind in named else {}


def _customer(draft: Draft, kind: str, chip: Chip | None) -> UUID | None:
    if chip is None:
        return None
    if "id" in chip.value:
        return UUID(chip.value["id"])
    key = derived(QUICK, draft.print, kind)
    name = " ".join(str(chip.value["new"]).split())[:300]
    draft.tell(kind, key, chip, name=name)
    if kind == "contact" and draft.company:
        draft.tell(kind, key, chip, company=str(draft.company))
    draft.recorded.append(_("new: %(name)s") % {"name": name})
    return key


def _open_deal(draft: Draft, chip: Chip) -> None:
    if draft.map.conflict_check:
        raise Refusal(_("Check for conflicts of interest first: the map opens no deal before the check is recorded."))
    stage = draft.map.first_stage
    title = " ".join(str(chip.value["new"]).split())[:300]
    deal = Deal(id=derived(QUICK, draft.print, "deal"), title=title, stage=stage.id, desk=stage.desk)
    deal.contact_id, deal.company_id, deal.status = draft.contact, draft.company, "open"
    deal.currency = draft.map.currency
    told = {"title": title, "stage": stage.id, "desk": stage.desk, "owner": str(draft.by.pk)}
    told |= {"contact": str(draft.contact)} if draft.contact else {}
    told |= {"company": str(draft.company)} if draft.company else {}
    draft.tell("deal", deal.pk, chip, **told)
    draft.recorded.append(_("deal: %(title)s") % {"title": title})
    draft.deal = deal


def _interaction(draft: Draft) -> NewInteraction:
    told = next((chip.value for chip in draft.line.chips if chip.kind == "interaction"), {})
    kind = draft.line.kind or told.get("kind") or "note"
    outwards = told.get("direction") or ("out" if kind in LOGGED else "internal")
    filed = _filed(draft)
    return NewInteraction(
        kind,
        outwards if kind != "note" else "internal",
        draft.channel,
        draft.happened_at,
        subject=draft.line.text.strip().splitlines()[0][:120] if draft.line.text.strip() else "",
        text=draft.line.text,
        from_name=draft.by.name,
        from_address=draft.by.email,
        author=draft.by,
        fingerprint=draft.print,
        trust="said" if kind == "email" else "own",
        holders=() if filed else (draft.by.pk,),
        files=draft.line.files,
        filed=filed,
        unfiled_because="" if filed else _("The line doesn’t say whom it is about."),
        thread=draft.line.said_in.thread if draft.line.said_in else None,
        parts=draft.line.said_in.parts if draft.line.said_in else {},
        id=draft.interaction,
    )


def _filed(draft: Draft) -> dict[str, Any] | None:
    if not (draft.deal or draft.contact or draft.company):
        return None
    return {
        "deal": str(draft.deal.pk) if draft.deal else None,
        "contact": str(draft.contact) if draft.contact else None,
        "company": str(draft.company) if draft.company else None,
        "audience": "full",
        "because": _("Typed by %(name)s.") % {"name": draft.by.name},
    }


def kept_as_note(chips: tuple[Chip, ...], text: str, deal: bool, operating_map: OperatingMap) -> Iterator[Chip]:
    """Yield the chips that become no entry of their own: they stay in the line, which is kept whole."""
    for chip in chips:
        recorded = chip.kind in PEOPLE or (chip.kind in WRITERS and (deal or chip.kind not in NEEDS_A_DEAL))
        if chip.kind in {"date", "hours"}:
            recorded = recorded and bool(field_meant(operating_map, chip.kind, about(chip, text)))
        if not recorded:
            yield chip
