"""Whether those who are asked to a meeting that was booked here know of it; where they don't, why."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.ingesting import evidence_of
from baton.capture.models import Outgoing
from baton.channels.calendar.adapter import CALENDAR
from baton.channels.calendar.booking import booked_key, sent_key
from baton.channels.email.sending import SENDING
from baton.ledger.models import Interaction
from baton.work.meeting_plans import main_of
from baton.work.meetings import plan_of

Version = tuple[str, str, int]


def uninvited(meetings: Iterable[Interaction]) -> dict[UUID, str]:
    """Return meeting → why its invitation, as it stands now, isn't with anybody; for those that were booked here.

    Two queries, however many meetings there are.
    """
    versions = {row.pk: version for row in meetings if (version := _version(row))}
    booked = evidence_of(CALENDAR, (booked_key(*one) for one in versions.values()))
    sent = outbox.standing(SENDING, (sent_key(*one) for one in versions.values()))
    told = {
        pk: _why(sent.get(sent_key(*one)), sends=booked[booked_key(*one)].get("sends", True))
        for pk, one in versions.items()
        if booked_key(*one) in booked
    }
    return {pk: why for pk, why in told.items() if why}


def _version(meeting: Interaction) -> Version | None:
    plan = plan_of(meeting)
    return (plan["uid"], "REQUEST", main_of(plan)["seq"]) if plan and "" in plan["parts"] else None


def _why(sent: tuple[str, str] | None, *, sends: bool) -> str:
    if sent is None and not sends:
        return _("wasn’t invited: no mail server was set up to send with")
    state, because = sent or (Outgoing.State.TAKEN_BACK, "")
    if state == Outgoing.State.SENT:
        return ""
    if state == Outgoing.State.WAITING:
        return _("the invitation hasn’t gone out yet")
    if state == Outgoing.State.UNSURE:
        return _("was perhaps invited: %(why)s") % {"why": because}
    if state == Outgoing.State.FAILED:
        return _("wasn’t invited: %(why)s") % {"why": because}
    return _("wasn’t invited: the invitation was taken back")
