"""Who may say something of a meeting (RFC 5546, 6.1): its organizer, an attendee of themselves, and we of ours.

Judged from what brought it (`Delivery.evidence`); what a calendar claims of itself proves nothing.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from baton.capture.arrival import Party
from baton.capture.enclosing import CARRIED
from baton.capture.models import Delivery
from baton.capture.ourselves import Ourselves
from baton.capture.trust import OWN, TOKEN
from baton.work.meeting_plans import Plan, addresses_of

Told = dict[str, Any]


def may_say(delivery: Delivery, told: Told, plan: Plan | None, us: Ourselves, *, held: bool = False) -> str:
    """Return why an invitation, a change or a calling off isn't believed; empty where it is.

    A member's own calendar tells of meetings that they take part in, or brought here themselves (`held`). By mail, only
    the organizer changes a meeting, and one of ours only what counts as sent by us: a From line is written quickly.
    """
    if delivery.evidence.get("by") != CARRIED:
        return "" if plan is None or held or _takes_part(delivery, plan, us) else _not_theirs()
    sender, ours = delivery.evidence["sender"], delivery.evidence["trust"] in {OWN, TOKEN}
    if ours:
        return ""
    organizer = (plan or told)["organizer"] or told["organizer"]
    if plan is None:
        return _unproven(organizer, sender, us, new=True)
    if organizer is None:
        return ""
    if organizer["address"] != sender:
        return _("%(sender)s isn’t who invited to it: %(organizer)s is. Nothing was changed.") % {
            "sender": sender or _("Somebody without an address"),
            "organizer": organizer["name"] or organizer["address"],
        }
    return _unproven(organizer, sender, us, new=False)


def _unproven(organizer: Told | None, sender: str, us: Ourselves, *, new: bool) -> str:
    """One of us is claimed to invite: nobody outside does so in their name, and what changes it must be proven."""
    if organizer is None or not us.is_ours(Party("", organizer["address"])):
        return ""
    if new and organizer["address"] == sender:
        return ""
    return _("It claims to come from %(organizer)s, and nothing shows that it does. Nothing was changed.") % {
        "organizer": organizer["address"]
    }


def may_answer(delivery: Delivery, told: Told, plan: Plan, us: Ourselves, *, held: bool = False) -> str:
    """Return why an answer isn't believed: people answer for themselves, and only who was invited."""
    if delivery.evidence.get("by") != CARRIED:
        return "" if held or _takes_part(delivery, plan, us) else _not_theirs()
    named = {one["address"] for part in told["parts"] for one in part["people"]}
    sender = delivery.evidence["sender"]
    if named - {sender}:
        return _("%(sender)s answers for somebody else.") % {"sender": sender or _("Somebody without an address")}
    if sender not in addresses_of(plan):
        return _("%(sender)s wasn’t invited to it.") % {"sender": sender}
    return ""


def _takes_part(delivery: Delivery, plan: Plan, us: Ourselves) -> bool:
    """Whether the calendar is that of somebody whom the meeting names; the business's own counts for all of us."""
    if delivery.as_member is None:
        return True
    theirs = {address for address, member in us.members.items() if member.pk == delivery.as_member_id}
    return bool(theirs & addresses_of(plan)) or not addresses_of(plan)


def _not_theirs() -> str:
    return _("It is a meeting of others. Nothing was changed.")
