"""The events that a map can name, and the small language in which it names them.

A happening in the ledger is a kind and a detail: `interaction.in` by `email`, `document.out` of a `quote`. The map
writes the same as a phrase: `email in`, `document out quote`. Several phrases may stand together: `A or B`.
"""

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baton.map.durations import Within, parse_within

Detail = Literal["none", "channel", "word", "stage", "handoff", "field"]
CHANNELS = ("email", "call", "text", "chat", "form")
QUIET = "quiet"
PARTIES = re.compile(r" (?:from|to|with) (?:the )?(?P<who>same customer|customer)$")
SILENCE = re.compile(r"^(?:nothing|no (?P<of>.+)) for (?P<lasting>.+)$")


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of happening: its phrase, a sentence for screens, what shows it, what its detail names.

    `proves` says whether it can be the evidence of a stage: the world did something, not a person their entry.
    """

    kind: str
    phrase: str
    sentence: str
    shown_by: str
    detail: Detail = "none"
    proves: bool = False


@dataclass(frozen=True, slots=True)
class EventPattern:
    """Which happenings a phrase of the map means. An empty `detail` means any.

    `others` are the alternatives of `A or B`. For silence (`nothing for 14 days`) the kind is `quiet`, `lasting` says
    how long, `silent` which happening stays away (none: any), and `detail` is the key to record it under.
    """

    kind: str
    detail: str = ""
    with_whom: str = ""
    phrase: str = ""
    others: tuple["EventPattern", ...] = ()
    lasting: Within | None = None
    silent: "EventPattern | None" = None

    def matches(self, kind: str, detail: str = "") -> bool:
        own = kind == self.kind and self.detail in ("", detail)
        return own or any(other.matches(kind, detail) for other in self.others)

    @property
    def each(self) -> tuple["EventPattern", ...]:
        """This pattern and its alternatives."""
        return (self, *self.others)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(pattern.kind for pattern in self.each)

    @property
    def sentence(self) -> str:
        """The event for screens: “a quote went out”."""
        return str(_(" or ")).join(pattern._sentence() for pattern in self.each)

    @property
    def proves(self) -> bool:
        return all(EVENTS[pattern.kind].proves for pattern in self.each)

    @property
    def same_customer(self) -> bool:
        return self.with_whom == "same customer"

    def _sentence(self) -> str:
        if self.lasting:
            return _quiet_sentence(self)
        if self.kind.startswith("interaction.") and self.detail:
            return str(CHANNEL_SENTENCES[self.kind, self.detail])
        if EVENTS[self.kind].detail == "word" and self.detail:
            return str(DOCUMENT_SENTENCES[self.kind]).format(what=self.detail)
        return str(EVENTS[self.kind].sentence)


_t = gettext_lazy
_ALL = (
    Event(
        "interaction.in",
        "interaction in",
        _t("a message or call came in"),
        _t("the message or the call"),
        "channel",
        proves=True,
    ),
    Event(
        "interaction.out",
        "interaction out",
        _t("we wrote or called"),
        _t("the message or the call"),
        "channel",
        proves=True,
    ),
    Event("meeting.planned", "meeting planned", _t("a meeting was planned"), _t("the calendar entry"), proves=True),
    Event("meeting.held", "meeting held", _t("a meeting was held"), _t("the meeting with its outcome"), proves=True),
    Event("meeting.cancelled", "meeting cancelled", _t("a meeting was called off"), _t("the calendar entry")),
    Event("document.out", "document out", _t("a document went out"), _t("the document as sent"), "word", proves=True),
    Event("document.in", "document in", _t("a document came in"), _t("the document as received"), "word", proves=True),
    Event("approval", "approval in writing", _t("a yes in writing"), _t("the customer’s own words"), proves=True),
    Event("start.booked", "start booked", _t("a start was booked"), _t("the calendar entry"), proves=True),
    Event("work.done", "work done", _t("work was done"), _t("the job sheet"), proves=True),
    Event("payment.in", "payment received", _t("a payment came in"), _t("the payment"), proves=True),
    Event(
        "conflict.cleared",
        "conflict check cleared",
        _t("the conflict check was cleared"),
        _t("the check and who cleared it"),
        proves=True,
    ),
    Event("deal.opened", "deal opened", _t("a deal was opened"), _t("the deal")),
    Event("deal.won", "deal won", _t("a deal was won"), _t("the deal")),
    Event("deal.lost", "deal lost", _t("a deal was lost"), _t("the deal and its reason")),
    Event("stage.entered", "stage entered", _t("a deal entered a stage"), _t("the deal"), "stage"),
    Event("next_step.set", "next step set", _t("a next step was set"), _t("the next step")),
    Event("next_step.done", "next step done", _t("a next step was done"), _t("the next step")),
    Event("next_step.missing", "next step missing", _t("a deal has no next step"), _t("the deal")),
    Event("promise.made", "promise made", _t("a promise was made"), _t("the words it was made in")),
    Event("promise.kept", "promise kept", _t("a promise was kept"), _t("what kept it")),
    Event("promise.broken", "promise broken", _t("a promise was broken"), _t("the promise")),
    Event("handoff.offered", "handoff offered", _t("a handoff was offered"), _t("the handoff"), "handoff"),
    Event(
        "handoff.accepted", "handoff accepted", _t("a handoff was accepted"), _t("the handoff"), "handoff", proves=True
    ),
    Event("handoff.returned", "handoff returned", _t("a handoff was returned"), _t("the handoff"), "handoff"),
    Event(
        "fact.confirmed",
        "fact confirmed",
        _t("a fact was confirmed"),
        _t("the fact and its source"),
        "field",
        proves=True,
    ),
    Event("fact.stale", "fact stale", _t("a fact is no longer fresh"), _t("the fact and its age"), "field"),
    Event("exception.recorded", "exception recorded", _t("an exception was recorded"), _t("the exception")),
    Event("exception.reviewed", "exception reviewed", _t("an exception was reviewed"), _t("the exception")),
    Event("question.asked", "question asked", _t("a colleague asked a question"), _t("the question")),
    Event("question.answered", "question answered", _t("a question was answered"), _t("the answer")),
    Event("packet.changed", "packet changed", _t("a packet changed after it was accepted"), _t("the changed value")),
    Event("packet.noted", "packet noted", _t("a changed packet was noted"), _t("the changed value")),
    Event("packet.objected", "packet objected", _t("a changed packet was objected to"), _t("the changed value")),
    Event(QUIET, "nothing for …", _t("nothing happened"), _t("the last thing that did")),
)
EVENTS: dict[str, Event] = {event.kind: event for event in _ALL}

CHANNEL_SENTENCES = {
    ("interaction.in", "email"): _t("an email came in"),
    ("interaction.in", "call"): _t("a call came in"),
    ("interaction.in", "text"): _t("a text came in"),
    ("interaction.in", "chat"): _t("a chat message came in"),
    ("interaction.in", "form"): _t("a web form came in"),
    ("interaction.out", "email"): _t("we sent an email"),
    ("interaction.out", "call"): _t("we called"),
    ("interaction.out", "text"): _t("we sent a text"),
    ("interaction.out", "chat"): _t("we sent a chat message"),
    ("interaction.out", "form"): _t("we answered a web form"),
}
DOCUMENT_SENTENCES = {
    "document.out": _t("a document went out: {what}"),
    "document.in": _t("a document came in: {what}"),
}


def parse_event(phrase: str) -> EventPattern:
    """Read a phrase of the map. Raises `ValueError` with a sentence that names the nearest phrases."""
    said = " ".join(phrase.split())
    low = said.lower()
    first, *others = [_one(low)] if SILENCE.match(low) else [_one(part) for part in low.split(" or ")]
    return replace(first, phrase=said, others=tuple(others))


def phrases() -> list[str]:
    """Every phrase that a map may use, for help and for suggestions."""
    channels = [f"{channel} {way}" for channel in CHANNELS for way in ("in", "out")]
    return [event.phrase for event in EVENTS.values()] + channels + list(DOCUMENTS)


DOCUMENTS = tuple(f"document out {what}" for what in ("quote", "invoice", "contract", "report")) + (
    "document in order",
)


def _one(said: str) -> EventPattern:
    silence = SILENCE.match(said)
    if silence:
        return _silence(said, silence["of"], silence["lasting"])
    party = PARTIES.search(said)
    bare = said[: party.start()] if party else said
    kind, detail = _kind_and_detail(bare)
    return EventPattern(kind, detail, party["who"] if party else "", said)


def _silence(said: str, of: str | None, lasting: str) -> EventPattern:
    silent = parse_event(of) if of else None
    within = parse_within(lasting)
    key = f"{silent.phrase}, {within}" if silent else str(within)
    return EventPattern(QUIET, key, "", said, (), within, silent)


def _kind_and_detail(bare: str) -> tuple[str, str]:
    for channel in CHANNELS:
        if bare in (f"{channel} in", f"{channel} out"):
            return f"interaction.{bare.removeprefix(channel).strip()}", channel
    for event in EVENTS.values():
        if bare == event.phrase and event.kind != QUIET:
            return event.kind, ""
        if event.detail in _NAMED and bare.startswith(event.phrase + " "):
            return event.kind, _named(event, bare.removeprefix(event.phrase + " "))
    raise ValueError(_unknown(bare))


_NAMED = ("word", "stage", "handoff", "field")


def _named(event: Event, detail: str) -> str:
    if " " in detail:
        raise ValueError(
            _("“{phrase} {detail}” names more than one thing: `{phrase}` takes one word after it.").format(
                phrase=event.phrase, detail=detail
            )
        )
    return detail


def _unknown(bare: str) -> str:
    near = get_close_matches(bare, phrases(), n=3, cutoff=0.4) or [
        "interaction in",
        "meeting held",
        "document out quote",
    ]
    return _("“{phrase}” isn’t an event that Baton can see. Nearest: {near}.").format(
        phrase=bare, near=", ".join(f"`{one}`" for one in near)
    )


def _quiet_sentence(pattern: EventPattern) -> str:
    if pattern.silent is None:
        return _("nothing happened for {time}").format(time=pattern.lasting)
    return _("not once in {time}: {event}").format(time=pattern.lasting, event=pattern.silent.sentence)
