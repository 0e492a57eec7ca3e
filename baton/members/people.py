"""What changes about a member after they came: role, leaving, coming back. The owner never disappears."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members import seats, sessions
from baton.members.models import Member, Role
from baton.members.roles import may_change, may_give
from baton.members.seats import Seating


def change_role(member: Member, role: str, *, by: Member) -> None:
    """Give a member another role, effective with their next request. Refuses to leave the business without an owner."""
    may_change(by, member).or_refuse()
    may_give(by, role).or_refuse()
    with writing():
        if role != Role.OWNER:
            refuse_without_owner(member)
        Member.objects.filter(pk=member.pk).update(role=role)
    member.role = role


def part_with(member: Member, *, by: Member, at: datetime) -> None:
    """Let a member go: they are signed out everywhere at once, lose their desks, and can't sign in any more.

    What they did stays theirs in the history. What is still open is handed on by `work.leaving`.
    """
    may_change(by, member).or_refuse()
    with writing():
        refuse_without_owner(member)
        Member.objects.filter(pk=member.pk).update(is_active=False, left_at=at, capture_token=None)
        seats.leave_all(member)
        sessions.end_sessions(member)
    member.refresh_from_db()


def bring_back(member: Member, *, by: Member, named: Seating) -> None:
    """Let somebody who left in again, with the role they had and the desks at which the map names them."""
    may_change(by, member).or_refuse()
    with writing():
        Member.objects.filter(pk=member.pk).update(is_active=True, left_at=None)
        seats.take(member, (), named)
    member.refresh_from_db()


def refuse_without_owner(member: Member) -> None:
    """Refuse where this member is the last owner who is here."""
    owners = Member.objects.filter(role=Role.OWNER, is_active=True)
    if member.role == Role.OWNER and not owners.exclude(pk=member.pk).exists():
        raise Refusal(
            _("%(name)s is the only owner. Make somebody else an owner first, so that the map always has one.")
            % {"name": member}
        )
