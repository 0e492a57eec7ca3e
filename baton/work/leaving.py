"""A member leaves: what is still open goes to a colleague, by name, before anybody has to look for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Deal
from baton.ledger.recording import record
from baton.members import people
from baton.members.models import Member
from baton.members.roles import may_change
from baton.work.models import Duty

AT_ONCE = 25
"""Deals handed on in one transaction, so that nobody else's saving waits for them."""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What lies with a member: deals that they own, and duties that are theirs whoever owns the deal."""

    deals: list[Deal]
    duties: list[Duty]

    def __bool__(self) -> bool:
        return bool(self.deals or self.duties)


def still_open(member: Member, *, seen_by: Member) -> StillOpen:
    """Return what would have to go to somebody else, the most urgent duty first."""
    duties = Duty.objects.visible_to(seen_by).open().filter(owed_by=member).in_order()
    return StillOpen(list(_deals(member, seen_by)), list(duties))


def _deals(member: Member, seen_by: Member) -> Iterable[Deal]:
    """Deals that are open, or finished with something still owed on them; the rest stays in their name."""
    owing = Duty.objects.visible_to(seen_by).open().exclude(deal=None).values("deal")
    rows = Deal.objects.visible_to(seen_by).filter(owner=member)
    return rows.filter(Q(status=Deal.Status.OPEN) | Q(pk__in=owing)).order_by("title_folded", "id")


def leave(member: Member, *, to: Member | None, by: Member, at: datetime) -> StillOpen:
    """Part with a member and hand on what is still open with them; return what was handed on.

    They are signed out at once; the handing on follows in small steps, and asking again goes on where it stopped.
    Refuses while something is open and nobody is named to take it.
    """
    may_change(by, member).or_refuse()
    found = still_open(member, seen_by=by)
    if found and not _can_take(to, member):
        raise Refusal(_("Choose who takes what is still open with %(name)s.") % {"name": member})
    if member.is_active:
        people.part_with(member, by=by, at=at)
    if found and to is not None:
        hand_on(member, to=to, by=by, at=at)
    return found


def hand_on(member: Member, *, to: Member, by: Member, at: datetime) -> None:
    """Give the deals and duties that are open with one member to another."""
    reason = _("%(name)s left") % {"name": member}
    for deals in _slices(_deals(member, by)):
        _record([Entry("deal", deal.pk, "owner", str(to.pk), because=reason) for deal in deals], by, at)
    for duties in _slices(Duty.objects.visible_to(by).open().filter(owed_by=member)):
        _record([Entry("duty", duty.pk, "passed_to", str(to.pk), because=reason) for duty in duties], by, at)


def _record(entries: list[Entry], by: Member, at: datetime) -> None:
    record(entries, by=Author(by), at=at)


def _can_take(to: Member | None, member: Member) -> bool:
    return to is not None and to.may_write and to.pk != member.pk


def _slices(rows: Iterable[Deal] | Iterable[Duty]) -> Iterator[list]:
    each = iter(list(rows))
    while batch := list(islice(each, AT_ONCE)):
        yield batch
