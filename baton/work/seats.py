"""Who sits at which desk, and who may therefore do what with a deal that lies there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from baton.kernel.verdict import Verdict
from baton.map.schema import OperatingMap
from baton.members.models import DeskSeat, Member


def desks_of(member: Member, operating_map: OperatingMap) -> set[str]:
    """Return the ids of the desks at which this member sits or that they lead."""
    seated = set(DeskSeat.objects.filter(member=member).values_list("desk", flat=True))
    named = {desk.id for desk in operating_map.desks_of(member.email)}
    led = {desk.id for desk in operating_map.desks.values() if desk.lead.lower() == member.email.lower()}
    return (seated | named | led) & operating_map.desks.keys()


def leads(member: Member, desk: str, operating_map: OperatingMap) -> bool:
    """Whether this member is the lead of a desk."""
    known = operating_map.desks.get(desk)
    return known is not None and known.lead.lower() == member.email.lower()


def lead_of(desk: str, operating_map: OperatingMap) -> Member | None:
    """Return the active member who leads a desk."""
    known = operating_map.desks.get(desk)
    return Member.objects.filter(email__iexact=known.lead, is_active=True).first() if known else None


def desk_name(desk: str, operating_map: OperatingMap) -> str:
    """Return the name by which people call a desk."""
    known = operating_map.desks.get(desk)
    return known.name if known else desk


def may_act_for(member: Member, desk: str, operating_map: OperatingMap) -> Verdict:
    """Return whether a member may send from, or receive at, this desk: those who sit there, managers and the owner."""
    if not member.may_write:
        return Verdict.refuse(_("Your role is read only, so nothing was changed."))
    if member.sees_everything or desk in desks_of(member, operating_map):
        return Verdict.allow()
    name = desk_name(desk, operating_map)
    return Verdict.refuse(_("Only %(desk)s, a manager or the owner can do this.") % {"desk": name})
