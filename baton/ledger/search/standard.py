"""The ledger's own kinds among the results: companies, contacts and deals."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from baton.ledger.models import Company, Contact, Deal
from baton.ledger.search.sources import Shown, Source, company_texts, contact_texts, deal_texts, register

if TYPE_CHECKING:
    from baton.members.models import Member


def show_companies(member: Member, ids: list[UUID]) -> dict[UUID, Shown]:
    """Read these companies through the member's eyes."""
    rows = Company.objects.visible_to(member).filter(pk__in=ids).only("name", "domain", "recorded_at")
    return {row.pk: Shown(row.name, row.domain, row.recorded_at) for row in rows}


def show_contacts(member: Member, ids: list[UUID]) -> dict[UUID, Shown]:
    """Read these contacts through the member's eyes."""
    wanted = Contact.objects.visible_to(member).filter(pk__in=ids)
    rows = list(wanted.only("name", "job", "email", "company", "recorded_at"))
    companies = company_names(member, [row.company_id for row in rows])
    return {
        row.pk: Shown(row.name, joined(row.job or row.email, companies.get(row.company_id, "")), row.recorded_at)
        for row in rows
    }


def show_deals(member: Member, ids: list[UUID]) -> dict[UUID, Shown]:
    """Read these deals through the member's eyes."""
    rows = list(Deal.objects.visible_to(member).filter(pk__in=ids).only("title", "company", "recorded_at"))
    companies = company_names(member, [row.company_id for row in rows])
    return {row.pk: Shown(row.title, companies.get(row.company_id, ""), row.recorded_at, "", row.pk) for row in rows}


def company_names(member: Member, ids: list[UUID | None]) -> dict[UUID | None, str]:
    """Return the names of these companies, as far as the member sees them."""
    wanted = {one for one in ids if one}
    if not wanted:
        return {}
    return dict(Company.objects.visible_to(member).filter(pk__in=wanted).values_list("pk", "name"))


def joined(*parts: str) -> str:
    """Return the parts that there are, with a dot between them."""
    return " · ".join(part for part in parts if part)


def register_standard_sources() -> None:
    """Let the ledger's own kinds be found; called once at start."""
    register(Source("company", "o", company_texts, show_companies))
    register(Source("contact", "c", contact_texts, show_contacts))
    register(Source("deal", "d", deal_texts, show_deals, lambda row: row.pk, on_deals=True))
