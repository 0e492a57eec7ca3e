"""Mail to Baton itself that asks for figures: a spreadsheet to fill, or a question in one line.

The address holds the member's secret (`baton.k3v9…@`), as their capture address does: only who knows it, and writes as
that member, asks as them. Whoever else writes there gets no figure and no answer.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from baton.capture.addresses import LETTERS, TOKEN_LENGTH, address_of, capture_domain
from baton.capture.arrival import Arrival, ArrivedFile
from baton.capture.models import Delivery
from baton.capture.reading import Aside, take_aside
from baton.capture.trust import OWN, TOKEN, trust_of
from baton.decide.requests import keeping
from baton.decide.requests.models import Request
from baton.kernel.verdict import Refusal
from baton.members.models import Member

ENDINGS = ("xlsx", "xlsm", "ods", "xls", "csv")
NAME = "baton"
MOST, WITHIN = 30, timedelta(hours=2)
MOST_FILES = 5
_ADDRESS = re.compile(rf"{NAME}[.+][{LETTERS}]{{{TOKEN_LENGTH}}}@")
Outcome = tuple[str, bool]


def register_requests() -> None:
    """Take requests aside before they are read as mail of customers; called once at start."""
    from baton.channels.requests import chatting

    take_aside(Aside(concerns, take))
    take_aside(Aside(chatting.concerns, chatting.take))


def request_address(member: Member) -> str:
    """Return the address at which this member asks Baton; it is as secret as their capture address."""
    address_of(member)
    return f"{NAME}.{member.capture_token}@{capture_domain()}"


def concerns(delivery: Delivery, arrival: Arrival) -> bool:
    """Whether a mail went to Baton's own address."""
    return bool(_ADDRESS.match(delivery.recipient.lower()))


def take(delivery: Delivery, arrival: Arrival, at: datetime) -> Outcome:
    """Keep what the mail asks for; return what became of it, and whether it is parked."""
    member = delivery.as_member
    if member is None or not member.is_active:
        return _("It asks for figures at an address that is nobody’s."), True
    if trust_of(delivery, arrival.claimed, was_delivered=arrival.was_delivered) not in {OWN, TOKEN}:
        told = {"name": member.short_name, "sender": arrival.claimed or _("nobody")}
        return _("It asks for figures as %(name)s, but comes from %(sender)s: nobody was answered.") % told, True
    if arrival.machine:
        return _("A machine wrote it: it is neither acted on nor answered."), False
    return held_back(member, Request.Channel.EMAIL, at) or _kept(arrival, member, at)


def held_back(member: Member, channel: str, at: datetime) -> Outcome | None:
    """Return what to say where a member has asked too often just now; None where they may ask."""
    lately = Request.objects.filter(asked_by=member, channel=channel, asked_at__gt=at - WITHIN)
    if lately.count() < MOST:
        return None
    return _("More than %(most)d requests in two hours: held back.") % {"most": MOST}, True


def _kept(arrival: Arrival, member: Member, at: datetime) -> Outcome:
    sheets = spreadsheets(arrival)
    told = {"by": member, "at": at, "channel": Request.Channel.EMAIL, "subject": _subject(arrival)}
    mail = {"message_id": str(arrival.parts.get("message_id", "")), "subject": arrival.subject[:300]}
    said = all_words(arrival)
    try:
        for file in sheets:
            keeping.ask(
                key=f"mail:{arrival.fingerprint}:{file.sha256}", raw=file.content, file_name=file.name, said=said,
                mail=mail, **told,
            )  # fmt: skip
        if not sheets:
            words = question_in(arrival)
            keeping.ask(key=f"mail:{arrival.fingerprint}", words=words, said=said, mail=mail, **told)
    except Refusal as why:
        return str(why), True
    return _("A request: it is answered to %(address)s.") % {"address": member.email}, False


def spreadsheets(arrival: Arrival) -> list[ArrivedFile]:
    """Return the spreadsheets of a mail and of what it forwards, each once."""
    found = [*arrival.files, *(arrival.passed_on.files if arrival.passed_on else ())]
    sheets = {one.sha256: one for one in found if one.name.rpartition(".")[2].lower() in ENDINGS and not one.inline}
    return list(sheets.values())[:MOST_FILES]


def all_words(arrival: Arrival) -> str:
    """Return everything that was written: a deadline may stand in the mail that was forwarded."""
    inner = arrival.passed_on
    texts = [arrival.subject, arrival.comment or arrival.text] + ([inner.subject, inner.text] if inner else [])
    texts.append(arrival.quoted)
    return "\n".join(text for text in texts if text)


def _subject(arrival: Arrival) -> str:
    return arrival.stem or arrival.subject


def question_in(arrival: Arrival) -> str:
    """Return the one line that asks: the first with a question mark, else the first that says anything."""
    lines = [line.strip() for line in (arrival.comment or arrival.text).splitlines() if line.strip()]
    asking = [line for line in lines if line.endswith("?")]
    return next(iter([*asking, *lines, arrival.subject]), "")[:300]
