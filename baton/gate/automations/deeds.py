"""What an automation does, one function a deed. All of it is written in the transaction of its run: wholly, or not.

Each says what it made, so that it can be undone. It acts as whoever switched it on, who must see the deal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import outbox
from baton.capture.ingesting import keep_raw
from baton.channels.email.composing import Letter, new_message_id, undated
from baton.channels.email.sending import SENDING, Written, can_send
from baton.channels.email.subjects import subject_stem
from baton.channels.letters.models import MemberLetter
from baton.channels.letters.posting import Item, Page, can_post, link, post
from baton.gate.automations.ahead import CHANNEL
from baton.gate.automations.knowing import Known
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.texts import filled
from baton.gate.hooks.calling import call
from baton.kernel.ids import derived
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from baton.map.automations import Automation, Deed
from baton.map.elements import Who
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work import handoffs
from baton.work.next_steps import step
from baton.work.questions import said_question
from baton.work.seats import lead_of

UNDO = timedelta(seconds=10)
"""How long a message waits before it goes out, so that it can be taken back."""
MARKS = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))
"""What says that no person wrote it (RFC 3834): no machine answers it, and in Baton it closes and proves nothing."""


@dataclass(slots=True)
class Doing:
    """One run that acts: what it knows, who stands behind it, and in whose name it writes to the customer."""

    run: AutomationRun
    each: Automation
    known: Known
    drawn: OperatingMap
    behind: Member
    at: datetime

    @property
    def author(self) -> Author:
        return Author(self.behind, CHANNEL)

    @property
    def name(self) -> Member:
        """Return whose work it is: the deal's owner, else who leads its desk, else who switched it on."""
        owner = Member.objects.filter(pk=self.known.deal.owner_id, is_active=True).first()
        found = owner if owner and owner.may_write else lead_of(self.known.deal.desk, self.drawn)
        return found if found and found.may_write else self.behind

    def text(self, words: str) -> str:
        return filled(words, self.known, self.drawn, self.name)

    def who(self, named: Who | None) -> Member:
        """Return the person whom a deed names. Raises `Refusal` where nobody plays that part."""
        found = person(named, self) if named else self.name
        if found is None or not found.is_active or not found.may_write:
            raise Refusal(_("Nobody plays this part here: %(role)s.") % {"role": named.role if named else ""})
        return found


def person(named: Who, doing: Doing) -> Member | None:
    """Return who plays a part on the deal."""
    deal, drawn = doing.known.deal, doing.drawn
    if named.role == "deal owner":
        return Member.objects.filter(pk=deal.owner_id).first()
    if named.role in {"desk", "desk lead"}:
        return lead_of(deal.desk, drawn)
    if named.role == "lead of":
        return lead_of(named.name, drawn)
    if named.role == "in turn":
        return _in_turn(named.name or deal.desk, doing)
    if named.role == "manager":
        managers = Member.objects.filter(role="manager", is_active=True).order_by("email")
        return managers.first() or _by_email(drawn.owner)
    return _by_email({"owner": drawn.owner, "deputy": drawn.deputy or drawn.owner}.get(named.role, named.name))


def _in_turn(desk: str, doing: Doing) -> Member | None:
    """Somebody else at a desk each time, by lot: the lot is the run's, so that it is the same whenever it is drawn."""
    known = doing.drawn.desks.get(desk)
    there = Member.objects.filter(email__in=known.members if known else (), is_active=True).exclude(role="read-only")
    lots = sorted(there, key=lambda one: sha256(f"{doing.run.pk}:{one.pk}".encode()).digest())
    return lots[0] if lots else None


def _by_email(address: str) -> Member | None:
    return Member.objects.filter(email__iexact=address).first()


def do(doing: Doing) -> list[dict[str, Any]]:
    """Do everything that the automation says, in its order; return what was made."""
    return [{"deed": deed.kind} | _DEEDS[deed.kind](deed, doing) for deed in doing.each.deeds]


# Deeds


def _assign(deed: Deed, doing: Doing) -> dict[str, Any]:
    to, before = doing.who(deed.who), doing.known.deal.owner_id
    if before == to.pk:
        return {"to": str(to.pk), "same": True}
    _say(doing, "owner", str(to.pk))
    return {"to": str(to.pk), "before": str(before) if before else None}


def _next_step(deed: Deed, doing: Doing) -> dict[str, Any]:
    due = deed.within.due(doing.at, doing.drawn.hours) if deed.within else None
    before = doing.known.deal.value("next_step")
    fact = _say(doing, "next_step", step(doing.text(deed.text), due, doing.who(deed.who)))
    return {"fact": str(fact), "before": before}


def _say(doing: Doing, field: str, value: Any) -> UUID:
    entry = Entry("deal", doing.known.deal.pk, field, value, because=_because(doing))
    return record([entry], by=doing.author, at=doing.at).facts[-1].pk


def _because(doing: Doing) -> str:
    return _("The automation “%(name)s” did this.") % {"name": doing.each.name}


def _duty(deed: Deed, doing: Doing) -> dict[str, Any]:
    return _ask(deed, doing, doing.text(deed.text))


def _confirm(deed: Deed, doing: Doing) -> dict[str, Any]:
    field = doing.drawn.field(deed.name)
    told = {"field": field.name if field else deed.name, "deal": doing.known.deal.title}
    return _ask(deed, doing, _("Is %(field)s of %(deal)s still right?") % told, about=deed.name)


def _ask(deed: Deed, doing: Doing, text: str, about: str = "") -> dict[str, Any]:
    key = derived("automation asks", doing.run.pk, deed.kind)
    entries = said_question(
        doing.known.deal.pk, text, of=doing.who(deed.who), by=doing.behind, about_field=about, key=key
    )
    record(entries, by=doing.author, at=doing.at)
    return {"question": str(key)}


def _handoff(deed: Deed, doing: Doing) -> dict[str, Any]:
    row = handoffs.offer(
        doing.known.deal, by=doing.name, at=doing.at, to=deed.name, note=_because(doing), channel=CHANNEL
    )
    return {"handoff": str(row.pk)}


def _tell(deed: Deed, doing: Doing) -> dict[str, Any]:
    if not can_post():
        raise Refusal(_("There is no mail server to write with. Connect one under Channels."))
    to, deal = doing.who(deed.who), doing.known.deal
    letter = MemberLetter(key=f"automation:{doing.run.pk}", kind=MemberLetter.Kind.NOTICE, member=to, made_at=doing.at)
    items = [Item(deal.title, _because(doing), href=link(f"/deals/{deal.pk}/"))]
    post(letter, Page(deal.title, doing.text(deed.text), [("", items)]), doing.at)
    return {"to": str(to.pk)}


def _calls(deed: Deed, doing: Doing) -> dict[str, Any]:
    deal = doing.known.deal
    data = {"automation": doing.each.id, "name": doing.each.name, "event": str(doing.run.event)}
    call(deed.name, str(doing.run.pk), data, about=deal.pk, at=doing.at, deal=deal.pk)
    return {"name": deed.name}


# Writing to a customer


def address_of(known: Known) -> str:
    """Return the address at which the contact is written to."""
    return known.contact.email.lower() if known.contact else ""


def digest_of(address: str) -> str:
    """Return what is kept of an address: enough to know it again."""
    return sha256(address.lower().encode()).hexdigest()


def occasion_of(known: Known) -> str:
    """Return what a message would be about: the conversation, the meeting at its time, else the event."""
    event = known.event
    if event.kind.startswith("interaction") and event.thread:
        return f"thread:{event.thread}"
    if event.data.get("meeting"):
        return f"meeting:{event.record_id}:{event.detail}:{event.data.get('starts', '')}"[:120]
    return f"{event.kind}:{event.record_id}:{event.detail}:{event.happened_at.isoformat()}"[:120]


def _send(deed: Deed, doing: Doing) -> dict[str, Any]:
    address, by = address_of(doing.known), doing.name
    if not can_send(by):
        raise Refusal(_("There is no mail server to send through. Connect one under Channels."))
    assert doing.known.contact is not None
    letter = _letter(deed, doing, by, address)
    row = outbox.put(
        SENDING,
        f"automation:{doing.run.pk}",
        to=address,
        body=Written(by.email, [address], letter.message_id, letter.subject, {}).as_body(),
        at=doing.at,
        send_at=doing.at + UNDO,
        member=by,
        deal=doing.known.deal,
        raw_id=keep_raw(undated(letter)),
    )
    return {"outgoing": str(row.pk), "subject": letter.subject}


def _letter(deed: Deed, doing: Doing, by: Member, address: str) -> Letter:
    message, contact = doing.known.message, doing.known.contact
    answers = str(message.parts.get("message_id", "")) if message and message.kind == "email" else ""
    subject = doing.text(deed.subject)
    if not subject:
        subject = f"Re: {subject_stem(message.subject)}" if message and message.subject else doing.known.deal.title
    text = doing.text(deed.text)
    if by.signature.strip():
        text += "\n\n-- \n" + by.signature.replace("\r\n", "\n").strip()
    return Letter(
        (by.name, by.email),
        [(contact.name if contact else "", address)],
        subject,
        text + "\n",
        answers=answers,
        headers=MARKS,
        message_id=new_message_id(by.email),
    )


_DEEDS: Mapping[str, Callable[[Deed, Doing], dict[str, Any]]] = {
    "assign": _assign,
    "next_step": _next_step,
    "duty": _duty,
    "send": _send,
    "handoff": _handoff,
    "confirm": _confirm,
    "call": _calls,
    "tell": _tell,
}
