"""Who owes a duty: the first of the behavior's chain who is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from baton.ledger.models import Deal
from baton.map.elements import Who
from baton.map.schema import OperatingMap
from baton.members.models import Member, Role
from baton.work.models import Handoff, Promise, Question

if TYPE_CHECKING:
    from baton.ledger.recording import Batch
    from baton.work.reckoning import Reckoned

CALLER = "work.duties"
SUBJECTS: dict[str, Any] = {"handoff": Handoff, "promise": Promise, "question": Question}
ON_SUBJECT = {"sender": "offered_by_id", "asker": "asked_by_id", "asked": "asked_of_id", "promiser": "promised_by_id"}
"""Parts that the duty's own record names."""


class People:
    """The people of one version of the map, and the records that say who is who. Looks each thing up once.

    `at` looks back: those who were there at that moment, where a rebuild asks who owed something then.
    """

    def __init__(self, operating_map: OperatingMap, at: datetime | None = None) -> None:
        self.map = operating_map
        self.at = at
        self.hours = operating_map.hours
        self._members: dict[str, Member] | None = None
        self._ids: set[UUID] | None = None
        self._rows: dict[tuple[str, UUID], Any] = {}

    @property
    def members(self) -> dict[str, Member]:
        """Return address → active member."""
        if self._members is None:
            there = Q(is_active=True) if self.at is None else Q(left_at__isnull=True) | Q(left_at__gt=self.at)
            self._members = {m.email.lower(): m for m in Member.objects.filter(there)}
        return self._members

    def take(self, members: dict[str, Member], rows: dict[tuple[str, UUID], Any]) -> None:
        """Use what was looked up already."""
        if members is not self._members:
            self._members, self._ids = members, None
        self._rows = rows

    def prepare(self, wanted: Iterable[Reckoned], batch: Batch | None = None) -> None:
        """Look up, in one query a kind, the deals and records that the chains will ask for."""
        self._rows.update(batch.rows if batch else {})
        needed: dict[str, set[UUID]] = {}
        for one in wanted:
            for kind, record_id in (("deal", one.opener.deal_id), (one.opener.record_kind, one.opener.record_id)):
                if record_id and (kind, record_id) not in self._rows and (kind == "deal" or kind in SUBJECTS):
                    needed.setdefault(kind, set()).add(record_id)
        for kind, ids in needed.items():
            model = Deal if kind == "deal" else SUBJECTS[kind]
            self._rows.update({(kind, row.pk): row for row in model.objects.unscoped(CALLER).filter(pk__in=ids)})

    def owing(self, duty: Reckoned) -> tuple[UUID | None, str]:
        """Return the member who owes it and the desk it lies at; the owner of the map where the chain finds nobody."""
        deal = self._rows.get(("deal", duty.opener.deal_id))
        desk = self._desk(duty, deal)
        for who in duty.behavior.owed_by.chain:
            member = self.member_for(who, duty, deal, desk)
            if member:
                return member, desk
        return self._by_email(self.map.owner), desk

    def above(self, named: Who | None, duty: Reckoned, desk: str) -> Iterator[UUID | None]:
        """Yield to whom a forgotten duty goes: whom the behavior names, else a manager, else the owner."""
        deal = self._rows.get(("deal", duty.opener.deal_id))
        for who in (named, Who("manager"), Who("owner")):
            yield self.member_for(who, duty, deal, desk) if who else None

    def _desk(self, duty: Reckoned, deal: Deal | None) -> str:
        subject = self._rows.get((duty.opener.record_kind, duty.opener.record_id))
        if isinstance(subject, Handoff) and duty.opener.kind != "handoff.returned":
            return subject.to_desk
        return deal.desk if deal else next(iter(self.map.desks))

    def member_for(self, who: Who, duty: Reckoned, deal: Deal | None, desk: str) -> UUID | None:
        """Return the active member who plays this part for this duty, if there is one."""
        subject = self._rows.get((duty.opener.record_kind, duty.opener.record_id))
        if who.role in ON_SUBJECT:
            found = getattr(subject, ON_SUBJECT[who.role], None)
        else:
            found = self._at_post(who, duty, deal, desk, subject)
        return found if found and self._is_active(found) else None

    def _at_post(self, who: Who, duty: Reckoned, deal: Deal | None, desk: str, subject: Any) -> UUID | None:
        match who.role:
            case "deal owner":
                return deal.owner_id if deal else None
            case "desk" | "desk lead":
                return self._lead(desk)
            case "lead of":
                return self._lead(who.name)
            case "receiver":
                return self._receiver(subject)
            case "recorder":
                return duty.opener.member_id
            case "manager":
                return self._manager()
            case _:
                return self._by_email(self._address(who))

    def _receiver(self, subject: Any) -> UUID | None:
        if not isinstance(subject, Handoff):
            return None
        return subject.decided_by_id if subject.state == "accepted" else self._lead(subject.to_desk)

    def _lead(self, desk: str) -> UUID | None:
        known = self.map.desks.get(desk)
        return self._by_email(known.lead) if known else None

    def _manager(self) -> UUID | None:
        managers = sorted((m for m in self.members.values() if m.role == Role.MANAGER), key=lambda m: m.email)
        return managers[0].pk if managers else self._by_email(self.map.owner)

    def _address(self, who: Who) -> str:
        return {"owner": self.map.owner, "deputy": self.map.deputy or self.map.owner}.get(who.role, who.name)

    def _by_email(self, email: str) -> UUID | None:
        member = self.members.get(email.lower())
        return member.pk if member else None

    def _is_active(self, member_id: UUID) -> bool:
        if self._ids is None:
            self._ids = {member.pk for member in self.members.values()}
        return member_id in self._ids
