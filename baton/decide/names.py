"""The names beside deals: companies, contacts and members, read in bulk through the member's eyes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from baton.ledger.models import Company, Contact, Deal
from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, whatever they are of."""

    known: dict[UUID, str]

    def of(self, key: UUID | None) -> str:
        """Return the name, or nothing where there is none to show."""
        return self.known.get(key, "") if key else ""


def names_for(member: Member, deals: Iterable[Deal]) -> Names:
    """Return the names that these deals need; three queries however many deals."""
    deals = list(deals)
    known = dict(Member.objects.filter(pk__in={d.owner_id for d in deals}).values_list("pk", "name"))
    known |= _visible(Company, member, {d.company_id for d in deals})
    known |= _visible(Contact, member, {d.contact_id for d in deals})
    return Names(known)


def _visible(model: Any, member: Member, ids: set[UUID | None]) -> dict[UUID, str]:
    return dict(model.objects.visible_to(member).filter(pk__in=ids - {None}).values_list("pk", "name"))
