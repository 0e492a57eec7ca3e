"""Questions in one line that a member writes from their own phone to a number of the business, answered there.

Only a phone that the member has proven asks as them, and only that phone is answered, while they may still be written
to freely. Whatever else they write stays what it was: a line to record, or something passed on.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from baton.capture.arrival import Arrival
from baton.capture.models import Connection, Delivery
from baton.capture.numbers import member_at
from baton.channels.letters.posting import link
from baton.channels.requests.arriving import Outcome, held_back
from baton.channels.sms import sending as sms
from baton.channels.sms.adapter import SMS
from baton.channels.whatsapp import sending as whatsapp
from baton.channels.whatsapp.adapter import WHATSAPP
from baton.decide.requests import keeping
from baton.decide.requests.asked import is_question
from baton.decide.requests.figures import Deals
from baton.decide.requests.models import Request
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member
from baton.work.reader import as_read_by

CALLER = "capture"
ANSWERS = {WHATSAPP: whatsapp.answer, SMS: sms.answer}
KINDS = {WHATSAPP: "chat", SMS: "text"}
"""A chat that comes through Twilio could only be answered as a text, elsewhere than it was asked."""


def concerns(delivery: Delivery, arrival: Arrival) -> bool:
    """Whether it is a question for a figure, from a phone that a member has proven as their own."""
    if KINDS.get(delivery.channel) != arrival.kind or not _is_a_line(arrival):
        return False
    member = _asker(arrival)
    return member is not None and is_question(arrival.text, Deals.none(member, delivery.received_at))


def _is_a_line(arrival: Arrival) -> bool:
    """Whether somebody wrote it themselves, and nothing but words; what they pass on isn't theirs."""
    passed_on = arrival.passed_on or arrival.parts.get("passed_on_by") or arrival.parts.get("forwarded")
    return bool(arrival.text.strip()) and not (passed_on or arrival.wanted or arrival.files or arrival.machine)


def _asker(arrival: Arrival) -> Member | None:
    """Return whose own phone it came from; what the business itself wrote is no question to it."""
    number = arrival.sender.address if arrival.sender else ""
    return member_at(number) if number and number not in arrival.ours else None


def take(delivery: Delivery, arrival: Arrival, at: datetime) -> Outcome:
    """Keep the question; return what became of it, and whether it is parked."""
    member = _asker(arrival)
    if member is None or arrival.sender is None:
        return _("The phone it came from is nobody’s any more."), True
    delivery.as_member = member
    if held := held_back(member, Request.Channel.CHAT, at):
        return held
    wrote_at = min(arrival.sent_at or delivery.received_at, at)
    where = {"connection": str(delivery.evidence.get("connection", "")), "channel": delivery.channel}
    where |= {"number": arrival.sender.address, "wrote_at": wrote_at.isoformat()}
    key = f"{delivery.channel}:{arrival.fingerprint}"
    keeping.ask(key=key, words=arrival.text, by=member, at=at, channel=Request.Channel.CHAT, mail=where)
    return _("A question: it is answered to %(number)s.") % {"number": arrival.sender.address}, False


def reply(request: Request, at: datetime) -> None:
    """Put the answer into the outbox, once; where it may not be sent any more it stands on the page of requests."""
    with writing():
        try:
            _send(request, at)
        except Refusal as why:
            request.mail = request.mail | {"unsent": why.sentence}
        request.sent_at = at
        request.save(update_fields=["sent_at", "mail"])


def _send(request: Request, at: datetime) -> None:
    told = request.mail
    if member_at(told["number"]) != request.asked_by:
        raise Refusal(_("The phone it came from is nobody’s any more."))
    if at - datetime.fromisoformat(told["wrote_at"]) > whatsapp.WINDOW:
        raise Refusal(_("More than 24 hours have passed since they wrote: nothing was sent."))
    connection = Connection.objects.unscoped(CALLER).on().filter(pk=told["connection"] or None).first()
    if connection is None:
        raise Refusal(_("The line on which it was asked isn’t connected any more."))
    with as_read_by(request.asked_by):
        words = _words(request)
    ANSWERS[told["channel"]](connection, told["number"], words, key=f"request:{request.pk}", at=at)


def _words(request: Request) -> str:
    """Return the answer, and where its deals are to be seen."""
    page = link(f"/requests/{request.pk}/") if keeping.is_on() and request.cells else ""
    return "\n".join(part for part in (request.because, page) if part)
