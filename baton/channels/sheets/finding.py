"""Which records the rows of a sheet are about: by what they became last time, else by what names them.

A handful of queries for a chunk of rows, every one through the eyes of the member who imports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from baton.capture.grammar import is_free_mail
from baton.channels.sheets.models import Sheet, SheetRow
from baton.channels.sheets.rows import RowSaid
from baton.ledger.models import Address, Company, Contact, Deal
from baton.ledger.text import folded
from baton.members.models import Member

CALLER = "sheets"
MODELS: dict[str, Any] = {"contact": Contact, "company": Company, "deal": Deal}


@dataclass(slots=True)
class Found:
    """What one chunk's rows lead to. `companies`: folded name → id, `at`: address → the contact with it."""

    rows: dict[str, SheetRow] = field(default_factory=dict)
    records: dict[UUID, Any] = field(default_factory=dict)
    companies: dict[str, UUID] = field(default_factory=dict)
    at: dict[str, UUID] = field(default_factory=dict)
    named: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    domains: dict[str, UUID] = field(default_factory=dict)
    by_id: dict[str, UUID] = field(default_factory=dict)


class Finder:
    """Looks up for one import; what an earlier chunk made is remembered."""

    def __init__(self, sheet: Sheet, kind: str, by: Member) -> None:
        self.sheet, self.kind, self.by = sheet, kind, by
        self.known_companies: dict[str, UUID] = {}
        self.known_domains: set[str] = set()

    def find(self, rows: list[RowSaid], keys: list[str]) -> Found:
        """Return everything that these rows may be about."""
        found = Found()
        found.rows = {row.key: row for row in SheetRow.objects.filter(sheet=self.sheet, key__among=set(keys))}
        fresh = [row for row, key in zip(rows, keys, strict=True) if key not in found.rows]
        self._find_addresses(found, rows)
        self._find_companies(found, rows)
        if self.kind == "contact":
            self._find_named(found, fresh, Contact, "name")
        if self.kind == "deal":
            self._find_named(found, fresh, Deal, "title")
            self._find_contacts(found, rows)
        self._find_by_id(found, rows)
        self._load(found)
        return found

    def _find_addresses(self, found: Found, rows: list[RowSaid]) -> None:
        emails = {e for row in rows for e in [*row.values.get("emails", ()), row.about.get("email", "")] if e}
        if not emails:
            return
        there = Address.objects.filter(kind="email", value__among=emails, contact__isnull=False).order_by("-id")
        ids = dict(there.values_list("value", "contact_id"))
        seen = set(Contact.objects.visible_to(self.by).filter(pk__among=ids.values()).values_list("pk", flat=True))
        found.at = {value: pk for value, pk in ids.items() if pk in seen}
        domains = {email.partition("@")[2] for email in emails}
        self._find_domains(found, {one for one in domains if not is_free_mail(one)})

    def _find_domains(self, found: Found, domains: set[str]) -> None:
        there = Address.objects.filter(kind="domain", value__among=domains, company__isnull=False)
        found.domains |= dict(there.values_list("value", "company_id"))

    def _find_companies(self, found: Found, rows: list[RowSaid]) -> None:
        names = {folded(row.about["company"]) for row in rows if row.about.get("company")}
        if self.kind == "company":
            names |= {folded(row.values["name"]) for row in rows if row.values.get("name")}
            self._find_domains(found, {one for row in rows for one in row.values.get("domains", ())})
        unknown = names - self.known_companies.keys()
        if unknown:
            there = Company.objects.visible_to(self.by).filter(name_folded__among=unknown).order_by("-id")
            self.known_companies |= dict(there.values_list("name_folded", "pk"))
        found.companies = {name: self.known_companies[name] for name in names if name in self.known_companies}

    def _find_named(self, found: Found, rows: list[RowSaid], model: Any, name: str) -> None:
        """Records of the same name, apart from those that another row of this sheet has become already."""
        wanted = {folded(row.values[name]) for row in rows if row.values.get(name)}
        if not wanted:
            return
        there = list(model.objects.visible_to(self.by).filter(**{f"{name}_folded__among": wanted}).order_by("pk"))
        ids = [row.pk for row in there]
        taken = set(SheetRow.objects.filter(sheet=self.sheet, record_id__among=ids).values_list("record_id", flat=True))
        for row in there:
            if row.pk not in taken:
                found.named[getattr(row, f"{name}_folded")].append(row)

    def _find_contacts(self, found: Found, rows: list[RowSaid]) -> None:
        names = {folded(row.about["contact"]) for row in rows if row.about.get("contact")}
        if names:
            for row in Contact.objects.visible_to(self.by).filter(name_folded__among=names).order_by("pk"):
                found.named[f"contact:{row.name_folded}"].append(row)

    def _find_by_id(self, found: Found, rows: list[RowSaid]) -> None:
        """Companies by the id that the other program gave them, where their sheet was read before."""
        ids = {row.about["company_id"] for row in rows if row.about.get("company_id")}
        if ids:
            there = SheetRow.objects.filter(record_kind="company", key__in=ids)
            found.by_id = dict(there.values_list("key", "record_id"))

    def _load(self, found: Found) -> None:
        ids = {row.record_id for row in found.rows.values()} | {row.pk for rows in found.named.values() for row in rows}
        if self.kind == "contact":
            ids |= set(found.at.values())
        if self.kind == "company":
            ids |= set(found.companies.values()) | set(found.domains.values())
        if ids:
            there = MODELS[self.kind].objects.visible_to(self.by).filter(pk__among=ids)
            found.records = {row.pk: row for row in there}
            self._follow_merged(found, ids - found.records.keys())

    def _follow_merged(self, found: Found, gone: set[UUID]) -> None:
        """What was joined with another record since is that one now."""
        if not gone or self.kind == "deal":
            return
        model = MODELS[self.kind]
        joined = model.objects.unscoped(CALLER).filter(pk__in=gone, merged_into__isnull=False)
        into = dict(joined.values_list("pk", "merged_into"))
        kept = {row.pk: row for row in model.objects.visible_to(self.by).filter(pk__in=into.values())}
        found.records |= {pk: kept[target] for pk, target in into.items() if target in kept}


def names_of(model: Any, by: Member, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return id → name of those that the member sees."""
    return dict(model.objects.visible_to(by).filter(pk__in=set(ids)).values_list("pk", "name"))
