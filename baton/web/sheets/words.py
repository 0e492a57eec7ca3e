"""What the fields of a sheet are called on the page, and values in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.channels.sheets.columns import Kind
from baton.channels.sheets.lexicon import OF_RECORD, OWN
from baton.kernel.words import money
from baton.ledger.models import Company, Contact
from baton.map.current import current_map
from baton.members.models import Member

LABELS = {
    "id": _("Its own id"),
    "owner": _("Owner"),
    "title": _("Title"),
    "company": _("Company"),
    "company_id": _("The company’s id"),
    "contact": _("Contact"),
    "email": _("Email address"),
    "emails": _("Email addresses"),
    "phone": _("Phone"),
    "phones": _("Phones"),
    "stage": _("Stage"),
    "desk": _("Desk"),
    "status": _("Open, won or lost"),
    "won": _("Won: yes or no"),
    "closed": _("Closed: yes or no"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "close_date": _("Close date"),
    "lost_reason": _("Why it was lost"),
    "service": _("Service"),
    "source": _("Source"),
    "category": _("Category"),
    "next_step": _("Next step"),
    "next_step_at": _("Next step due"),
    "opened": _("Opened on"),
    "heard": _("Last heard"),
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "job": _("Role"),
    "domain": _("Website"),
    "domains": _("Domains"),
    "number": _("Invoice number"),
    "deal": _("Deal"),
    "date": _("Invoice date"),
    "due": _("Due"),
    "paid": _("Paid"),
    "paid_on": _("Paid on"),
    "paid_amount": _("Amount paid"),
}
FIELDS: dict[Kind, tuple[str, ...]] = {
    "deals": (
        "id", "title", "company", "company_id", "contact", "email", "phone", "stage", "status", "won", "closed",
        "amount", "currency", "close_date", "owner", "lost_reason", "service", "source", "category", "next_step",
        "next_step_at", "opened", "heard",
    ),
    "contacts": (
        "id", "name", "first_name", "last_name", "email", "phone", "job", "company", "company_id", "owner",
    ),
    "companies": ("id", "name", "domain", "email", "owner"),
    "invoices": (
        "number", "company", "email", "deal", "date", "due", "amount", "currency", "paid", "paid_amount",
    ),
}  # fmt: skip
"""What a column of each kind may be."""


def choices(kind: Kind) -> list[tuple[str, str]]:
    """Return (field, label) of all that a column may be, the map's own fields last."""
    own = [] if kind == "invoices" else current_map().fields_on(OF_RECORD[kind])
    return [(name, str(LABELS[name])) for name in FIELDS[kind]] + [(OWN + field.id, field.name) for field in own]


def label(name: str) -> str:
    """Return what a field is called."""
    known = LABELS.get(name)
    field = None if known else current_map().field_by_id(name)
    return str(known or (field.name if field else name))


class Valued:
    """Values in words: names for ids, amounts with their currency."""

    def __init__(self, values: list[Any], by: Member) -> None:
        ids = {one for one in values if isinstance(one, str) and len(one) == 36}
        self.names: dict[str, str] = {}
        for rows in (Company.objects.visible_to(by), Contact.objects.visible_to(by), Member.objects.all()):
            self.names |= {str(pk): name for pk, name in rows.filter(pk__in=ids).values_list("pk", "name")}
        self.names |= {stage.id: stage.name for stage in current_map().stages.values()}
        self.names |= {desk.id: desk.name for desk in current_map().desks.values()}

    def words(self, value: Any) -> str:
        """Return a value as a person reads it."""
        if value in (None, "", []):
            return "–"
        if isinstance(value, dict) and "minor" in value:
            return money(value["minor"], value["currency"])
        if isinstance(value, dict):
            return str(value.get("what") or value.get("name") or "")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return self.names.get(str(value), str(value))
