"""The figures of the first weeks: what somebody new made on time and what they missed, for whoever looks after them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from baton.map.current import current_map
from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Member
from baton.mirror.rollout.oversight import LASTS, Oversight, Week, oversight
from baton.work.models import Duty

SHOWN = 40
"""Duties of one person that are listed; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One duty that fell due: made on time, made late, or missed (still open)."""

    duty: UUID
    deal: UUID | None
    behavior: str
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Looked:
    """One person's first weeks as whoever looks after them sees it, and they themselves see it too."""

    member: Member
    oversight: Oversight
    weeks: tuple[Week, ...]
    lately: tuple[Kept, ...] = ()

    @property
    def made(self) -> int:
        return sum(one.state == "made" for one in self.lately)

    @property
    def missed(self) -> int:
        return len(self.lately) - self.made


def starts_of(people: Collection[Member], planned: Mapping[str, date]) -> dict[UUID, date]:
    """Return since when each is looked after: the day planned for them, or the day they came in where that is later.

    `planned` is address → day, empty while no rollout has begun: then nobody is looked after.
    """
    tz = current_map().hours.tz
    known = {member.pk: planned[member.email.lower()] for member in people if member.email.lower() in planned}
    return {one.pk: max(known[one.pk], one.joined_at.astimezone(tz).date()) for one in people if one.pk in known}


def looked_after_by(member: Member, drawn: OperatingMap) -> set[UUID]:
    """Return whose first weeks a member looks after: those at the desks they lead; the owner the leads' too."""
    email = member.email.lower()
    leads = {desk.lead.lower() for desk in drawn.desks.values()}
    led = [desk.id for desk in drawn.desks.values() if desk.lead.lower() == email]
    seats = DeskSeat.objects.filter(desk__in=led).exclude(member=member)
    found = set(seats.values_list("member", flat=True)) if led else set()
    if email == drawn.owner.lower():
        found |= set(Member.objects.filter(email__in=leads - {email}).values_list("pk", flat=True))
    return found


def lookers(member: Member, desks: Collection[str], drawn: OperatingMap) -> list[str]:
    """Return the addresses of who looks after a member's first weeks: their desks' leads, for a lead the owner."""
    email = member.email.lower()
    led = [drawn.desks[desk].lead.lower() for desk in desks if desk in drawn.desks]
    others = {one for one in led if one and one != email}
    return sorted(others | ({drawn.owner.lower()} - {email} if email in led else set()))


def look(people: Collection[Member], starts: Mapping[UUID, date], reader: Member, at: datetime) -> list[Looked]:
    """Return the first weeks of these people, over the duties that the reader may see. One question."""
    tz = current_map().hours.tz
    today = at.astimezone(tz).date()
    under = [one for one in people if one.pk in starts]
    since = min((starts[one.pk] for one in under), default=today)
    rows = _due(under, max(since, today - LASTS), reader, at)
    return [_looked(one, starts[one.pk], rows.get(one.pk, []), today) for one in under]


def _due(people: Collection[Member], since: date, reader: Member, at: datetime) -> dict[UUID, list[tuple[date, Kept]]]:
    tz = current_map().hours.tz
    first = datetime.combine(since, datetime.min.time(), tz)
    rows = Duty.objects.visible_to(reader).filter(owed_by__in=people, due_at__gte=first, due_at__lt=at)
    told = rows.exclude(state="withdrawn").order_by("due_at").values_list(
        "owed_by", "pk", "deal", "behavior", "due_at", "closed_at"
    )  # fmt: skip
    found: dict[UUID, list[tuple[date, Kept]]] = defaultdict(list)
    for owed_by, pk, deal, behavior, due_at, closed_at in told:
        state = "missed" if closed_at is None else "made" if closed_at <= due_at else "late"
        found[owed_by].append((due_at.astimezone(tz).date(), Kept(pk, deal, behavior, due_at, state)))
    return found


def _looked(member: Member, starts: date, rows: list[tuple[date, Kept]], today: date) -> Looked:
    weeks = weeks_over(starts, [(on, one.state == "made") for on, one in rows], today)
    found = oversight(starts, weeks, today)
    if found.phase == "over":
        return Looked(member, found, tuple(weeks))
    back = 7 if found.phase == "weekly" else 1
    lately = [one for on, one in rows if on >= max(starts, today - timedelta(days=back))]
    return Looked(member, found, tuple(weeks), tuple(lately[-SHOWN:]))


def weeks_over(starts: date, due: Collection[tuple[date, bool]], today: date) -> list[Week]:
    """Return the weeks of somebody's start that are over by today, the first first; at most a quarter's."""
    over = min((today - starts).days, LASTS.days) // 7
    made, of = [0] * max(over, 0), [0] * max(over, 0)
    for on, kept in due:
        week = (on - starts).days // 7
        if 0 <= week < over:
            of[week] += 1
            made[week] += kept
    return [Week(starts + timedelta(days=7 * n), made[n], of[n]) for n in range(max(over, 0))]
