"""Opening a deal by hand, with a contact and a company that are found or made."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.grammar import is_free_mail
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry, said
from baton.ledger.models import Address, Company, Contact, Deal
from baton.ledger.recording import record
from baton.ledger.text import folded
from baton.map.current import current_map
from baton.members.models import Member


def open_by_hand(
    *,
    title: str,
    by: Member,
    at: datetime,
    contact: str = "",
    email: str = "",
    company: str = "",
    channel: str = "screen",
) -> Deal:
    """Open a deal where enquiries begin. Who is known by address or by name is found, the rest is made.

    Raises `Refusal` where the map wants a conflict check first: then it opens from the enquiry in Inbox.
    """
    if current_map().conflict_check:
        raise Refusal(_("The map wants a conflict check first. Open the deal from the enquiry in Inbox."))
    entries: list[Entry] = []
    company_id = _company(company, email, by, entries)
    contact_id = _contact(contact, email, company_id, by, entries)
    stage, key = current_map().first_stage, uuid7()
    told = {"title": title, "stage": stage.id, "desk": stage.desk, "owner": str(by.pk)}
    told |= {"contact": str(contact_id)} if contact_id else {}
    told |= {"company": str(company_id)} if company_id else {}
    batch = record([*entries, *said("deal", key, **told)], by=Author(by, channel), at=at)
    return batch.row("deal", key)


def _company(name: str, email: str, by: Member, entries: list[Entry]) -> UUID | None:
    domain = email.partition("@")[2].lower()
    if domain and not is_free_mail(domain):
        there = Address.objects.filter(kind="domain", value=domain, company__isnull=False).values_list(
            "company_id", flat=True
        )
        known = there.first()
        if known:
            return known
    if not name.strip():
        return None
    found = Company.objects.visible_to(by).filter(name_folded=folded(name)).values_list("pk", flat=True).first()
    if found:
        return found
    key = uuid7()
    domains = {"domains": [domain]} if domain and not is_free_mail(domain) else {}
    entries += said("company", key, name=name.strip(), **domains)
    return key


def _contact(name: str, email: str, company: UUID | None, by: Member, entries: list[Entry]) -> UUID | None:
    address = email.strip().lower()
    if address:
        there = Address.objects.filter(kind="email", value=address, contact__isnull=False)
        known = there.values_list("contact_id", flat=True).first()
        if known:
            return known
    if not name.strip() and not address:
        return None
    same = Contact.objects.visible_to(by).filter(name_folded=folded(name), company=company)
    found = None if address else same.values_list("pk", flat=True).first()
    if found:
        return found
    key = uuid7()
    told = {"name": name.strip() or address} | ({"emails": [address]} if address else {})
    entries += said("contact", key, **told, **({"company": str(company)} if company else {}))
    return key
