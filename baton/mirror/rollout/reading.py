"""The plan of the rollout as it stands: the days, the people, what each can do already, and who looks after whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.map.current import current_map, current_version, one_version
from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Invitation, Member
from baton.mirror.rollout.dates import Days, days_set
from baton.mirror.rollout.oversight import Phase
from baton.mirror.rollout.planning import Start, propose, proposed_end, working_day
from baton.mirror.rollout.seen import Ability, Seen, abilities, seen_of
from baton.mirror.rollout.weeks import Looked, look, looked_after_by, lookers, starts_of
from baton.mirror.sight import owns
from baton.work.behaviors import in_force

Here = Literal["here", "invited", "unknown"]


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the plan. `member` is none while they aren't here; `seen` are abilities the ledger has seen."""

    start: Start
    name: str
    here: Here
    abilities: tuple[Ability, ...]
    seen: tuple[str, ...] = ()
    phase: Phase | None = None
    member: UUID | None = None

    @property
    def left(self) -> list[Ability]:
        """What nobody has seen them do yet."""
        return [one for one in self.abilities if one.key not in self.seen]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "email": self.start.email,
            "name": self.name,
            "starts": self.start.on.isoformat(),
            "chosen": self.start.chosen,
            "why": self.start.why,
            "desks": list(self.start.desks),
            "here": self.here,
            "abilities": [one.key for one in self.abilities],
            "seen": list(self.seen),
            "oversight": self.phase,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan. `set` are the days that the owner set, `begins` and `off` also where they are only proposed."""

    set: Days
    begins: date
    off: date | None
    people: list[Person] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data, as `baton rollout --json` prints it."""
        return {
            "begins": self.begins.isoformat(),
            "begun": self.set.begins is not None,
            "sheet": {
                "name": self.set.sheet,
                "off": self.off.isoformat() if self.off else None,
                "decided": self.set.off is not None,
            },
            "people": [one.as_json() for one in self.people],
        }


@one_version()
def plan(member: Member, *, at: datetime) -> Plan:
    """Return the plan. Raises `Refusal` for everybody but the owner of the map and their deputy."""
    if not owns(member):
        raise Refusal(_("The rollout is planned by whoever owns the map, or their deputy."))
    drawn, days = current_map(), days_set(member)
    begins = days.begins or working_day(drawn.hours, at.astimezone(drawn.hours.tz).date())
    starts = starts_under(drawn, begins, days)
    off = days.off or proposed_end(starts, drawn.hours)
    return Plan(days, begins, off, _people(starts, days, member, at))


def starts_under(drawn: OperatingMap, begins: date, days: Days) -> list[Start]:
    """Return who starts when, proposed from the map or chosen, of everybody who is here, invited, or named in it."""
    return propose(drawn, begins, _seated(), days.starts)


def planned(days: Days) -> dict[str, date]:
    """Return address → day of everybody in the plan, nothing while no rollout has begun."""
    if days.begins is None:
        return {}
    return {one.email: one.on for one in starts_under(current_map(), days.begins, days)}


def looked_after(member: Member, at: datetime, days: Days | None = None) -> list[Looked]:
    """Return the first weeks of those whom this member looks after, who aren't on their own yet first."""
    theirs = planned(days or days_set(member))
    people = looked_after_by(member, current_map()) if theirs else set()
    found = _looked(people, theirs, member, at)
    return sorted(found, key=lambda one: (one.oversight.phase == "over", one.member.name))


def own_weeks(member: Member, at: datetime, days: Days | None = None) -> Looked | None:
    """Return one's own first weeks, as whoever looks after one sees them."""
    return next(iter(_looked({member.pk}, planned(days or days_set(member)), member, at)), None)


def _looked(ids: Collection[UUID], theirs: Mapping[str, date], reader: Member, at: datetime) -> list[Looked]:
    people = list(Member.objects.filter(pk__in=ids, is_active=True)) if ids and theirs else []
    return look(people, starts_of(people, theirs), reader, at)


def _seated() -> dict[str, list[str]]:
    """Address → desks of those who are here, in the order of joining, and of those who are invited."""
    found: dict[str, list[str]] = {
        email.lower(): [] for email in _here().order_by("joined_at").values_list("email", flat=True)
    }
    for email, desk in DeskSeat.objects.order_by("pk").values_list("member__email", "desk"):
        found.get(email.lower(), []).append(desk)
    for email, desks in Invitation.objects.waiting().values_list("email", "desks"):
        found.setdefault(email.lower(), list(desks))
    return found


def _here() -> Any:
    return Member.objects.filter(is_active=True).exclude(role="read-only")


def _people(starts: list[Start], days: Days, reader: Member, at: datetime) -> list[Person]:
    drawn, behaviors = current_map(), in_force(current_version())
    here = {one.email.lower(): one for one in Member.objects.filter(is_active=True)}
    invited = {email.lower() for email in Invitation.objects.waiting().values_list("email", flat=True)}
    known = [here[one.email] for one in starts if one.email in here]
    seen: dict[UUID, Seen] = seen_of([one.pk for one in known], reader)
    theirs, desks = (
        {one.email: one.on for one in starts} if days.begins else {},
        {one.email: one.desks for one in starts},
    )
    known = [one for one in known if lookers(one, desks[one.email.lower()], drawn)]
    phases = {one.member.pk: one.oversight.phase for one in look(known, starts_of(known, theirs), reader, at)}
    return [
        _person(start, here.get(start.email), tuple(abilities(start.email, start.desks, drawn, behaviors)),
                seen, phases, invited=start.email in invited)
        for start in starts
    ]  # fmt: skip


def _person(
    start: Start,
    member: Member | None,
    able: tuple[Ability, ...],
    seen: Mapping[UUID, Seen],
    phases: Mapping[UUID, Phase],
    *,
    invited: bool,
) -> Person:
    if member is None:
        return Person(start, "", "invited" if invited else "unknown", able)
    done = seen.get(member.pk, {})
    keys = tuple(one.key for one in able if one.key in done)
    return Person(start, member.name, "here", able, keys, phases.get(member.pk), member.pk)
