"""What a duty asks for, and why, in words: “Reply to Dana Whitlock”, “Because Dana wrote on Fri 16:42”."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.kernel import words
from baton.ledger.models import Contact, Deal, Event, Interaction
from baton.map.elements import Behavior
from baton.map.schema import OperatingMap
from baton.members.models import Member
from baton.work.about_to_read import readers
from baton.work.models import Duty, ExceptionCase, Handoff, Lapse, Promise, Question
from baton.work.reckoning import family


@dataclass(slots=True)
class Told:
    """Everything that the sentences about one duty are made of; what the reader may not see is None."""

    duty: Duty
    behavior: Behavior
    opener: Event
    at: datetime
    map: OperatingMap
    reader: Member
    deal: Deal | None = None
    contact: Contact | None = None
    interaction: Interaction | None = None
    subject: Any = None
    members: dict[Any, Member] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)

    @property
    def deal_name(self) -> str:
        return self.deal.title if self.deal else _("a deal")

    @property
    def customer(self) -> str:
        if self.contact:
            return self.contact.name
        came_in = self.interaction
        return (came_in.from_name or came_in.from_address if came_in else "") or _("the customer")

    @property
    def when(self) -> str:
        return words.when(self.opener.happened_at, self.at)

    def name(self, member_id: Any) -> str:
        """Return a member as the reader would call them."""
        if member_id == self.reader.pk:
            return _("you")
        member = self.members.get(member_id)
        return member.short_name if member else _("somebody")

    def desk(self, key: str) -> str:
        known = self.map.desks.get(key)
        return known.name if known else key


def what(told: Told) -> str:
    """Return the one thing to do, as an imperative."""
    return _sentence(told, _WHAT) or f"{told.behavior.name}: {told.deal_name}"


def because(told: Told) -> str:
    """Return why it is owed."""
    known = _sentence(told, _BECAUSE)
    if known:
        return known
    happened = told.behavior.opens.sentence if told.behavior.opens.phrase else told.behavior.name
    return _("Because %(what)s, %(when)s") % {"what": happened, "when": told.when}


Sentences = dict[str, Callable[[Told], str]]


def _sentence(told: Told, sentences: Sentences) -> str:
    make = sentences.get(told.opener.kind) or sentences.get(family(told.opener.kind))
    return make(told) if make else ""


def for_whom(told: Told) -> tuple[str, str]:
    """Return who needs it, and who that is to us: the customer, a colleague, a desk."""
    subject = told.subject
    if isinstance(subject, Question):
        return told.name(subject.asked_by_id), _("asked")
    if isinstance(subject, Handoff):
        return _for_handoff(told, subject)
    if told.contact:
        return told.contact.name, _("customer")
    if told.interaction and told.opener.kind in ("interaction.in", "call.missed"):
        return told.customer, _("customer")
    return (told.desk(told.deal.desk), _("has the deal")) if told.deal else ("", "")


def _for_handoff(told: Told, subject: Handoff) -> tuple[str, str]:
    if told.opener.kind == "handoff.returned":
        return told.desk(subject.to_desk), _("waits for it")
    return told.name(subject.offered_by_id), told.desk(subject.from_desk)


# What


def _reply(told: Told) -> str:
    pattern = (
        _("Call %(name)s back") if told.interaction and told.interaction.kind == "call" else _("Reply to %(name)s")
    )
    return pattern % {"name": told.customer}


def _do_step(told: Told) -> str:
    text = told.deal.next_step if told.deal else ""
    return text[:1].upper() + text[1:] if text else _("Do the next step")


def _keep(told: Told) -> str:
    return _("Keep the promise: %(what)s") % {"what": told.subject.what} if isinstance(told.subject, Promise) else ""


def _answer(told: Told) -> str:
    question = told.subject
    if not isinstance(question, Question):
        return ""
    if question.asked_by_id is None:
        return question.text  # Baton asks, and its text says for what
    return _("Answer %(name)s: %(text)s") % {"name": told.name(question.asked_by_id), "text": question.text}


def _take(told: Told) -> str:
    return _("Accept or return %(deal)s") % {"deal": told.deal_name}


def _fix(told: Told) -> str:
    return _("Fix what %(deal)s came back for") % {"deal": told.deal_name}


def _look(told: Told) -> str:
    return _("Look at what changed on %(deal)s: %(item)s") % {"deal": told.deal_name, "item": _item_name(told)}


def _review(told: Told) -> str:
    case = told.subject
    return _("Review the exception: %(what)s") % {"what": case.what} if isinstance(case, ExceptionCase) else ""


def _confirm_again(told: Told) -> str:
    return _("Confirm again on %(deal)s: %(field)s") % {"deal": told.deal_name, "field": _field_name(told)}


_WHAT: Sentences = {
    "interaction.in": _reply,
    "call.missed": lambda told: _("Call %(name)s back") % {"name": told.customer},
    "next_step.missing": lambda told: _("Set the next step for %(deal)s") % {"deal": told.deal_name},
    "next_step.set": _do_step,
    "promise.made": _keep,
    "question.asked": _answer,
    "handoff.offered": _take,
    "handoff.returned": _fix,
    "packet.changed": _look,
    "exception.recorded": _review,
    "quiet": lambda told: _("Get in touch about %(deal)s") % {"deal": told.deal_name},
    "fact.stale": _confirm_again,
    "behavior.lapsed": lambda told: _("Change or retire “%(name)s”") % {"name": _behavior_name(told)},
}


# Why


def _wrote(told: Told) -> str:
    kind = told.interaction.kind if told.interaction else "email"
    pattern = _("Because %(name)s called, %(when)s") if kind == "call" else _("Because %(name)s wrote, %(when)s")
    if told.opener.kind == "call.missed" or told.opener.data.get("also") == "call.missed":
        pattern = _("Because %(name)s called and nobody answered, %(when)s")
    return pattern % {"name": told.customer, "when": told.when}


def _step_set(told: Told) -> str:
    who = told.name(told.opener.member_id)
    pattern = _("Your next step, set %(when)s") if who == _("you") else _("The next step that %(name)s set, %(when)s")
    return pattern % {"name": who, "when": told.when}


def _promised(told: Told) -> str:
    if not isinstance(told.subject, Promise):
        return ""
    parts = {"name": told.name(told.subject.promised_by_id), "customer": told.customer, "when": told.when}
    return _("Because %(name)s promised it to %(customer)s, %(when)s") % parts


def _asked(told: Told) -> str:
    if not isinstance(told.subject, Question):
        return ""
    name = told.name(told.subject.asked_by_id) if told.subject.asked_by_id else "Baton"
    parts = {"name": name, "when": told.when}
    return _("Because %(name)s asked, %(when)s") % parts


def _offered(told: Told) -> str:
    handoff = told.subject
    if not isinstance(handoff, Handoff):
        return ""
    there = sum(item["has"] == "there" for item in handoff.packet)
    parts = {
        "name": told.name(handoff.offered_by_id),
        "desk": told.desk(handoff.to_desk),
        "when": told.when,
        "there": there,
        "count": len(handoff.packet),
    }
    return _("Because %(name)s offered it to %(desk)s, %(when)s: %(there)d of %(count)d there") % parts


def _returned(told: Told) -> str:
    handoff = told.subject
    if not isinstance(handoff, Handoff):
        return ""
    names = {item["item"]: item["name"] for item in handoff.packet}
    missing = ", ".join(names.get(key, key) for key in handoff.missing) or handoff.because
    parts = {"name": told.name(handoff.decided_by_id), "when": told.when, "missing": missing}
    return _("Because %(name)s returned it, %(when)s: %(missing)s") % parts


def _changed(told: Told) -> str:
    change = told.change
    parts = {
        "item": _item_name(told),
        "was": change.get("was") or _("not known"),
        "now": change.get("now") or _("not known"),
        "when": told.when,
    }
    return _("Because %(item)s changed after it was accepted, %(when)s: from %(was)s to %(now)s") % parts


def _item_name(told: Told) -> str:
    packet = told.subject.packet if isinstance(told.subject, Handoff) else []
    return next((str(item["name"]) for item in packet if item["item"] == told.opener.detail), told.opener.detail)


def _field_name(told: Told) -> str:
    known = told.map.field(told.opener.detail)
    return str(known.name) if known else told.opener.detail


def _behavior_name(told: Told) -> str:
    known = told.map.behaviors.get(told.opener.detail)
    return str(known.name) if known else told.opener.detail


def _lapsed(told: Told) -> str:
    if not isinstance(told.subject, Lapse):
        return ""
    parts = {"missed": told.subject.missed, "counted": told.subject.counted}
    return _("Because %(missed)d of %(counted)d were late in a month; nobody is chased for it until you decide") % parts


def _stale(told: Told) -> str:
    known = told.map.field(told.opener.detail)
    parts = {"field": _field_name(told), "days": (known.fresh_for if known else 0) or 0}
    said = _("Because %(field)s stays fresh for %(days)d days, and nobody confirmed it since") % parts
    reading = readers(known, told.map) if known else []
    return said + (_("; read next by: %(readers)s") % {"readers": ", ".join(reading)} if reading else "")


_BECAUSE: Sentences = {
    "interaction.in": _wrote,
    "call.missed": _wrote,
    "next_step.missing": lambda told: _("Because an open deal always has a next step"),
    "next_step.set": _step_set,
    "promise.made": _promised,
    "question.asked": _asked,
    "handoff.offered": _offered,
    "handoff.returned": _returned,
    "packet.changed": _changed,
    "fact.stale": _stale,
    "behavior.lapsed": _lapsed,
}
