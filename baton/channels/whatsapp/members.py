"""What members send from their own phone to the business's number: lines recorded, forwards filed, both answered.

Saved first, asked later: a message that names nobody waits in the member's Inbox, and the answer asks whose it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import inbox
from baton.capture.grammar.people import phones_in
from baton.capture.models import Connection, Delivery, Fetching
from baton.channels.quick.chips import Chip
from baton.channels.quick.directory import Match
from baton.channels.quick.drafts import Line
from baton.channels.quick.known import LedgerDirectory
from baton.channels.quick.line import read_line
from baton.channels.quick.saving import save
from baton.channels.whatsapp.adapter import WHATSAPP
from baton.channels.whatsapp.sending import answer
from baton.kernel.verdict import Refusal
from baton.ledger.models import Address, Contact, Deal, Interaction, InteractionText
from baton.map.current import current_map
from baton.members.models import Member

CALLER = "capture"
ASKED_WITHIN = timedelta(minutes=30)
"""How long an answer to “whose is it?” counts as one."""


@dataclass(slots=True)
class Place:
    """Where a message belongs, as far as its words say."""

    deal: Deal | None = None
    contact: Contact | None = None


def answer_member(delivery: Delivery, at: datetime) -> None:
    """File or record what a member sent from their own phone, and answer where it went."""
    member = delivery.as_member
    interaction = Interaction.objects.unscoped(CALLER).filter(pk=delivery.interaction_id).first() if member else None
    number = _own_number(interaction) if interaction else ""
    if member is None or interaction is None or not number:
        return
    said = _done(interaction, member, at)
    connection = Connection.objects.unscoped(CALLER).filter(pk=delivery.evidence.get("connection")).first()
    if connection is not None:
        answer(connection, number, said, key=str(interaction.pk), at=at)


def _own_number(row: Interaction) -> str:
    """Return the member's number where it is they who wrote: forwarded, or to the business itself."""
    if row.parts.get("passed_on_by"):
        return str(row.parts["passed_on_by"])
    return row.from_address if row.direction == "internal" else ""


def _done(interaction: Interaction, member: Member, at: datetime) -> str:
    words = InteractionText.objects.visible_to(member).filter(pk=interaction.pk).values_list("own", flat=True).first()
    carries = Fetching.objects.unscoped(CALLER).filter(interaction=interaction.pk).exists()
    if interaction.parts.get("passed_on_by") or carries:
        return _filed(interaction, words or "", member, at)
    asked = _waiting(interaction, member, at)
    place = place_in(words or "", member)
    if asked is not None and (place.deal or place.contact) and len((words or "").split()) <= SHORT:
        inbox.set_aside(interaction, by=member, at=at, channel=WHATSAPP)
        return _filed(asked, words or "", member, at)
    return _typed(interaction, words or "", member, at)


SHORT = 6
"""More words than these are no answer to “whose is it?” but something new."""


def _waiting(interaction: Interaction, member: Member, at: datetime) -> Interaction | None:
    """Return the message that this member passed on just now and that nobody could place."""
    rows = Interaction.objects.visible_to(member).unfiled().filter(channel=WHATSAPP, holders__member=member)
    recent = rows.filter(recorded_at__gt=at - ASKED_WITHIN).exclude(pk=interaction.pk).order_by("-recorded_at")
    return next((row for row in recent[:10] if row.parts.get("passed_on_by") or row.parts.get("asked")), None)


def _filed(interaction: Interaction, words: str, member: Member, at: datetime) -> str:
    place = place_in(words, member)
    if place.deal is None and place.contact is None:
        return _("Kept in your Inbox. Whose is it? Answer with a name or the deal.")
    inbox.file(interaction, by=member, at=at, deal=place.deal, contact=place.contact, channel=WHATSAPP)
    name = place.deal.title if place.deal else place.contact.name if place.contact else ""
    return _("Filed: %(name)s.") % {"name": name}


def _typed(interaction: Interaction, words: str, member: Member, at: datetime) -> str:
    """Record a line as the quick line does; the message that carried it is done."""
    try:
        saved = save(Line(words, _chips(words, member, at), str(interaction.pk), at), by=member, at=at)
        inbox.set_aside(interaction, by=member, at=at, channel=WHATSAPP)
    except Refusal as why:
        return why.sentence
    if saved.left_out:
        return _("Kept as a note. %(why)s") % {"why": saved.left_out}
    if saved.recorded:
        return _("Recorded: %(what)s.") % {"what": "; ".join(saved.recorded)}
    return _("Recorded.") if saved.deal else _("Recorded. It waits in your Inbox: it names nobody that Baton knows.")


def place_in(words: str, member: Member) -> Place:
    """Return whom words are about, where they leave no doubt: by a number in them, else by a name."""
    place = Place(contact=_by_number(words, member))
    directory = LedgerDirectory(member)
    for name in _names_in(words):
        place.contact = place.contact or _only(Contact, directory.contacts(name), member)
        place.deal = place.deal or _only(Deal, directory.deals(name, None, None), member)
    if place.deal is None and place.contact is not None:
        theirs = Deal.objects.visible_to(member).filter(contact=place.contact.pk, status__in=("open", "won"))
        place.deal = theirs.first() if theirs.count() == 1 else None
    return place


NAME = re.compile(r"\b[^\W\d_a-zčćžšđäöüß][\w'’-]+(?: [^\W\d_a-zčćžšđäöüß][\w'’-]+){0,3}")
MOST_NAMES = 6


def _names_in(words: str) -> list[str]:
    """Return what may be names: a short answer as a whole, else words that begin with capitals, longest first."""
    whole = [" ".join(words.split()).strip(".,:;!?")] if len(words.split()) <= SHORT else []
    found = sorted(NAME.findall(words[:2000]), key=lambda name: -len(name.split()))
    return list(dict.fromkeys([*whole, *found]))[:MOST_NAMES]


def _only(model: Any, matches: list[Match], member: Member) -> Any:
    """The one who is meant; nobody where two could be, or where only the beginning of a name fits."""
    good = [match for match in matches if match.score >= SURE]
    return model.objects.visible_to(member).filter(pk=UUID(good[0].id)).first() if len(good) == 1 else None


SURE = 0.7


def _by_number(words: str, member: Member) -> Contact | None:
    numbers = [phone.number for phone in phones_in(words, current_map().country or "GB")]
    ids = set(Address.objects.filter(kind="phone", value__in=numbers).values_list("contact", flat=True)) - {None}
    return Contact.objects.visible_to(member).filter(pk__in=ids).first() if len(ids) == 1 else None


def _chips(words: str, member: Member, at: datetime) -> tuple[Chip, ...]:
    """Read a line for this member; a deal is added where whoever is named has but one."""
    directory = LedgerDirectory(member)
    operating_map = current_map()
    zone, language = member.zone or operating_map.hours.zone, (member.language or "")[:2] or None
    read = read_line(words, now=at, zone=zone, language=language, currency=operating_map.currency, known=directory)
    chips = read.chips
    named = {chip.kind: chip.value.get("id") for chip in chips}
    if "deal" in named or not (named.get("contact") or named.get("company")):
        return chips
    theirs = directory.deals("", named.get("contact"), named.get("company"))
    if len(theirs) != 1:
        return chips
    return (*chips, Chip("deal", theirs[0].label, {"id": theirs[0].id}, (0, 0), 0.6))
