"""Inbox: what came in that couldn't be placed, and what people do with it. Every verb takes one key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baton.capture.arrival import Arrival, Party
from baton.capture.channels import share_of
from baton.capture.drafting import AUDIENCES, filing
from baton.capture.known import Known, Place, look_up
from baton.capture.models import Delivery, Silenced
from baton.capture.opening import Beginning, add_company, add_contact, may_open
from baton.capture.opening import open_deal as opened_deal
from baton.capture.ourselves import Course, Ourselves, course_of
from baton.capture.sources import arrival_of
from baton.capture.suggesting import Pending, Source, suggest
from baton.capture.suggestions import dismissals
from baton.kernel.phones import is_number
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Company, Contact, Deal, Interaction
from baton.ledger.recording import Batch, record
from baton.map.elements import Desk
from baton.members.models import Member

CALLER = "capture"
MOST_OF_A_THREAD = 200
MOST_SHEETS = 5
SIDE_CHANNEL_FOR = timedelta(days=14)
"""How long a spreadsheet that was sent around is worth a remark."""
QUIET = Q(direction="internal") | ~Q(automatic="")
INNER = Q(parts__has_key="inner")
"""Lines inside an imported chat: one of its lines stands in Inbox for all of them, and takes them along when filed."""


def waiting(member: Member) -> QuerySet[Interaction]:
    """Return what waits for somebody to say where it belongs, among what this member may see, newest first."""
    return _unfiled(member).exclude(QUIET).exclude(INNER)


def quiet(member: Member) -> QuerySet[Interaction]:
    """Return what belongs nowhere and asks for nothing: mail among ourselves, and what machines sent."""
    return _unfiled(member).filter(QUIET).exclude(INNER)


def side_channel(member: Member, at: datetime) -> list[Interaction]:
    """Return the mails of the last weeks in which a colleague sent the pipeline around as a spreadsheet, newest first.

    `parts["side_channel"]` of each holds its sheets: {"file", "sha256", "columns", "rows"}.
    """
    rows = Interaction.objects.visible_to(member).filter(happened_at__gte=at - SIDE_CHANNEL_FOR, direction="internal")
    marked = rows.filter(set_aside_at__isnull=True, parts__has_key="side_channel")
    return list(marked.order_by("-happened_at", "-pk")[:MOST_SHEETS])


def _unfiled(member: Member) -> QuerySet[Interaction]:
    return Interaction.objects.visible_to(member).unfiled().order_by("-happened_at", "-pk")


def parked(member: Member) -> QuerySet[Delivery]:
    """Return what was kept raw only, through this member's mailbox or a desk of theirs, newest first."""
    return Delivery.objects.visible_to(member).parked().order_by("-received_at", "-pk")


def put_away(delivery: Delivery) -> None:
    """Take what couldn't be read out of Inbox: somebody has seen that it is there. Its raw bytes stay."""
    delivery.state = Delivery.State.SEEN
    with writing():
        delivery.save(update_fields=["state"])


def candidates(interaction: Interaction, member: Member) -> list[Deal]:
    """Return the deals between which the rules could not choose, as far as this member sees them."""
    ids = [UUID(one) for one in interaction.parts.get("candidates", [])]
    return list(Deal.objects.visible_to(member).filter(pk__in=ids).order_by("title_folded", "pk")) if ids else []


def file(
    interaction: Interaction,
    *,
    by: Member,
    at: datetime,
    deal: Deal | None = None,
    contact: Contact | None = None,
    company: Company | None = None,
    channel: str = "screen",
) -> Batch:
    """File a message, and what waits of its conversation, where a person says; whoever wrote becomes a contact.

    Who sees it then is what the map says for its channel. What it suggests is asked from now on; what it had
    suggested elsewhere is taken back.
    """
    filer = _Filer(_readable(interaction, by), by, at, channel)
    filer.place = Place(
        _seen(deal, by),
        _seen(contact, by) or (deal.contact_id if deal and _is_from(deal.contact_id, filer) else None),
        _seen(company, by) or (deal.company_id if deal else None) or (contact.company_id if contact else None),
    )
    if filer.place.deal is None and filer.place.contact is None and filer.place.company is None:
        raise Refusal(_("Say which deal, contact or company it belongs to."))
    filer.add_whoever_wrote()
    return filer.file(_("%(member)s filed it here.") % {"member": by.short_name})


refile = file


def open_deal(
    interaction: Interaction,
    *,
    by: Member,
    at: datetime,
    desk: Desk | None = None,
    title: str = "",
    company_name: str = "",
    channel: str = "screen",
) -> Batch:
    """Open a deal from a message, with contact and company, at the desk where enquiries begin.

    A company never comes from a free-mail domain. Where the map wants a conflict check first, raises `Refusal`
    until one is recorded on the message. A deal that was suggested out of a member's own conversation is theirs.
    """
    filer = _Filer(_readable(interaction, by), by, at, channel)
    if not filer.course.with_whom or not filer.course.with_whom.address:
        raise Refusal(_("The message names nobody outside with an address. Open the deal from the deals page."))
    checked = interaction.values.get("conflict_check", {}).get("v")
    if checked != "cleared":
        may_open(filer.us.map).or_refuse()
    owner = by if interaction.parts.get("begins") else None
    filer.open(desk or intake_desk(filer.us), title, company_name, checked=checked, owner=owner)
    return filer.file(_("%(member)s opened this deal from it.") % {"member": by.short_name})


def intake_desk(us: Ourselves) -> Desk:
    """Return the desk where enquiries begin: the one that opens deals by itself, else that of the first stage."""
    desks = us.map.desks
    opening = next((desk for desk in desks.values() if desk.opens_deals), None)
    return opening or desks[us.map.first_stage.desk]


def record_conflict_check(
    interaction: Interaction, *, cleared: bool, because: str, by: Member, at: datetime, channel: str = "screen"
) -> Batch:
    """Record that somebody checked for conflicts of interest before an enquiry opens, and what came of it."""
    value = "cleared" if cleared else "conflict"
    entry = Entry("interaction", interaction.pk, "conflict_check", value, because=because)
    return record([entry], by=Author(by, channel), at=at)


def set_aside(interaction: Interaction, *, by: Member, at: datetime, channel: str = "screen") -> Batch:
    """Take a message out of Inbox without filing it; it stays with whoever holds it."""
    return record([Entry("interaction", interaction.pk, "set_aside", True)], by=Author(by, channel), at=at)


def bring_back(interaction: Interaction, *, by: Member, at: datetime, channel: str = "screen") -> Batch:
    """Put a message that was set aside back into Inbox."""
    return record([Entry("interaction", interaction.pk, "set_aside", False)], by=Author(by, channel), at=at)


def share(interaction: Interaction, audience: str, *, by: Member, at: datetime, channel: str = "screen") -> Batch:
    """Say who sees a message besides those who hold it: `private`, `subject` or `full`. Only a holder may."""
    if audience not in set(AUDIENCES.values()):
        raise Refusal(_("Say who sees it: nobody else, everyone its subject, or everyone all of it."))
    if not Interaction.objects.visible_to(by).filter(pk=interaction.pk, held=True).exists():
        raise Refusal(_("Only somebody whose own mailbox brought it says who else sees it."))
    return record([Entry("interaction", interaction.pk, "audience", audience)], by=Author(by, channel), at=at)


def never_record(sender: str, *, by: Member, at: datetime) -> Silenced:
    """Have what comes from an address, or a whole domain, through this member's mailbox never recorded again."""
    plain = sender.strip().lower().removeprefix("@")
    if "." not in plain.rpartition("@")[2] and not is_number(plain):
        raise Refusal(_("That is neither an address nor a domain."))
    row, _new = Silenced.objects.get_or_create(member=by, sender=plain, defaults={"since": at})
    return row


def record_again(sender: str, *, by: Member) -> None:
    """Take back `never_record`."""
    Silenced.objects.filter(member=by, sender=sender.strip().lower().removeprefix("@")).delete()


def _readable(interaction: Interaction, by: Member) -> Interaction:
    row = Interaction.objects.visible_to(by).filter(pk=interaction.pk).first()
    if row is None or not row.readable:
        raise Refusal(_("There is no such message among those you can read."))
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    return row


def _seen(row: Any, by: Member) -> UUID | None:
    if row is None:
        return None
    if not type(row).objects.visible_to(by).filter(pk=row.pk).exists():
        raise Refusal(_("There is no such record among those you can see."))
    return row.pk


def _is_from(contact: UUID | None, filer: _Filer) -> bool:
    address = filer.course.with_whom.address if filer.course.with_whom else ""
    return contact is not None and any(one.pk == contact for one in filer.known.contacts_at(address))


@dataclass(slots=True)
class _Filer:
    """Files one message and what waits of its conversation, in one batch."""

    interaction: Interaction
    by: Member
    at: datetime
    channel: str
    us: Ourselves = field(init=False)
    arrival: Arrival = field(init=False)
    course: Course = field(init=False)
    known: Known = field(init=False)
    place: Place = field(default_factory=Place)
    entries: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.us = Ourselves.today()
        self.arrival = arrival_of(self.interaction, self.at) or _from_row(self.interaction)
        self.course = course_of(self.arrival, self.us)
        self.known = look_up([self.arrival])

    def add_whoever_wrote(self) -> None:
        """Find the contact of the other side, or add them; on a deal's company where there is one."""
        party = self.course.with_whom
        if self.place.contact or party is None or not party.address or self.interaction.automatic:
            return
        there = self.known.contacts_at(party.address)
        if there:
            self.place.contact = there[0].pk
        elif self.place.deal or self.place.company:
            beginning = self._beginning(party)
            self.place.contact = add_contact(beginning, self.known, self.place.company).pk
            self.entries += beginning.entries
        self.place.company = self.place.company or (there[0].company_id if there else None)

    def open(self, desk: Desk, title: str, company_name: str, *, checked: str | None, owner: Member | None) -> None:
        """Open a deal for the other side, with what is new of contact and company."""
        assert self.course.with_whom is not None
        beginning = self._beginning(self.course.with_whom)
        beginning.subject = title or " ".join(self.arrival.stem.split()) or self.interaction.subject
        beginning.company_name = company_name
        contact = next(iter(self.known.contacts_at(beginning.party.address)), None)
        self.place = opened_deal(beginning, self.known, self.us.map, desk)
        if contact is not None and contact.company_id is None and (company := add_company(beginning, self.known)):
            beginning.tell("contact", contact.pk, company=str(company.pk))
        if checked and self.place.deal:
            beginning.tell("deal", self.place.deal, conflict_check=checked)
        if owner and self.place.deal:
            beginning.tell("deal", self.place.deal, owner=str(owner.pk))
        self.entries += beginning.entries

    def _beginning(self, party: Party) -> Beginning:
        row = self.interaction
        because = _("From a message that %(member)s filed.") % {"member": self.by.short_name}
        source = _("Email") if row.kind == "email" else row.get_kind_display()
        return Beginning(party, row.subject, row.happened_at, row.pk, source, because)

    def file(self, because: str) -> Batch:
        """Record where it belongs, what it suggests there, and the rest of its conversation."""
        continued = _("It continues a conversation that %(member)s filed.") % {"member": self.by.short_name}
        rest = self._rest_of_thread()
        filings = [self._filing(self.interaction, because), *(self._filing(one, continued) for one in rest)]
        moved = [self.interaction.pk, *(one.pk for one in rest)]
        gone = dismissals(moved, _("It was filed elsewhere."), but=self.place.deal) if self.interaction.filed_at else []
        entries = [*self.entries, *filings, *gone, *self._suggestions(self.interaction, self.arrival)]
        for one in rest:
            entries += self._suggestions(one, arrival_of(one, self.at))
        return record(entries, by=Author(self.by, self.channel), at=self.at)

    def _filing(self, row: Interaction, because: str) -> Entry:
        place = self.place if row.direction != "internal" else Place(self.place.deal, None, self.place.company)
        return Entry("interaction", row.pk, "filed", filing(place, self._audience(row), because), because=because)

    def _audience(self, row: Interaction) -> str:
        return AUDIENCES[self.us.map.shares(share_of(row.channel))]

    def _rest_of_thread(self) -> list[Interaction]:
        """What waits of the same conversation and is this member's own to file."""
        rows = Interaction.objects.visible_to(self.by).unfiled().filter(thread=self.interaction.thread, held=True)
        return list(rows.exclude(pk=self.interaction.pk).order_by("happened_at")[:MOST_OF_A_THREAD])

    def _suggestions(self, row: Interaction, arrival: Arrival | None) -> list[Entry]:
        deal = self.known.deals.get(self.place.deal) if self.place.deal else None
        if deal is None and self.place.deal:
            deal = Deal.objects.unscoped(CALLER).filter(pk=self.place.deal).first()
        people = self.known.contacts_at(row.from_address)
        contact = next((one for one in people if one.pk == self.place.contact), None)
        if arrival is None:
            return []
        source = Source(row.pk, row.happened_at, row.direction, row.trust, row.author_id)
        return suggest(arrival, source, deal, contact, self.us.map, Pending(), self.at)


def _from_row(row: Interaction) -> Arrival:
    """What an interaction without a raw source tells of its people."""
    to = tuple(Party(one.get("name", ""), one.get("address", "")) for one in row.parts.get("to", []))
    sender = Party(row.from_name, row.from_address)
    return Arrival(row.kind, row.fingerprint or "", row.happened_at, row.subject, row.subject, sender=sender, to=to)
