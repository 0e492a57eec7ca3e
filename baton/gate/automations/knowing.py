"""What an automation looks at when it judges: the deal, its customer, and the event that set it off, as they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from baton.capture.models import Twins
from baton.ledger.models import Company, Contact, Deal, Event, Interaction
from baton.map.elements import Who
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.packets import KEPT_AS

CALLER = "gate.automations"
FORGED = "doubtful"
"""Part of a message: why its sender may not be who it says (see `channels/email/doubting.py`)."""


@dataclass(slots=True)
class Known:
    """Everything that is looked at, once for one run.

    `twins` is kind → the name of the record that may be the same; `names` what references are called; `plays` says
    whether a member plays a part on this deal.
    """

    deal: Deal
    event: Any
    contact: Contact | None = None
    company: Company | None = None
    message: Interaction | None = None
    answered: bool = False
    twins: Mapping[str, str] = field(default_factory=dict)
    plays: Callable[[Who, str], bool] = lambda who, member: False

    def kept(self, name: str) -> Mapping[str, Any]:
        """Return a field's kept value (see `ledger/folding.py`), of whichever record it is on."""
        on, dot, own = name.partition(".")
        if dot and on in {"contact", "company"}:
            row = self.contact if on == "contact" else self.company
            return row.values.get(KEPT_AS.get(own, own), {}) if row else {}
        return self.deal.values.get(name, {})

    def value(self, name: str) -> Any:
        """Return a field's value; a reference by its name."""
        if name == "status":
            return self.deal.status
        return self.kept(name).get("v")

    def called(self, name: str) -> str:
        """Return what the customer is called, where the field names them."""
        row = {"contact": self.contact, "company": self.company}.get(name)
        return str(row) if row else ""

    def may_be_twice(self, name: str) -> str:
        """Return the name of another record that may be the same as the one this field is about."""
        return self.twins.get(name.partition(".")[0], "")

    def is_over(self, name: str, at: datetime) -> bool:
        """Whether a close date is gone by on a deal that is open."""
        day: date | None = self.deal.close_date
        return name == "close_date" and self.deal.status == "open" and day is not None and day < at.date()

    def is_said_by(self, who: Who, member: str) -> bool:
        return bool(member) and self.plays(who, member)

    @property
    def doubt(self) -> str:
        """Why the sender of the message may not be the contact; empty where nothing speaks against it."""
        message = self.message
        if message is None:
            return "unknown"
        if message.trust in {"own", "signed", "token"}:
            return ""
        if message.parts.get(FORGED):
            return str(message.parts[FORGED])
        return "" if message.from_address.lower() in self.addresses else "address"

    @property
    def addresses(self) -> set[str]:
        """Every address that is known to be the contact's."""
        kept = self.contact.values.get("emails", {}).get("v") or [] if self.contact else []
        phones = self.contact.values.get("phones", {}).get("v") or [] if self.contact else []
        return {str(one).lower() for one in (*kept, *phones)}


def known_of(deal: Deal, event: Event, drawn: OperatingMap) -> Known:
    """Look up what stands now."""
    contact = Contact.objects.unscoped(CALLER).filter(pk=deal.contact_id).first() if deal.contact_id else None
    company = Company.objects.unscoped(CALLER).filter(pk=deal.company_id).first() if deal.company_id else None
    message = None
    if event.interaction_id and event.kind.startswith(("interaction", "call", "document")):
        message = Interaction.objects.unscoped(CALLER).filter(pk=event.interaction_id).first()
    out = Event.objects.unscoped(CALLER).filter(
        deal=deal.pk, kind="interaction.out", happened_at__gte=event.happened_at
    )
    return Known(deal, event, contact, company, message, out.exists(), twins_of(contact, company), playing(deal, drawn))


def twins_of(contact: Contact | None, company: Company | None, at: datetime | None = None) -> dict[str, str]:
    """Return kind → the name of another record that nobody has told from this one yet."""
    found = {}
    for kind, row in (("contact", contact), ("company", company)):
        if row is None:
            continue
        pairs = Twins.objects.filter(Q(one=row.pk) | Q(other=row.pk), kind=kind, state=Twins.State.OPEN)
        pair = (pairs.filter(found_at__lte=at) if at else pairs).order_by("-likely", "pk").first()
        if pair:
            found[kind] = _name(type(row), pair.other if pair.one == row.pk else pair.one)
    return found


def _name(model: Any, pk: UUID) -> str:
    row = model.objects.unscoped(CALLER).filter(pk=pk).first()
    return str(row) if row else "?"


def playing(deal: Deal, drawn: OperatingMap) -> Callable[[Who, str], bool]:
    """Return a question that says whether a member plays a part on this deal."""

    def plays(who: Who, member: str) -> bool:
        row = Member.objects.filter(pk=member).first()
        if row is None:
            return False
        desk = drawn.desks.get(who.name or deal.desk)
        address = row.email.lower()
        return {
            "deal owner": deal.owner_id == row.pk,
            "desk": desk is not None and address in desk.members,
            "desk lead": desk is not None and desk.lead.lower() == address,
            "lead of": desk is not None and desk.lead.lower() == address,
            "in turn": desk is not None and address in desk.members,
            "manager": row.role == "manager",
            "owner": drawn.owner.lower() == address,
            "deputy": drawn.deputy.lower() == address,
            "member": who.name.lower() == address,
        }.get(who.role, False)

    return plays
