"""Being away: from when until when, and who stands in. What is owed goes to the deputy, else to the next in line.

Announced absences begin and end by a sweep, each with a fact of its own, so that what is owed by whom follows from
the ledger alone. A role that may only read is an absence without an end.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.kernel import words
from baton.kernel.clock import stamp
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, said
from baton.ledger.recording import record
from baton.map.current import current_version, publications
from baton.members import people
from baton.members.models import Member, Role
from baton.members.roles import may_change
from baton.work.models import Absence, Duty
from baton.work.owing import READS

CALLER = "work.duties"
LIMIT = 50


def be_away(
    member: Member, *, since: datetime, until: datetime, deputy: Member | None, by: Member, at: datetime
) -> Absence:
    """Say that a member is away, and who stands in. One says so oneself; for others whoever looks after people does.

    What they owe passes on at `since`, at once where that has come, and comes back at `until` as far as it is open.
    """
    _refuse_for_others(member, by)
    if until <= max(since, at):
        raise Refusal(_("It ends before it begins. Choose a later day."))
    if deputy is not None and (not deputy.may_write or deputy.pk == member.pk):
        raise Refusal(_("Choose a colleague who may act on it."))
    if _overlapping(member, since, until):
        raise Refusal(_("%(name)s is away then already. End that first.") % {"name": member})
    told = {"member": str(member.pk), "deputy": str(deputy.pk) if deputy else None}
    told |= {"from_at": stamp(since), "until_at": stamp(until), "why": "away"}
    told |= {"began": stamp(at)} if since <= at else {}
    key = uuid7()
    return record(said("absence", key, **told), by=Author(by), at=at).row("absence", key)


def come_back(absence: Absence, *, by: Member, at: datetime) -> Absence:
    """End an absence, or call off one that hasn't begun: what is still open of theirs is theirs again."""
    row = Absence.objects.unscoped(CALLER).get(pk=absence.pk)
    if row.member is None or row.why != "away":
        raise Refusal(_("That follows from their role. Change the role instead."))
    _refuse_for_others(row.member, by)
    if row.ended_at:
        raise Refusal(_("That is over already."))
    return record(said("absence", row.pk, ended=stamp(at)), by=Author(by), at=at).row("absence", row.pk)


def turn(at: datetime) -> int:
    """Begin and end what was announced for by now; return how many. A sweep, in the order of the times."""
    rows = Absence.objects.unscoped(CALLER)
    going = rows.lasting().filter(until_at__lte=at).order_by("until_at")[:LIMIT]
    coming = rows.ahead().filter(from_at__lte=at).order_by("from_at")[:LIMIT]
    turned = [(row, "ended") for row in going] + [(row, "began") for row in coming]
    for row, field in turned:
        record(said("absence", row.pk, **{field: stamp(at)}), by=Author.baton(), at=at)
    return len(turned)


def change_role(member: Member, role: str, *, by: Member, at: datetime) -> None:
    """Give a member another role. Who may only read from now on owes nothing: it goes to the next in line."""
    before = member.role
    with writing():
        people.change_role(member, role, by=by)
        _note_role(member, before, role, by, at)


def _note_role(member: Member, before: str, role: str, by: Member, at: datetime) -> None:
    if (before == Role.READ_ONLY) == (role == Role.READ_ONLY):
        return
    told = Absence.objects.unscoped(CALLER).filter(member=member, why=READS, ended_at=None).first()
    if role == Role.READ_ONLY:
        entries = said("absence", uuid7(), member=str(member.pk), why=READS, from_at=stamp(at), began=stamp(at))
    elif told:
        entries = said("absence", told.pk, ended=stamp(at))
    else:
        since = stamp(min(member.joined_at, publications(current_version())[0][0]))
        entries = said(
            "absence", uuid7(), member=str(member.pk), why=READS, from_at=since, began=since, ended=stamp(at)
        )
    record(entries, by=Author(by), at=at)


def passes_on(member: Member, *, seen_by: Member) -> int:
    """Return how many open duties would pass on, before somebody says that they are away."""
    return Duty.objects.visible_to(seen_by).open().filter(owed_by=member).count()


def absences(member: Member, *, seen_by: Member) -> list[Absence]:
    """Return the absences of a member that go on or lie ahead, the next first."""
    rows = Absence.objects.visible_to(seen_by).filter(member=member, ended_at=None, why="away")
    return list(rows.order_by("from_at"))


def until_when(member_ids: set[UUID], at: datetime) -> dict[UUID, str]:
    """Return member → “away until Fri 28 Nov”, or that they may only read, for those who can't act now."""
    rows = Absence.objects.unscoped(CALLER).lasting().filter(member__in=member_ids)
    return {row.member_id: _told(row, at) for row in rows if row.member_id}


def _told(row: Absence, at: datetime) -> str:
    if row.why == READS or row.until_at is None:
        return _("may only read")
    return _("is away until %(day)s") % {"day": words.day(row.until_at, at)}


def _refuse_for_others(member: Member, by: Member) -> None:
    if member.pk != by.pk:
        may_change(by, member).or_refuse()
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))


def _overlapping(member: Member, since: datetime, until: datetime) -> bool:
    rows = Absence.objects.unscoped(CALLER).filter(member=member, ended_at=None, why="away")
    return rows.filter(Q(until_at=None) | Q(until_at__gt=since), from_at__lt=until).exists()
