"""Booking a meeting from a deal: it stands at once, and goes out as an invitation in the member's own name.

Written as a calendar and taken in through the same door as everybody's, so that what we plan and what they are sent are
the same words. Changed or called off, whoever was invited is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.ingesting import ingest, keep_raw
from baton.capture.models import Delivery
from baton.capture.reading import process
from baton.capture.trust import OWN
from baton.channels.calendar.adapter import CALENDAR
from baton.channels.calendar.writing import Written, calendar_of
from baton.channels.email import sending
from baton.channels.email.composing import Letter, new_message_id, undated
from baton.channels.email.writing import UNDO, as_line
from baton.kernel import words
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal, Interaction
from baton.members.models import Member
from baton.work.looking import deal_seen_by
from baton.work.meeting_plans import Plan, is_off, main_of
from baton.work.meetings import plan_of

BOOKED = "booked"
"""Evidence of a meeting that a member booked here."""
LONGEST = timedelta(days=14)
FARTHEST = timedelta(days=731)
MOST_PEOPLE = 50
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a member typed: what it is, when, where, with whom (name, address), and a few words for them."""

    subject: str
    starts: datetime
    ends: datetime
    people: Sequence[Pair] = field(default_factory=tuple)
    place: str = ""
    text: str = ""


def book(deal: Deal, wanted: Wanted, *, by: Member, at: datetime, key: str) -> Interaction:
    """Plan a meeting on a deal, and invite to it where mail can be sent; the same key books once.

    Refuses a time gone by or without an end, and one that nobody else comes to.
    """
    deal_seen_by(by, deal.pk)
    _refuse(wanted, at)
    if not wanted.people:
        raise Refusal(_("Say whom you meet, by mail address."))
    domain = by.email.rpartition("@")[2] or "baton"
    uid = f"{hashlib.sha256(f'{by.pk}:{key}'.encode()).hexdigest()[:32]}@{domain}"
    written = _written(wanted, uid, by, at)
    meeting = _take_in(written, "REQUEST", deal.pk, by, at)
    _send(written, "REQUEST", deal, by, at)
    return meeting


def change(meeting: Interaction, wanted: Wanted, *, by: Member, at: datetime) -> None:
    """Move a meeting, or say it differently; whoever was invited is told."""
    deal, plan = _ours(meeting, by)
    _refuse(wanted, at)
    written = _next_version(_written(wanted, plan["uid"], by, at), plan)
    _take_in(written, "REQUEST", deal.pk, by, at)
    _send(written, "REQUEST", deal, by, at)


def call_off(meeting: Interaction, *, by: Member, at: datetime) -> None:
    """Call a meeting off; whoever was invited is told."""
    deal, plan = _ours(meeting, by)
    told = main_of(plan)
    wanted = Wanted(
        told["subject"],
        datetime.fromisoformat(told["starts"]),
        datetime.fromisoformat(told["ends"]),
        tuple((one["name"], one["address"]) for one in told["people"]),
        told["place"],
    )
    written = replace(_next_version(_written(wanted, plan["uid"], by, at), plan), cancelled=True)
    _take_in(written, "CANCEL", deal.pk, by, at)
    _send(written, "CANCEL", deal, by, at)


def may_change(meeting: Interaction, by: Member) -> bool:
    """Whether this member booked it here and may change it: an invitation is changed by who sent it."""
    plan = plan_of(meeting)
    ours = plan is not None and plan["organizer"] and plan["organizer"]["address"] == by.email.lower()
    return bool(ours) and by.may_write and plan is not None and not is_off(plan) and "" in plan["parts"]


def _ours(meeting: Interaction, by: Member) -> tuple[Deal, Plan]:
    plan = plan_of(meeting)
    if plan is None or not may_change(meeting, by):
        raise Refusal(_("Only who invited to it can change it or call it off."))
    if meeting.deal_id is None:
        raise Refusal(_("It lies on no deal."))
    return deal_seen_by(by, meeting.deal_id), plan


def _refuse(wanted: Wanted, at: datetime) -> None:
    if not wanted.subject.strip():
        raise Refusal(_("Say what it is about."))
    if not at < wanted.starts < at + FARTHEST:
        raise Refusal(_("Choose a time that is still to come, within two years."))
    if not timedelta(0) < wanted.ends - wanted.starts <= LONGEST:
        raise Refusal(_("Say how long it takes: at most two weeks."))
    if len(wanted.people) > MOST_PEOPLE:
        raise Refusal(_("That is more people than one invitation should go to."))


def _written(wanted: Wanted, uid: str, by: Member, at: datetime) -> Written:
    return Written(
        uid,
        wanted.starts,
        wanted.ends,
        " ".join(wanted.subject.split()),
        at.replace(microsecond=0),
        place=" ".join(wanted.place.split()),
        text=wanted.text.strip(),
        organizer=(by.name, by.email.lower()),
        people=tuple((name, address, "") for name, address in wanted.people),
    )


def _next_version(written: Written, plan: Plan) -> Written:
    told = main_of(plan)
    people = written.people or tuple((one["name"], one["address"], "") for one in told["people"])
    return replace(written, seq=told["seq"] + 1, people=people)


def booked_key(uid: str, method: str, seq: int) -> str:
    """Return by which key one version of a meeting that was booked here came in."""
    return f"booked:{uid}:{method}:{seq}"


def sent_key(uid: str, method: str, seq: int) -> str:
    """Return by which key its invitation goes out."""
    return f"meeting:{uid}:{method}:{seq}"


def _take_in(written: Written, method: str, deal: UUID, by: Member, at: datetime) -> Interaction:
    raw = calendar_of([written], method=method)
    evidence = {"by": BOOKED, "trust": OWN, "sender": by.email.lower(), "deal": str(deal)}
    evidence["sends"] = sending.can_send(by)
    key = booked_key(written.uid, method, written.seq)
    delivery = ingest(CALENDAR, key, raw, at=at, as_member=by, evidence=evidence)
    if delivery.state == Delivery.State.WAITING:
        process([delivery], at=at)
    delivery = Delivery.objects.visible_to(by).get(pk=delivery.pk)
    if delivery.interaction_id is None:
        raise Refusal(delivery.because or _("It couldn’t be recorded."))
    return Interaction.objects.visible_to(by).get(pk=delivery.interaction_id)


def _send(written: Written, method: str, deal: Deal, by: Member, at: datetime) -> None:
    """Put the invitation on its way, where there is anything to send through."""
    people = [(name, address) for name, address, _answer in written.people if address != by.email.lower()]
    if not people or not sending.can_send(by):
        return
    letter = Letter(
        (by.name, by.email),
        people,
        _subject(written, method),
        _words(written, by),
        message_id=new_message_id(by.email),
        calendar=calendar_of([written], method=method),
        calendar_method=method,
    )
    body = sending.Written(by.email, [one for _name, one in people], letter.message_id, letter.subject, {}).as_body()
    outbox.put(
        sending.SENDING,
        sent_key(written.uid, method, written.seq),
        to=as_line(people),
        body=body,
        at=at,
        send_at=at + UNDO,
        member=by,
        deal=deal,
        raw_id=keep_raw(undated(letter)),
    )


def _subject(written: Written, method: str) -> str:
    if method == "CANCEL":
        return _("Called off: %(subject)s") % {"subject": written.subject}
    if written.seq:
        return _("Changed: %(subject)s") % {"subject": written.subject}
    return _("Invitation: %(subject)s") % {"subject": written.subject}


def _words(written: Written, by: Member) -> str:
    lines = [written.text, _in_full(written), written.place, f"{by.name}\n{by.email}"]
    return "\n\n".join(line for line in lines if line) + "\n"


def _in_full(written: Written) -> str:
    assert isinstance(written.starts, datetime)
    day, clock = words.long_day(written.starts), words.clocktime(written.starts)
    zone = timezone.get_current_timezone_name()
    return f"{written.subject}\n{day}, {clock} ({zone})"
