"""What stands beside the timeline: the packet, promises, exceptions, questions, people, linked deals, past handoffs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.kernel import words
from baton.ledger.models import Contact, Deal, Interaction
from baton.web.deal.head import due_words
from baton.web.deal.seen import DealSeen
from baton.web.phone.reached import Lines, by_phone, lines_for
from baton.work.crew import SHOWN_STATES
from baton.work.models import Handoff, Promise, Question
from baton.work.packets import Item, Packet

ORDER = {"missing": 0, "stale": 1, "suggested": 2, "there": 3}
MOST_PEOPLE = 12


@dataclass(frozen=True)
class PacketRow:
    """One item of the packet as the aside shows it. `fact` is the suggestion that waits."""

    id: str
    field: str
    name: str
    has: str
    text: str
    age: str
    href: str
    why: str
    fact: UUID | None = None
    correct: str = ""


def packet_rows(seen: DealSeen, packet: Packet) -> list[PacketRow]:
    """Return the items, what is missing first; each is at the same place within its state as in the map."""
    rows = [_packet_row(seen, item) for item in packet.items]
    return sorted(rows, key=lambda row: ORDER.get(row.has, 9))


def _packet_row(seen: DealSeen, item: Item) -> PacketRow:
    of_deal = bool(item.field) and seen.field(item.field) is not None
    address = reverse("deal-field", args=[seen.deal.pk, item.field]) if of_deal else ""
    why = item.breaks or (_("The next desk asked for it.") if item.has != "there" else "")
    return PacketRow(
        id=f"packet-{item.key.replace('.', '-')}",
        field=item.field,
        name=item.name,
        has=item.has,
        text=item.suggested if item.has == "suggested" else item.value,
        age=_age(item),
        href=address,
        why=why,
        fact=item.suggestions[-1] if item.suggestions else None,
        correct=reverse("deal-field-value", args=[seen.deal.pk, item.field]) if of_deal else "",
    )


def _age(item: Item) -> str:
    return _("%(count)d days old") % {"count": item.age_days} if item.has == "stale" else ""


def packet_note(packet: Packet) -> str:
    """Say the packet in a line: "5 there, 2 suggested, 1 missing"."""
    names = {"there": _("there"), "suggested": _("suggested"), "stale": _("stale"), "missing": _("missing")}
    counts = {state: sum(item.has == state for item in packet.items) for state in names}
    return ", ".join(f"{counts[state]} {name}" for state, name in names.items() if counts[state])


@dataclass
class Promises:
    """Ours, what they asked of us (no promise), and theirs, apart."""

    ours: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    theirs: list[dict[str, Any]] = field(default_factory=list)


def promises_of(seen: DealSeen) -> Promises:
    """Return the promises on this deal, the open ones first and by when they are due."""
    found = Promises()
    rows = Promise.objects.visible_to(seen.member).filter(deal=seen.deal.pk).exclude(what="")
    ordered = sorted(rows, key=lambda one: (one.state != "open", one.due_at is None, str(one.due_at), str(one.pk)))
    for row in ordered:
        group = {"us": found.ours, "asked": found.asked}.get(row.who, found.theirs)
        group.append(_promise(seen, row))
    return found


def _promise(seen: DealSeen, row: Promise) -> dict[str, Any]:
    late = row.state == "open" and row.due_at is not None and row.due_at < seen.now
    who = _("You") if row.promised_by_id == seen.member.pk else seen.name_of(row.promised_by_id)
    due = due_words(row.due_at, seen.now) if row.due_at and row.state == "open" else ""
    settled = words.day(row.settled_at, seen.now) if row.settled_at else ""
    note = ", ".join(part for part in (who if row.who == "us" else "", due) if part)
    if row.state != "open":
        note = f"{row.get_state_display()}{f', {settled}' if settled else ''}"
    return {
        "pk": row.pk,
        "what": row.what,
        "note": note,
        "state": row.state,
        "due": "late" if late else "later",
        "open": row.state == "open",
    }


def exceptions_of(seen: DealSeen) -> list[dict[str, Any]]:
    """Return what was done differently from the map on this deal, newest first."""
    return [
        {
            "pk": row.pk,
            "what": row.what,
            "category": row.category,
            "reason": row.reason,
            "by": seen.name_of(row.decided_by_id),
            "at": words.day(row.recorded_at, seen.now),
            "reviewed": row.reviewed_at is not None,
        }
        for row in seen.cases
    ]


def questions_of(seen: DealSeen) -> list[dict[str, Any]]:
    """Return questions to colleagues, those without an answer first."""
    rows = Question.objects.visible_to(seen.member).filter(deal=seen.deal.pk).order_by("answered_at", "id")
    return [
        {
            "pk": row.pk,
            "text": row.text,
            "asked_by": _you(seen, row.asked_by_id),
            "asked_of": _you(seen, row.asked_of_id),
            "answer": row.answer,
            "open": row.answered_at is None,
        }
        for row in sorted(rows, key=lambda one: one.answered_at is not None)
    ]


def _you(seen: DealSeen, member_id: UUID | None) -> str:
    return _("You") if member_id == seen.member.pk else seen.name_of(member_id)


def people_of(seen: DealSeen) -> list[dict[str, Any]]:
    """Return the customer's people: who the deal names, and who took part; the first is the deal's own contact."""
    took_part = Interaction.objects.visible_to(seen.member).filter(deal=seen.deal.pk, contact__isnull=False)
    ids = set(took_part.values_list("contact", flat=True).distinct()[:MOST_PEOPLE])
    named = _named_in_fields(seen)
    known = seen.contacts_named({*ids, *named, *([seen.deal.contact_id] if seen.deal.contact_id else [])})
    ordered = sorted(known.values(), key=lambda one: (one.pk != seen.deal.contact_id, one.name_folded))
    lines = lines_for(seen.member) if any(one.phone for one in ordered) else Lines()
    return [_person(seen, one, named.get(one.pk, ""), lines) for one in ordered]


def _named_in_fields(seen: DealSeen) -> dict[UUID, str]:
    """Return contact id → the field that names them ("Key holder")."""
    named = {}
    for key, one in seen.map.fields.items():
        value = seen.deal.value(key)
        if one.type == "contact" and isinstance(value, dict) and value.get("id"):
            named[UUID(value["id"])] = one.name
    return named


def _person(seen: DealSeen, contact: Contact, part: str, lines: Lines) -> dict[str, Any]:
    heard = words.when(contact.last_heard_at, seen.now) if contact.last_heard_at else ""
    notes = [contact.job, part, _("last heard %(when)s") % {"when": heard} if heard else ""]
    return {
        "pk": contact.pk,
        "name": contact.name,
        "note": ", ".join(note for note in notes if note),
        "email": contact.email,
    } | by_phone(contact, lines, seen.deal.pk)


def linked_deals(seen: DealSeen) -> list[dict[str, Any]]:
    """Return the deals that this one opened or was opened from."""
    deal = seen.deal
    rows = Deal.objects.visible_to(seen.member).filter(Q(opened_from=deal.pk) | Q(pk=deal.opened_from_id))
    return [
        {
            "href": reverse("deal", args=[row.pk]),
            "title": row.title,
            "note": _("this one came from it") if row.pk == deal.opened_from_id else _("opened from this one"),
            "stage": seen.words("stage", row.stage),
        }
        for row in rows.order_by("title_folded", "id")[:20]
    ]


def handoffs_of(seen: DealSeen) -> list[Handoff]:
    """Return the handoffs of this deal, newest first."""
    return list(Handoff.objects.visible_to(seen.member).filter(deal=seen.deal.pk).order_by("-offered_at", "-id"))


def history_of(seen: DealSeen, passed: list[Handoff]) -> list[dict[str, Any]]:
    """Return the deal's way across desks in sentences."""
    return [
        {
            "text": f"{seen.words('desk', row.from_desk)} → {seen.words('desk', row.to_desk)}",
            "note": _handoff_note(seen, row),
            "state": row.state,
            "crew": reverse("handoff-crew", args=[row.pk]) if row.state in SHOWN_STATES else "",
        }
        for row in passed
    ]


def _handoff_note(seen: DealSeen, row: Handoff) -> str:
    offered = words.day(row.offered_at, seen.now) if row.offered_at else ""
    said = _("offered by %(name)s, %(day)s") % {"name": seen.name_of(row.offered_by_id), "day": offered}
    if row.state == Handoff.State.OFFERED or not row.decided_at:
        return said
    told = {
        "state": row.get_state_display().lower(),
        "name": seen.name_of(row.decided_by_id),
        "day": words.day(row.decided_at, seen.now),
    }
    return said + "; " + _("%(state)s by %(name)s, %(day)s") % told + (f": {row.because}" if row.because else "")
