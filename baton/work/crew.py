"""A packet for crew without an account: an address that shows what one handoff carries, until it ends.

Whoever has the address sees what its maker chose of the packet, as it stands now and as the maker may see it: never a
mail, never the deal. When the maker leaves, or no longer sees the deal, it leads nowhere.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from baton.capture.grammar.people import phones_in
from baton.kernel import words
from baton.kernel.phones import e164, shown
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.models import Contact, Deal, File, Interaction
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.handoffs import definition_of
from baton.work.models import CrewAddress, CrewOpening, Handoff
from baton.work.packets import Item, packet_of
from baton.work.seats import may_act_for

DAYS = (1, 7, 14, 30, 90)
USUALLY = 14
MOST_ADDRESSES = 30
MOST_OPENINGS = 200
AGAIN_AFTER = timedelta(minutes=30)
"""Opened again on the same device within this time counts as the same look."""
SHOWN_STATES = {Handoff.State.OFFERED, Handoff.State.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to ring on site; `phone` as people write it."""

    name: str
    phone: str = ""

    @property
    def tel(self) -> str:
        """Return the number as a phone dials it."""
        return e164(self.phone, current_map().country) or "".join(sign for sign in self.phone if sign in "+0123456789")


@dataclass(frozen=True, slots=True)
class Carried:
    """What an address shows: the deal's title, items with who can be rung about each, files."""

    title: str
    items: list[tuple[Item, list[Person]]]
    files: list[File] = field(default_factory=list)


class Ended(Refusal):
    """The address leads nowhere any more; the sentence says why, and whom to ask."""


def offered_items(handoff: Handoff, member: Member, at: datetime) -> list[tuple[Item, bool]]:
    """Return the packet's items as they stand now, each with whether it is shown unless somebody says otherwise.

    Money is for us: a crew needs no price to do the work.
    """
    return [(item, not _is_money(item)) for item in _items(handoff, member, at) if item.key != "files"]


def _is_money(item: Item) -> bool:
    known = current_map().fields.get(item.field) if item.field else None
    return "price" in item.key or (known.type == "money" if known else item.key == "amount")


def _items(handoff: Handoff, member: Member, at: datetime) -> list[Item]:
    definition = definition_of(handoff, current_map())
    deal = Deal.objects.visible_to(member).filter(pk=handoff.deal_id).first()
    return list(packet_of(deal, definition, member=member, at=at).items) if definition and deal else []


def offered_files(handoff: Handoff, member: Member, at: datetime) -> list[File]:
    """Return the files that the packet carries and the member may read."""
    named: set[str] = set()
    for item in _items(handoff, member, at):
        named |= {str(one) for one in item.raw} if isinstance(item.raw, list) and item.key == "files" else {item.value}
    here = Interaction.objects.visible_to(member).filter(deal=handoff.deal_id).values("pk")
    rows = File.objects.visible_to(member).filter(interaction__in=here, inline=False).order_by("name", "-id")
    return [row for row in rows if row.name in named]


def share(
    handoff: Handoff,
    *,
    name: str,
    items: Collection[str],
    files: Collection[UUID],
    days: int,
    by: Member,
    at: datetime,
) -> tuple[CrewAddress, str]:
    """Make an address; return it with its secret, which is told this once. Refuses who only reads, and an empty one."""
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    if handoff.state not in SHOWN_STATES:
        raise Refusal(_("This handoff came back or was taken back: share the next one."))
    if not name.strip():
        raise Refusal(_("Say whom it is for: it tells you later who opened it."))
    chosen = [item.key for item, _usually in offered_items(handoff, by, at) if item.key in items]
    taken = [str(file.pk) for file in offered_files(handoff, by, at) if file.pk in files]
    if not chosen and not taken:
        raise Refusal(_("Choose at least one thing that they should see."))
    token = secrets.token_urlsafe(24)
    with writing():
        if addresses_of(handoff, at).count() >= MOST_ADDRESSES:
            raise Refusal(
                _("This packet has %(most)d addresses. End one that nobody needs.") % {"most": MOST_ADDRESSES}
            )
        until = at + timedelta(days=days if days in DAYS else USUALLY)
        row = CrewAddress(handoff=handoff, made_by=by, made_at=at, name=name.strip()[:120], token=_digest(token))
        row.items, row.files, row.expires_at = chosen, taken, until
        row.save(force_insert=True)
    return row, token


def _digest(token: str) -> str:
    return hashlib.sha256(f"crew\x1f{token}".encode()).hexdigest()


def addresses_of(handoff: Handoff, at: datetime | None = None) -> QuerySet[CrewAddress]:
    """Return the addresses of a handoff, newest first; with `at` only those that lead somewhere then."""
    rows = CrewAddress.objects.filter(handoff=handoff.pk).select_related("made_by", "ended_by").order_by("-made_at")
    return rows.filter(ended_at=None, expires_at__gt=at) if at else rows


def end(address: CrewAddress, *, by: Member, at: datetime) -> None:
    """End an address for good: its maker, those of the two desks, and who leads may. Ended twice is ended once."""
    handoff = Handoff.objects.visible_to(by).get(pk=address.handoff_id)
    drawn = current_map()
    sides = [may_act_for(by, desk, drawn) for desk in (handoff.from_desk, handoff.to_desk)]
    if not by.may_write or (address.made_by_id != by.pk and all(one.answer != "allow" for one in sides)):
        raise Refusal(_("Only who made it, and the desks that it goes between, end it."))
    CrewAddress.objects.filter(pk=address.pk, ended_at=None).update(ended_at=at, ended_by=by)


def opened_by(token: str, at: datetime) -> CrewAddress | None:
    """Return the address with this secret, None where there never was one. Raises `Ended` for one that is over."""
    row = CrewAddress.objects.select_related("made_by", "handoff").filter(token=_digest(token)).first()
    if row is None:
        return None
    told = {"name": row.made_by.name, "day": words.day(row.ended_at or row.expires_at, at)}
    if row.ended_at:
        raise Ended(_("This address was ended on %(day)s. Ask %(name)s for what you need.") % told)
    if row.expires_at <= at:
        raise Ended(_("This address was good until %(day)s. Ask %(name)s for a new one.") % told)
    if not _leads_somewhere(row):
        raise Ended(_("This address leads nowhere any more. Ask whoever gave it to you for a new one."))
    return row


def _leads_somewhere(row: CrewAddress) -> bool:
    maker = row.made_by
    seen = Handoff.objects.visible_to(maker).filter(pk=row.handoff_id, state__in=SHOWN_STATES)
    return maker.is_active and seen.exists()


def note_opening(address: CrewAddress, device: str, at: datetime) -> None:
    """Remember that it was opened, once a look."""
    rows = CrewOpening.objects.filter(address=address)
    if rows.filter(device=device, at__gt=at - AGAIN_AFTER).exists() or rows.count() >= MOST_OPENINGS:
        return
    with writing():
        CrewOpening.objects.create(address=address, device=device[:60], at=at)


def carried(address: CrewAddress, at: datetime) -> Carried:
    """Return what an address shows at that time: the items chosen, as they stand now, and the files chosen."""
    maker, handoff = address.made_by, address.handoff
    deal = Deal.objects.visible_to(maker).get(pk=handoff.deal_id)
    items = [one for one in _items(handoff, maker, at) if one.key in address.items]
    return Carried(deal.title, [(one, _people(one, maker)) for one in items], files_of(address))


def files_of(address: CrewAddress) -> list[File]:
    """Return the files that an address hands out, as far as its maker may read them."""
    wanted = [UUID(one) for one in address.files]
    return list(File.objects.visible_to(address.made_by).filter(pk__in=wanted).order_by("name"))


def _people(item: Item, maker: Member) -> list[Person]:
    """Return who can be rung: the contact that the item names, else the numbers that stand in its words."""
    key = item.raw.get("id") if isinstance(item.raw, dict) else item.raw if item.key == "contact" else None
    contact = Contact.objects.visible_to(maker).filter(pk=_uuid(key)).first() if _uuid(key) else None
    if contact is not None:
        return [Person(contact.name, contact.phone)] if contact.phone else []
    country = current_map().country or "GB"
    return [Person("", shown(one.number, country)) for one in phones_in(item.value, country)]


def _uuid(key: object) -> UUID | None:
    try:
        return UUID(str(key))
    except ValueError:
        return None
