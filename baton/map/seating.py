"""Seats at desks, for the people whom the map names there."""

from __future__ import annotations

from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Member


def seat_everybody(old: OperatingMap | None, new: OperatingMap) -> None:
    """Give a seat to each member whom the new map names at a desk; take away those that only the old map gave.

    Seats given on the page of people stay, as long as the desk does.
    """
    members = {member.email.lower(): member for member in Member.objects.filter(is_active=True)}
    now, before = _seats(new), _seats(old) if old else set()
    for email, desk in before - now:
        if email in members:
            DeskSeat.objects.filter(member=members[email], desk=desk).delete()
    DeskSeat.objects.exclude(desk__in=new.desks).delete()
    seats = [DeskSeat(member=members[email], desk=desk) for email, desk in sorted(now) if email in members]
    DeskSeat.objects.bulk_create(seats, ignore_conflicts=True)


def _seats(operating_map: OperatingMap) -> set[tuple[str, str]]:
    return {(email.lower(), desk.id) for desk in operating_map.desks.values() for email in desk.members}
