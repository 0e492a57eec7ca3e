"""What should have gone out and didn't: it is shown to whoever sent it until they send it again or let it go.

What Baton itself writes (letters to members, answers to a forwarded chat) is nobody's in particular: whoever connects
for the business sees that it didn't go, and to whom, but not what it says.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from baton.capture import outbox
from baton.capture.connections import may_change
from baton.capture.models import Outgoing
from baton.members.models import Member

CALLER = "capture"
State = Outgoing.State
STUCK = Q(state__in=[State.FAILED, State.UNSURE])
TRIED = Q(state=State.WAITING) & ~Q(last_error="")


def unsent(member: Member) -> QuerySet[Outgoing]:
    """Return what this member has to know of, newest first: given up, perhaps sent, or tried again and again."""
    return _theirs(member).filter(STUCK | TRIED).order_by("-asked_at", "-pk")


def stuck(member: Member) -> QuerySet[Outgoing]:
    """Return what waits for this member to say what becomes of it."""
    return _theirs(member).filter(STUCK)


def _theirs(member: Member) -> QuerySet[Outgoing]:
    whose = Q(member=member)
    if may_change(member, None).answer == "allow":
        whose |= Q(member=None)
    return Outgoing.objects.unscoped(CALLER).filter(whose)


def seen(member: Member, pk: UUID) -> Outgoing | None:
    """Return one of them, None where it isn't this member's to settle, or was settled meanwhile."""
    return unsent(member).filter(pk=pk).first()


def send_again(row: Outgoing, at: datetime) -> None:
    """Try it once more, at once."""
    outbox.send_again(row, at)


def let_go(row: Outgoing) -> None:
    """Let it go. Raises `Refusal` where it is being sent this moment."""
    if row.state == State.WAITING:
        outbox.take_back(row)
    outbox.forget(row)
