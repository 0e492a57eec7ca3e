"""Contacts, companies and deals that begin with a message from somebody new."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.arrival import Party
from baton.capture.grammar import company_name_from_domain
from baton.capture.known import Known, Place
from baton.capture.matching import names_a_company
from baton.kernel.ids import uuid7
from baton.kernel.phones import is_number, shown
from baton.kernel.verdict import Verdict
from baton.ledger.entries import Entry
from baton.ledger.models import Company, Contact, Deal
from baton.map.current import current_map
from baton.map.elements import Desk
from baton.map.schema import OperatingMap


@dataclass(slots=True)
class Beginning:
    """What an enquiry brings along: who asks, about what, when, by which message."""

    party: Party
    subject: str
    at: datetime
    interaction: UUID
    source: str
    because: str
    company_name: str = ""
    entries: list[Entry] = field(default_factory=list)

    def tell(self, kind: str, record_id: UUID, **values: object) -> None:
        """Add one confirmed entry for each value, with the message as its source."""
        for name, value in values.items():
            self.entries.append(
                Entry(
                    kind,
                    record_id,
                    name,
                    value,
                    happened_at=self.at,
                    interaction_id=self.interaction,
                    because=self.because,
                    reader="capture",
                )
            )


def may_open(operating_map: OperatingMap) -> Verdict:
    """Whether a deal may open before anybody looked: not where the map wants a conflict check first."""
    if operating_map.conflict_check:
        return Verdict.refuse(
            _("Check for conflicts of interest first: the map opens nothing before the check is recorded.")
        )
    return Verdict.allow()


def add_contact(beginning: Beginning, known: Known, company: UUID | None) -> Contact:
    """Add the person who wrote as a contact, and make later messages of the batch find them."""
    party = beginning.party
    email = "" if is_number(party.address) else party.address
    contact = Contact(id=uuid7(), name=name_of(party), email=email, company_id=company)
    told = {"name": contact.name} | _reached_at(party)
    beginning.tell("contact", contact.pk, **told | ({"company": str(company)} if company else {}))
    if party.address:
        known.contacts[party.address].append(contact)
    return contact


def _reached_at(party: Party) -> dict[str, list[str]]:
    if not party.address:
        return {}
    return {"phones" if is_number(party.address) else "emails": [party.address]}


def name_of(party: Party) -> str:
    """Return the person's name, or their address where they gave none."""
    return (party.name or shown(party.address, current_map().country))[:300]


def add_company(beginning: Beginning, known: Known) -> Company | None:
    """Return the company of whoever wrote; a new one where the domain names one that nobody knows yet."""
    domain = beginning.party.domain
    if not names_a_company(domain):
        return None
    there = known.companies_at(domain)
    if there:
        return there[0]
    name = beginning.company_name or company_name_from_domain(domain) or domain
    company = Company(id=uuid7(), name=name[:300], domain=domain)
    beginning.tell("company", company.pk, name=company.name, domains=[domain])
    known.companies[domain].append(company)
    known.named[company.pk] = company.name
    return company


def open_deal(beginning: Beginning, known: Known, operating_map: OperatingMap, desk: Desk) -> Place:
    """Open a deal at a desk for whoever wrote, with contact and company, and return where the message belongs."""
    contact = next(iter(known.contacts_at(beginning.party.address)), None)
    company_id = contact.company_id if contact else None
    if contact is None:
        company = add_company(beginning, known)
        company_id = company.pk if company else None
        contact = add_contact(beginning, known, company_id)
    deal = Deal(id=uuid7(), title=_title(beginning, known, company_id), contact_id=contact.pk, company_id=company_id)
    deal.stage, deal.desk, deal.status, deal.currency = (
        first_stage(operating_map, desk),
        desk.id,
        "open",
        operating_map.currency,
    )
    told = {"title": deal.title, "stage": deal.stage, "desk": desk.id, "contact": str(contact.pk)}
    told |= {"company": str(company_id)} if company_id else {}
    beginning.tell("deal", deal.pk, **told, source=beginning.source[:120])
    known.deals[deal.pk] = deal
    return Place(deal.pk, contact.pk, company_id)


def _title(beginning: Beginning, known: Known, company: UUID | None) -> str:
    name = known.named.get(company, "") if company else ""
    return (beginning.subject.strip() or name or name_of(beginning.party))[:300]


def first_stage(operating_map: OperatingMap, desk: Desk) -> str:
    """Return where a deal begins that opens at this desk."""
    stages = operating_map.stages_of(desk.id)
    return stages[0].id if stages else operating_map.first_stage.id
