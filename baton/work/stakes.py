"""A person's part in a map: what they would owe, by what happened lately, and what they would get for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from baton.map.agreeing import Counts
from baton.map.elements import Behavior, Who
from baton.map.schema import OperatingMap
from baton.members.models import Member, Role
from baton.work.rehearsed import DAYS, last_days

AT_A_DESK = frozenset({"deal owner", "desk", "in turn", "sender", "receiver", "asker", "asked", "promiser", "recorder"})
"""Parts that anybody may play who works at a desk."""


@dataclass(frozen=True, slots=True)
class Owing:
    """One behavior that somebody would owe. `opened` and `late` are of the last days, None where nobody counted."""

    name: str
    when: str
    within: str
    so_that: str
    opened: int | None = None
    late: int = 0


@dataclass(slots=True)
class Part:
    """What a map asks of one person, and what it gives them."""

    desks: list[str] = field(default_factory=list)
    owes: list[Owing] = field(default_factory=list)
    gets: list[str] = field(default_factory=list)

    @property
    def opened(self) -> int:
        return sum(each.opened or 0 for each in self.owes)


def counted_for_each(drawn: OperatingMap, at: datetime) -> dict[UUID, dict[str, list[int]]]:
    """Return member → behavior → [duties, late] that a map, keyed by permanent ids, would have opened over 30 days."""
    found: dict[UUID, dict[str, list[int]]] = defaultdict(dict)
    for tally in last_days(drawn, DAYS, at=at).tallies:
        for case in tally.cases:
            if case.owed_by:
                one = found[case.owed_by].setdefault(tally.behavior.id, [0, 0])
                one[0] += 1
                one[1] += case.late
    return dict(found)


def part_of(member: Member, drawn: OperatingMap, counts: Counts) -> Part:
    """Return a member's part in a map keyed by permanent ids; `counts` are their own (`counted_for_each`)."""
    desks = drawn.desks_of(member.email)
    part = Part([desk.name for desk in desks])
    for behavior in drawn.behaviors.values():
        if behavior.id in counts or _may_owe(behavior.owed_by.chain[:1], member, drawn):
            part.owes.append(_owing(behavior, counts.get(behavior.id) if counts else None, known=bool(counts)))
    part.owes += _accepting(member, drawn)
    part.gets = [*_packets(member, drawn), *_decisions(member, drawn)]
    return part


def _owing(behavior: Behavior, count: list[int] | None, *, known: bool) -> Owing:
    opened, late = count or (0 if known else None, 0)
    return Owing(behavior.name, str(behavior.opens.sentence), behavior.within.told, behavior.so_that, opened, late)


def _may_owe(chain: tuple[Who, ...], member: Member, drawn: OperatingMap) -> bool:
    email, desks = member.email.lower(), drawn.desks_of(member.email)
    leads = [desk for desk in drawn.desks.values() if desk.lead.lower() == email]
    for who in chain:
        named = drawn.desks.get(who.name)
        if who.role == "in turn" and named:
            return named in desks
        if who.role in AT_A_DESK and desks:
            return True
        if who.role == "desk lead" and leads:
            return True
        if who.role == "lead of" and named in leads:
            return True
        if who.role == "member" and who.name.lower() == email:
            return True
        if who.role in ("owner", "deputy") and getattr(drawn, who.role).lower() == email:
            return True
        if who.role == "manager" and member.role == Role.MANAGER:
            return True
    return False


def _accepting(member: Member, drawn: OperatingMap) -> Iterator[Owing]:
    """Yield the handoffs that their desks would have to answer; to oneself it is a checklist and no duty."""
    for handoff, desk in _handed_to(member, drawn):
        yield Owing(
            _("Accept or return what %(desk)s hands over") % {"desk": drawn.desks[handoff.from_desk].name},
            _("a deal is offered to %(desk)s") % {"desk": desk.name},
            handoff.accept_within.told,
            _("nobody waits for an answer from the next desk"),
        )


def _handed_to(member: Member, drawn: OperatingMap) -> Iterator:
    for desk in drawn.desks_of(member.email):
        for handoff in drawn.handoffs_to(desk.id):
            if drawn.desks[handoff.from_desk].members != (member.email.lower(),):
                yield handoff, desk


def _packets(member: Member, drawn: OperatingMap) -> Iterator[str]:
    for handoff, desk in _handed_to(member, drawn):
        items = ", ".join(item.name for item in drawn.packet(handoff))
        told = {"giver": drawn.desks[handoff.from_desk].name, "desk": desk.name, "items": items}
        yield _("%(giver)s brings %(desk)s: %(items)s. What is missing is theirs to find, not yours to ask for.") % told


def _decisions(member: Member, drawn: OperatingMap) -> Iterator[str]:
    for decision in drawn.decisions.values():
        if member.email.lower() in decision.who:
            items = ", ".join(str(field.name) for key in decision.reads if (field := drawn.field(key)))
            yield _("%(decision)s finds there what it decides from: %(items)s.") % {
                "decision": decision.name,
                "items": items,
            }
