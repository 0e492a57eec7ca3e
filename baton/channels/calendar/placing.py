"""What becomes of a meeting as it was read: a new one is filed like any message, a known one gets a newer plan.

Whoever says something of somebody else's meeting isn't believed: what they said stands beside it, and changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from baton.capture.arrival import Arrival
from baton.capture.drafting import Draft, Sorter
from baton.capture.enclosing import CARRIED
from baton.capture.known import Place
from baton.capture.models import Delivery, MessageKey
from baton.capture.trust import OWN, TOKEN
from baton.channels.calendar.reading import parties_of
from baton.channels.calendar.standing import may_answer, may_say
from baton.ledger.entries import Entry
from baton.ledger.models import Deal, Holder, Interaction
from baton.members.models import Member
from baton.work.meeting_plans import Plan, merged, nothing
from baton.work.meetings import plan_of, planned

CALLER = "capture"
PATIENCE = timedelta(days=1)
"""How long an answer waits for the invitation that it is about: they come in any order."""
SOON = timedelta(seconds=5)
ABOUT_KNOWN = {"REPLY", "COUNTER", "REFRESH", "DECLINECOUNTER"}
"""What can only be said of a meeting that was told before."""


def draft(sorter: Sorter, delivery: Delivery, read: Any) -> Draft:
    """Return what one delivery becomes: a meeting, a newer plan of one, an answer, or why it changes nothing."""
    if not isinstance(read, Arrival) or read.meeting is None:
        return sorter.draft(delivery, read)
    known = sorter.known.recorded.get(read.fingerprint)
    if known is not None:
        return _on_known(sorter, delivery, read, known)
    if read.meeting["method"] in ABOUT_KNOWN:
        return _wait(sorter, delivery)
    return _new(sorter, delivery, read)


def _wait(sorter: Sorter, delivery: Delivery) -> Draft:
    waited = sorter.at - delivery.received_at
    if sorter.live and waited < PATIENCE:
        return Draft(delivery, later=sorter.at + max(SOON, waited / 2))
    return Draft(delivery, because=_("It answers an invitation that Baton doesn’t know."))


def _new(sorter: Sorter, delivery: Delivery, read: Arrival) -> Draft:
    told = read.meeting or {}
    verdict = may_say(delivery, told, None, sorter.us)
    if verdict:
        return Draft(delivery, because=verdict)
    read.parts |= {"calendar": told["uid"][:200]}
    _go_on_from_mail(read, delivery, sorter)
    made = sorter.draft(delivery, read)
    if made.interaction is None:
        return made
    made.interaction.holders = tuple({*made.interaction.holders, *(one.pk for one in _attending(told, sorter))})
    made.interaction.trust = delivery.evidence.get("trust", made.interaction.trust)
    if made.interaction.trust in {OWN, TOKEN} and told["organizer"]:
        made.interaction.author = sorter.us.members.get(told["organizer"]["address"])
    plan = merged(nothing(told["uid"]), told)
    sorter.told[made.interaction.id] = plan
    made.entries.append(planned(made.interaction.id, None, plan))
    if made.interaction.filed is None and _is_own(delivery):
        made.entries.append(_put_away(made.interaction.id))
    return made


def _go_on_from_mail(read: Arrival, delivery: Delivery, sorter: Sorter) -> None:
    """An invitation belongs to the conversation of the mail that brought it, and is filed when and where that is."""
    message = delivery.evidence.get("interaction")
    row = Interaction.objects.unscoped(CALLER).filter(pk=message).first() if message else None
    key = MessageKey.objects.filter(interaction=row.pk, topic=False).first() if row else None
    if row is None or key is None:
        return
    read.answers, sorter.known.keys[key.digest] = (key.digest,), key
    if row.filed_at:
        sorter.known.places[row.thread] = Place(row.deal_id, row.contact_id, row.company_id)
        _know_deal(row.deal_id, sorter)
    else:
        read.parts["inner"] = True


def _know_deal(deal: UUID | None, sorter: Sorter) -> None:
    if deal and deal not in sorter.known.deals:
        sorter.known.deals[deal] = Deal.objects.unscoped(CALLER).get(pk=deal)


def _attending(told: dict[str, Any], sorter: Sorter) -> list[Member]:
    return [sorter.us.members[one] for one in set(parties_of(told)) if one in sorter.us.members]


def _is_own(delivery: Delivery) -> bool:
    """Out of a member's own calendar: what concerns no customer stays theirs, and nobody is asked where it belongs."""
    return delivery.evidence.get("by") != CARRIED


def _put_away(interaction: UUID) -> Entry:
    return Entry("interaction", interaction, "set_aside", True, because=_("It names no customer."))


def _on_known(sorter: Sorter, delivery: Delivery, read: Arrival, known: UUID) -> Draft:
    told = read.meeting or {}
    made = Draft(delivery, known=known, sender=delivery.sender)
    before = sorter.told.get(known) or _plan_at(known)
    if before is None:
        return made
    answers = told["method"] in ABOUT_KNOWN
    verdict = (may_answer if answers else may_say)(
        delivery, told, before, sorter.us, held=_holds(delivery, known, sorter)
    )
    if verdict:
        made.because = verdict
        made.entries = [_doubt(known, delivery, told, verdict)]
        return made
    made.holders = [*sorter._holders(delivery), *([] if answers else _attending(told, sorter))]
    after = merged(before, told)
    if after is not before:
        sorter.told[known] = after
        made.entries, made.renews = [planned(known, before, after)], True
    return made


def _holds(delivery: Delivery, known: UUID, sorter: Sorter) -> bool:
    """Whether the calendar is that of who brought the meeting here, or belongs to whom the meeting came."""
    if known in sorter.told and not Holder.objects.filter(interaction=known).exists():
        return True  # made in this very batch: its first telling came by the same way
    return Holder.objects.filter(interaction=known, member=delivery.as_member_id).exists()


def _plan_at(known: UUID) -> Plan | None:
    rows = Interaction.objects.unscoped(CALLER).filter(pk=known)
    row = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    return plan_of(row) if row else None


def _doubt(known: UUID, delivery: Delivery, told: dict[str, Any], why: str) -> Entry:
    """What isn't believed stands beside the meeting, for a person to look at."""
    value = {"method": told["method"], "by": delivery.evidence.get("sender", ""), "because": why}
    part = told["parts"][0]
    value |= {name: part[name] for name in ("of", "starts", "ends", "cancelled")}
    return Entry("interaction", known, "doubted", value, key=f"doubted:{delivery.pk}", because=why)
