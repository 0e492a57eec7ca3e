"""The directory of the quick line, asked of the ledger: only whom and what the member who types may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from baton.channels.quick.directory import Match
from baton.kernel.ids import uuid7
from baton.ledger.entries import Author, said
from baton.ledger.models import Company, Contact, Deal
from baton.ledger.recording import record
from baton.ledger.search import find
from baton.ledger.text import folded
from baton.members.models import Member

MOST = 8
DEEP_LOOKS = 6
"""How often one line may look inside names and not only at their beginnings: that asks the search index."""


class LedgerDirectory:
    """Looks names up for one line. `deal` is the one whose page the line was typed on; its people come first."""

    def __init__(self, member: Member, deal: Deal | None = None) -> None:
        self.member, self.deal = member, deal
        self._seen: dict[tuple[str, str], list[Any]] = {}
        self._deep = 0

    def contacts(self, words: str) -> list[Match]:
        """Return the contacts with this name, those of the page's deal before their namesakes."""
        rows = self._named(Contact, "name_folded", words)
        companies = self._companies_of(rows)
        return _ranked(
            Match(str(row.pk), row.name, self._score(row, words), companies.get(row.company_id, "")) for row in rows
        )

    def companies(self, words: str) -> list[Match]:
        """Return the companies with this name."""
        rows = self._named(Company, "name_folded", words)
        return _ranked(Match(str(row.pk), row.name, _closeness(row.name_folded, words)) for row in rows)

    def deals(self, words: str, contact_id: str | None, company_id: str | None) -> list[Match]:
        """Return the open deals with these words in their title, or those of the contact or company."""
        rows = self._deals(words, contact_id, company_id)
        ranked = sorted(rows, key=lambda row: (_is(row, self.deal), str(row.last_heard_at or "")), reverse=True)
        return [
            Match(str(row.pk), row.title, 1.0 if _is(row, self.deal) else 0.9 - 0.05 * place)
            for place, row in enumerate(ranked[:MOST])
        ]

    def members(self, words: str) -> list[Match]:
        """Return the colleagues with this name."""
        wanted = folded(words)
        rows = [one for one in Member.objects.filter(is_active=True) if _closeness(folded(one.name), words)]
        return [Match(str(one.pk), one.name, _closeness(folded(one.name), wanted)) for one in rows]

    def _named(self, model: type[Any], column: str, words: str) -> list[Any]:
        wanted = folded(words)
        if len(wanted) < 2:
            return []
        key = (model.__name__, wanted)
        if key not in self._seen:
            self._seen[key] = self._look(model.objects.visible_to(self.member), column, wanted)
        return self._seen[key]

    def _look(self, rows: QuerySet[Any], column: str, wanted: str) -> list[Any]:
        found = list(rows.filter(begins(column, wanted)).order_by(column, "pk")[: MOST * 2])
        if not found and self._deep < DEEP_LOOKS:
            self._deep += 1
            hits = find(self.member, wanted, kinds={rows.model._meta.model_name}, limit=MOST * 2)
            found = list(rows.filter(pk__in=[hit.id for hit in hits]))
        return [row for row in found if _closeness(getattr(row, column), wanted)]

    def _deals(self, words: str, contact_id: str | None, company_id: str | None) -> list[Deal]:
        rows = Deal.objects.visible_to(self.member).filter(status__in=("open", "won"))
        theirs = Q(pk__in=[])
        if contact_id:
            theirs |= Q(contact=contact_id)
        if company_id:
            theirs |= Q(company=company_id)
        if contact_id or company_id:
            found = list(rows.filter(theirs).order_by("-last_heard_at")[: MOST * 2])
            return [row for row in found if not words or _closeness(row.title_folded, words)] or found
        return self._look(rows, "title_folded", folded(words)) if len(folded(words)) > 1 else []

    def _score(self, row: Contact, words: str) -> float:
        near = self.deal is not None and (
            row.pk == self.deal.contact_id or (row.company_id and row.company_id == self.deal.company_id)
        )
        return min(1.0, _closeness(row.name_folded, words) * (1.0 if near else 0.8))

    def _companies_of(self, rows: list[Contact]) -> dict[UUID, str]:
        ids = {row.company_id for row in rows if row.company_id}
        known = Company.objects.visible_to(self.member).filter(pk__in=ids) if ids else []
        return {company.pk: company.name for company in known}


def begins(column: str, text: str) -> Q:
    """Return the condition that a folded column begins with a text, as each engine's index can answer it."""
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\U0010ffff"})
    return Q(**{f"{column}__startswith": text})


def _closeness(name: str, words: str) -> float:
    """Return how well words fit a folded name: the whole, whole words of it, or the beginnings of its words."""
    wanted, known = folded(words).split(), folded(name).split()
    if not wanted or not known:
        return 0.0
    if wanted == known:
        return 1.0
    if all(word in known for word in wanted):
        return 0.9
    together = " ".join(known)
    return 0.7 if together.startswith(" ".join(wanted)) and len(" ".join(wanted)) > 3 else 0.0


def _ranked(matches: Iterable[Match]) -> list[Match]:
    return sorted(matches, key=lambda match: -match.score)[:MOST]


def _is(row: Deal, deal: Deal | None) -> bool:
    return deal is not None and row.pk == deal.pk


def customer_named(kind: str, name: str, *, by: Member, at: datetime) -> UUID:
    """Return the contact or company of exactly this name, new where the member sees none."""
    model: Any = {"contact": Contact, "company": Company}[kind]
    known = model.objects.visible_to(by).filter(name_folded=folded(name)).order_by("pk").first()
    if known is not None:
        return known.pk
    key = uuid7()
    record(said(kind, key, name=" ".join(name.split())[:300]), by=Author(by, "screen"), at=at)
    return key
