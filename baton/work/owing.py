"""Who owes a duty: the first of the behavior's chain who is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from baton.ledger.models import Deal
from baton.map.elements import Who
from baton.map.schema import OperatingMap
from baton.members.models import Member, Role
from baton.work.models import Absence, Handoff, Lapse, Promise, Question

if TYPE_CHECKING:
    from baton.ledger.recording import Batch
    from baton.work.reckoning import Reckoned

CALLER = "work.duties"
SUBJECTS: dict[str, Any] = {"handoff": Handoff, "promise": Promise, "question": Question}
ON_SUBJECT = {"sender": "offered_by_id", "asker": "asked_by_id", "asked": "asked_of_id", "promiser": "promised_by_id"}
"""Parts that the duty's own record names."""
BY_NAME = {"member", "lead of"}
"""Parts that a map gives to somebody who need not have anything to do with the deal."""
IN_TURN = "in turn"
READS = "reads"


class Owing(NamedTuple):
    """Who owes a duty, the desk it lies at, and who would have owed it, could they act."""

    member: UUID | None
    desk: str
    instead_of: UUID | None = None


class People:
    """The people of one version of the map, and the records that say who is who. Looks each thing up once.

    `at` looks back: those who were there at that moment, where a rebuild asks who owed something then.
    """

    def __init__(self, operating_map: OperatingMap, at: datetime | None = None) -> None:
        self.map = operating_map
        self.at = at
        self.hours = operating_map.hours
        self._members: dict[str, Member] | None = None
        self._known: dict[UUID, Member] | None = None
        self._away: dict[UUID, UUID | None] | None = None
        self._unchased: set[str] | None = None
        self._rows: dict[tuple[str, UUID], Any] = {}

    @property
    def members(self) -> dict[str, Member]:
        """Return address → active member."""
        if self._members is None:
            there = Q(is_active=True) if self.at is None else Q(left_at__isnull=True) | Q(left_at__gt=self.at)
            self._members = {m.email.lower(): m for m in Member.objects.filter(there)}
        return self._members

    def take(
        self, members: dict[str, Member], rows: dict[tuple[str, UUID], Any], absences: Absences | None = None
    ) -> None:
        """Use what was looked up already."""
        if absences:
            self._away, self._unchased = absences.at(self.at), absences.unchased
        if members is not self._members:
            self._members, self._known = members, None
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

    def owing(self, duty: Reckoned, passed_to: UUID | None = None) -> Owing:
        """Return the first who can act on it: whom it was passed to, the chain, their deputies; at last the owner.

        Who would have owed it, but is away, may only read or left, is said too.
        """
        deal = self._rows.get(("deal", duty.opener.deal_id))
        desk = self._desk(duty, deal)
        instead: UUID | None = None
        for member, by_name in self._candidates(duty, deal, desk, passed_to):
            able = self.able(member, deal if by_name else None)
            if able:
                return Owing(able, desk, instead or (member if able != member else None))
            instead = instead or member
        return Owing(self._by_email(self.map.owner), desk, instead)

    def _candidates(
        self, duty: Reckoned, deal: Deal | None, desk: str, passed_to: UUID | None
    ) -> Iterator[tuple[UUID, bool]]:
        """Yield whom the chain names, and whether the map names them without a part they play on this deal."""
        if passed_to:
            yield passed_to, False
        for who in duty.behavior.owed_by.chain:
            by_name = who.role in BY_NAME
            found = self._in_turn(who, duty, desk) if who.role == IN_TURN else [self._named(who, duty, deal, desk)]
            yield from ((member, by_name) for member in found if member)

    def able(self, member: UUID, deal: Deal | None = None) -> UUID | None:
        """Return this member, or their deputy, or the deputy's: whoever can act; None for nobody.

        `deal` is given where they have no part in it, so that they may not see it.
        """
        seen: set[UUID] = set()
        at: UUID | None = member
        while at and at not in seen:
            seen.add(at)
            if self._is_active(at) and at not in self.away:
                return at if deal is None or self._sees(at, deal) else None
            at = self.away.get(at)
        return None

    @property
    def away(self) -> dict[UUID, UUID | None]:
        """Return who can't act → their deputy, if they have one."""
        if self._away is None:
            self._away = Absences().at(self.at)
        return self._away

    @property
    def unchased(self) -> set[str]:
        """Return the behaviors for which nobody is chased: they are missed so often that their owner has to decide."""
        if self._unchased is None:
            self._unchased = unchased()
        return self._unchased

    def all_there(self) -> None:
        """Take everybody to be there: a look back doesn't know who was away."""
        self._away = {}

    def _sees(self, member_id: UUID, deal: Deal) -> bool:
        """Whether somebody whom the map names sees the deal, by their role, their desk or because it is theirs."""
        member = self._by_id.get(member_id)
        if self.map.visibility == "everyone" or member is None or member.sees_everything:
            return True
        return deal.owner_id == member_id or deal.desk in {desk.id for desk in self.map.desks_of(member.email)}

    def _in_turn(self, who: Who, duty: Reckoned, desk: str) -> list[UUID]:
        """Return everybody at a desk, each duty in an order of its own.

        By lot and not by count: mail that comes late would change everybody's turn. The lot is the duty's, so that it
        is the same whenever it is drawn, and evens out over many.
        """
        known = self.map.desks.get(who.name or desk)
        there = [self._by_email(address) for address in known.members] if known else []
        opener = str(duty.opener.id).replace("-", "")
        return sorted((one for one in there if one), key=lambda one: _lot(opener, one))

    def above(self, named: Who | None, duty: Reckoned, desk: str) -> Iterator[UUID | None]:
        """Yield to whom a forgotten duty goes: whom the behavior names, else a manager, else the owner."""
        deal = self._rows.get(("deal", duty.opener.deal_id))
        for who in (named, Who("manager"), Who("owner")):
            found = self.member_for(who, duty, deal, desk) if who else None
            yield self.able(found) if found else None

    def _desk(self, duty: Reckoned, deal: Deal | None) -> str:
        subject = self._rows.get((duty.opener.record_kind, duty.opener.record_id))
        if isinstance(subject, Handoff) and duty.opener.kind != "handoff.returned":
            return subject.to_desk
        return deal.desk if deal else next(iter(self.map.desks))

    def member_for(self, who: Who, duty: Reckoned, deal: Deal | None, desk: str) -> UUID | None:
        """Return the active member who plays this part for this duty, if there is one."""
        if who.role == IN_TURN:
            return next(iter(self._in_turn(who, duty, desk)), None)
        found = self._named(who, duty, deal, desk)
        return found if found and self._is_active(found) else None

    def _named(self, who: Who, duty: Reckoned, deal: Deal | None, desk: str) -> UUID | None:
        subject = self._rows.get((duty.opener.record_kind, duty.opener.record_id))
        if who.role in ON_SUBJECT:
            return getattr(subject, ON_SUBJECT[who.role], None)
        return self._at_post(who, duty, deal, desk, subject)

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
        return member_id in self._by_id

    @property
    def _by_id(self) -> dict[UUID, Member]:
        if self._known is None:
            self._known = {member.pk: member for member in self.members.values()}
        return self._known


def _lot(opener: str, member: UUID) -> bytes:
    return sha256(f"{opener}:{member.hex}".encode()).digest()


def unchased() -> set[str]:
    """Return the behaviors that lapsed and wait for a decision."""
    return set(Lapse.objects.unscoped(CALLER).waiting().values_list("behavior", flat=True))


class Absences:
    """Who could act when. Read once; whoever was only ever let in to read has no absence, but a role that says so."""

    def __init__(self) -> None:
        rows = Absence.objects.unscoped(CALLER).filter(began_at__isnull=False)
        self._told = list(rows.order_by("began_at", "id").only("member", "deputy", "why", "began_at", "ended_at"))
        told = {row.member_id for row in self._told if row.why == READS}
        reading = Member.objects.filter(role=Role.READ_ONLY).exclude(pk__in=told)
        self.unchased = unchased()
        self._reading: dict[UUID, UUID | None] = dict.fromkeys(reading.values_list("pk", flat=True))

    def at(self, at: datetime | None) -> dict[UUID, UUID | None]:
        """Return who can't act, now or at a moment that is gone → their deputy, if they have one."""
        lasting = (row for row in self._told if _lasts(row, at))
        return self._reading | {row.member_id: row.deputy_id for row in lasting if row.member_id}


def _lasts(row: Absence, at: datetime | None) -> bool:
    if at is None:
        return row.ended_at is None
    return row.began_at is not None and row.began_at <= at and (row.ended_at is None or row.ended_at > at)
