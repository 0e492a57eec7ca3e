"""A deal as one member sees it: the row, the map in force, and the names of the people on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from baton.kernel.clock import now
from baton.ledger.models import Company, Contact, Deal, Fact
from baton.ledger.models.facts import FactQuerySet
from baton.map.current import current_map
from baton.map.elements import Field
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.models import ExceptionCase
from baton.work.wording import value_text


@dataclass
class DealSeen:
    """What the parts of the page share. Names are looked up once, whatever asks for them."""

    deal: Deal
    member: Member
    map: OperatingMap
    now: datetime
    _contacts: dict[UUID, Contact | None] = field(default_factory=dict)

    @cached_property
    def members(self) -> dict[UUID, Member]:
        """Return everybody who works or worked here."""
        return {member.pk: member for member in Member.objects.order_by("name")}

    @property
    def colleagues(self) -> list[Member]:
        """Return those who may be asked or given something."""
        return [member for member in self.members.values() if member.is_active]

    @cached_property
    def contact(self) -> Contact | None:
        """Return the customer's first person on this deal."""
        return self.contacts_named([self.deal.contact_id]).get(self.deal.contact_id)

    @cached_property
    def company(self) -> Company | None:
        """Return the customer's organisation."""
        if self.deal.company_id is None:
            return None
        return Company.objects.visible_to(self.member).filter(pk=self.deal.company_id).first()

    @property
    def may_write(self) -> bool:
        """Whether anything on the page can be changed by who looks."""
        return self.member.may_write

    def name_of(self, member_id: UUID | str | None) -> str:
        """Return a colleague's name, "Baton" where a rule or a channel spoke by itself."""
        known = self.members.get(UUID(str(member_id))) if member_id else None
        return known.name if known else "Baton"

    def field(self, key: str) -> Field | None:
        """Return a field of deals: the map's own, or one that every business has."""
        found = self.map.field(key)
        return found if found and found.on == "deal" else None

    def words(self, field: str, value: Any) -> str:
        """Return a value of a field of this deal in words."""
        known = self.field(field)
        if field in {"owner", "contact", "company"} and isinstance(value, str):
            return self._name(field, value)
        if field in {"stage", "desk"}:
            named = (self.map.stages if field == "stage" else self.map.desks).get(value)
            return named.name if named else str(value or "")
        return value_text(value, known.type if known else "text", self.deal.currency)

    def _name(self, field: str, value: str) -> str:
        if field == "owner":
            return self.name_of(value)
        current = self.contact if field == "contact" else self.company
        if current and str(current.pk) == value:
            return current.name
        model = Contact if field == "contact" else Company
        row = model.objects.visible_to(self.member).filter(pk=value).first()
        return row.name if row else ""

    @property
    def facts(self) -> FactQuerySet:
        """Return the facts of this deal, as far as the member may read them."""
        return Fact.objects.of_seen(self.member, {"deal": [self.deal.pk]})

    @cached_property
    def changes(self) -> list[tuple[str, Any, datetime]]:
        """Return (field, value, recorded_at) of all that was ever confirmed here: some dozens, asked for once."""
        return list(self.facts.filter(status="confirmed").values_list("field", "value", "recorded_at"))

    @cached_property
    def cases(self) -> list[ExceptionCase]:
        """Return what was done differently from the map, newest first."""
        rows = ExceptionCase.objects.visible_to(self.member).filter(deal=self.deal.pk)
        return list(rows.order_by("-recorded_at", "-id"))

    def contacts_named(self, ids: Iterable[UUID | None]) -> dict[UUID, Contact]:
        """Return those contacts that the member sees; each is looked up once for the whole page."""
        wanted = {contact for contact in ids if contact}
        if unasked := wanted - self._contacts.keys():
            found = {row.pk: row for row in Contact.objects.visible_to(self.member).filter(pk__in=unasked)}
            self._contacts |= {pk: found.get(pk) for pk in unasked}
        return {pk: row for pk in wanted if (row := self._contacts[pk])}


def see(request: HttpRequest, pk: UUID) -> DealSeen:
    """Return the deal for whoever asks; one that they can't see isn't there."""
    assert isinstance(request.user, Member)
    deal = Deal.objects.visible_to(request.user).filter(pk=pk).first()
    if deal is None:
        raise Http404
    return DealSeen(deal, request.user, current_map(), now())
