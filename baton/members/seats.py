"""Who sits at which desk. The map names leads and members of its desks; the seats are what counts while it runs.

Publishing a map (`map.seating`) seats the people it names anew and takes away the seats of those it no longer names;
whom the owner or a manager seated besides stays. Desks are the ids of the map's desks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import DeskSeat, Member
from baton.members.roles import may_change

Seating = Mapping[str, Collection[str]]
"""Desk → the addresses of those whom the map seats there."""


def desks_of(member: Member) -> list[str]:
    """Return the desks at which this member sits, in the order in which they were seated."""
    return list(DeskSeat.objects.filter(member=member).order_by("pk").values_list("desk", flat=True))


def desks_by_member() -> dict[object, list[str]]:
    """Return member id → their desks, for a list of people."""
    desks: dict[object, list[str]] = {}
    for member_id, desk in DeskSeat.objects.order_by("pk").values_list("member_id", "desk"):
        desks.setdefault(member_id, []).append(desk)
    return desks


def seat(member: Member, desks: Collection[str], *, by: Member, named: Seating) -> None:
    """Seat a member at exactly these desks.

    `named` is the seating of the map in force. Refuses a desk that the map doesn't have, and to take somebody away
    from a desk at which the map itself names them: that takes a new version of the map.
    """
    may_change(by, member).or_refuse()
    unknown = [desk for desk in desks if desk not in named]
    if unknown:
        raise Refusal(_("The map has no desk called “%(desk)s”.") % {"desk": unknown[0]})
    if not set(named_at(member.email, named)) <= set(desks):
        raise Refusal(
            _("The map names %(name)s at a desk that you took away. Change the map for that.") % {"name": member}
        )
    with writing():
        DeskSeat.objects.filter(member=member).exclude(desk__in=desks).delete()
        _add((member.pk, desk) for desk in desks)


def named_at(email: str, named: Seating) -> list[str]:
    """Return the desks at which the map names this address."""
    return [desk for desk, people in named.items() if email.lower() in people]


def take(member: Member, desks: Iterable[str], named: Seating) -> None:
    """Seat a new or returning member: where they were invited to, as far as the map still has it, and where it names
    them.
    """
    wanted = [desk for desk in desks if desk in named] + named_at(member.email, named)
    _add((member.pk, desk) for desk in dict.fromkeys(wanted))


def leave_all(member: Member) -> None:
    """Take away every seat of a member who leaves."""
    DeskSeat.objects.filter(member=member).delete()


def _add(seats: Iterable[tuple[object, str]]) -> None:
    rows = [DeskSeat(member_id=member_id, desk=desk) for member_id, desk in seats]
    DeskSeat.objects.bulk_create(rows, ignore_conflicts=True)
