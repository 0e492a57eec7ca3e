"""What each role may do about people. Pure rules: who asks, about whom; the answer is a verdict with its reason.

What a role may do to customers' records is asked in the ledger; a read-only member changes nothing but their own
settings, which the web holds at its door.
"""

from django.utils.translation import gettext as _

from baton.kernel.verdict import Verdict
from baton.members.models import Member, Role

GIVEN_BY = {
    Role.OWNER: (Role.OWNER, Role.MANAGER, Role.MEMBER, Role.READ_ONLY),
    Role.MANAGER: (Role.MEMBER, Role.READ_ONLY),
}
"""Role of who asks → the roles that they may give and whose members they may change."""


def roles_given_by(member: Member) -> tuple[Role, ...]:
    """Return the roles that this member may give to others, most powerful first."""
    return GIVEN_BY.get(Role(member.role), ()) if member.is_active else ()


def may_look_after_people(by: Member) -> Verdict:
    """Whether somebody may invite, seat, change and part with members at all."""
    if roles_given_by(by):
        return Verdict.allow()
    return Verdict.refuse(_("Only the owner and managers invite people and change who does what."))


def may_give(by: Member, role: str) -> Verdict:
    """Whether this role may be given by them, in an invitation or later."""
    if not roles_given_by(by):
        return may_look_after_people(by)
    if role in roles_given_by(by):
        return Verdict.allow()
    return Verdict.refuse(_("Only the owner makes owners and managers."))


def may_change(by: Member, member: Member) -> Verdict:
    """Whether they may change this member's role and desks, or part with them."""
    if not roles_given_by(by):
        return may_look_after_people(by)
    if member.role in roles_given_by(by):
        return Verdict.allow()
    return Verdict.refuse(_("Only the owner changes owners and managers."))
