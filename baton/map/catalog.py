"""Every kind of happening that a map can name, with its words for the map and for screens."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

Detail = Literal["none", "channel", "word", "stage", "handoff", "field"]
CHANNELS = ("email", "call", "text", "chat", "form")
QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of happening: its phrase, a label and a sentence for screens, what shows it, what its detail names.

    `proves` says whether it can be the evidence of a stage: the world did something, not a person their entry.
    """

    kind: str
    phrase: str
    label: str
    sentence: str
    shown_by: str
    detail: Detail = "none"
    proves: bool = False


_ALL = (
    Event(
        "interaction.in",
        "interaction in",
        _("a message or call"),
        _("a message or call came in"),
        _("the message or the call"),
        "channel",
        proves=True,
    ),
    Event(
        "interaction.out",
        "interaction out",
        _("our message or call"),
        _("we wrote or called"),
        _("the message or the call"),
        "channel",
        proves=True,
    ),
    Event(
        "call.missed",
        "call missed",
        _("missed call"),
        _("a call came in that nobody answered"),
        _("the telephone system"),
    ),
    Event(
        "meeting.planned",
        "meeting planned",
        _("meeting planned"),
        _("a meeting was planned"),
        _("the calendar entry"),
        proves=True,
    ),
    Event(
        "meeting.held",
        "meeting held",
        _("meeting held"),
        _("a meeting was held"),
        _("the meeting with its outcome"),
        proves=True,
    ),
    Event(
        "meeting.ended",
        "meeting ended",
        _("meeting over"),
        _("a meeting was over"),
        _("the calendar entry"),
    ),
    Event(
        "meeting.cancelled",
        "meeting cancelled",
        _("meeting called off"),
        _("a meeting was called off"),
        _("the calendar entry"),
    ),
    Event(
        "document.out",
        "document out",
        _("document sent"),
        _("a document went out"),
        _("the document as sent"),
        "word",
        proves=True,
    ),
    Event(
        "document.in",
        "document in",
        _("document received"),
        _("a document came in"),
        _("the document as received"),
        "word",
        proves=True,
    ),
    Event(
        "approval",
        "approval in writing",
        _("yes in writing"),
        _("a yes in writing"),
        _("the customer’s own words"),
        proves=True,
    ),
    Event(
        "start.booked", "start booked", _("start booked"), _("a start was booked"), _("the calendar entry"), proves=True
    ),
    Event("work.done", "work done", _("job sheet"), _("work was done"), _("the job sheet"), proves=True),
    Event(
        "payment.in", "payment received", _("payment received"), _("a payment came in"), _("the payment"), proves=True
    ),
    Event(
        "conflict.cleared",
        "conflict check cleared",
        _("conflict check cleared"),
        _("the conflict check was cleared"),
        _("the check and who cleared it"),
        proves=True,
    ),
    Event("deal.opened", "deal opened", _("deal opened"), _("a deal was opened"), _("the deal")),
    Event("deal.won", "deal won", _("deal won"), _("a deal was won"), _("the deal")),
    Event("deal.lost", "deal lost", _("deal lost"), _("a deal was lost"), _("the deal and its reason")),
    Event("deal.finished", "deal finished", _("deal finished"), _("the work on a deal was finished"), _("the deal")),
    Event("deal.reopened", "deal reopened", _("deal reopened"), _("a deal was opened again"), _("the deal")),
    Event("stage.entered", "stage entered", _("stage entered"), _("a deal entered a stage"), _("the deal"), "stage"),
    Event("next_step.set", "next step set", _("next step set"), _("a next step was set"), _("the next step")),
    Event("next_step.done", "next step done", _("next step done"), _("a next step was done"), _("the next step")),
    Event("next_step.missing", "next step missing", _("no next step"), _("a deal has no next step"), _("the deal")),
    Event("promise.made", "promise made", _("promise made"), _("a promise was made"), _("the words it was made in")),
    Event("promise.kept", "promise kept", _("promise kept"), _("a promise was kept"), _("what kept it")),
    Event("promise.broken", "promise broken", _("promise broken"), _("a promise was broken"), _("the promise")),
    Event(
        "handoff.offered",
        "handoff offered",
        _("handoff offered"),
        _("a handoff was offered"),
        _("the handoff"),
        "handoff",
    ),
    Event(
        "handoff.accepted",
        "handoff accepted",
        _("handoff accepted"),
        _("a handoff was accepted"),
        _("the handoff"),
        "handoff",
        proves=True,
    ),
    Event(
        "handoff.returned",
        "handoff returned",
        _("handoff returned"),
        _("a handoff was returned"),
        _("the handoff"),
        "handoff",
    ),
    Event(
        "handoff.withdrawn",
        "handoff withdrawn",
        _("handoff taken back"),
        _("a handoff was taken back"),
        _("the handoff"),
        "handoff",
    ),
    Event(
        "fact.confirmed",
        "fact confirmed",
        _("fact confirmed"),
        _("a fact was confirmed"),
        _("the fact and its source"),
        "field",
        proves=True,
    ),
    Event(
        "fact.stale",
        "fact stale",
        _("fact gone stale"),
        _("a fact is no longer fresh"),
        _("the fact and its age"),
        "field",
    ),
    Event(
        "exception.recorded",
        "exception recorded",
        _("exception recorded"),
        _("an exception was recorded"),
        _("the exception"),
    ),
    Event(
        "exception.reviewed",
        "exception reviewed",
        _("exception reviewed"),
        _("an exception was reviewed"),
        _("the exception"),
    ),
    Event(
        "question.asked", "question asked", _("question asked"), _("a colleague asked a question"), _("the question")
    ),
    Event(
        "question.answered", "question answered", _("question answered"), _("a question was answered"), _("the answer")
    ),
    Event(
        "packet.changed",
        "packet changed",
        _("packet changed"),
        _("a packet changed after it was accepted"),
        _("the changed value"),
    ),
    Event("packet.noted", "packet noted", _("change noted"), _("a changed packet was noted"), _("the changed value")),
    Event(
        "packet.objected",
        "packet objected",
        _("change objected to"),
        _("a changed packet was objected to"),
        _("the changed value"),
    ),
    Event(
        "behavior.lapsed",
        "behavior lapsed",
        _("behavior lapsed"),
        _("a behavior was missed more than one time in four for a month"),
        _("the duties that were late"),
    ),
    Event(
        "behavior.mended",
        "behavior mended",
        _("behavior mended"),
        _("a behavior was changed, retired or kept on purpose"),
        _("the map, or the owner’s reason"),
    ),
    Event(QUIET, "nothing for …", _("silence"), _("nothing happened"), _("the last thing that did")),
)
EVENTS: dict[str, Event] = {event.kind: event for event in _ALL}

CHANNEL_SENTENCES = {
    ("interaction.in", "email"): _("an email came in"),
    ("interaction.in", "call"): _("a call came in"),
    ("interaction.in", "text"): _("a text came in"),
    ("interaction.in", "chat"): _("a chat message came in"),
    ("interaction.in", "form"): _("a web form came in"),
    ("interaction.out", "email"): _("we sent an email"),
    ("interaction.out", "call"): _("we called"),
    ("interaction.out", "text"): _("we sent a text"),
    ("interaction.out", "chat"): _("we sent a chat message"),
    ("interaction.out", "form"): _("we answered a web form"),
}
CHANNEL_LABELS = {
    "email": _("email"),
    "call": _("call"),
    "text": _("text"),
    "chat": _("chat message"),
    "form": _("web form"),
}
DOCUMENT_LABELS = {"document.out": _("{what} sent"), "document.in": _("{what} received")}
DOCUMENT_SENTENCES = {
    "document.out": _("a document went out: {what}"),
    "document.in": _("a document came in: {what}"),
}
DOCUMENTS = (
    "document out quote",
    "document out invoice",
    "document out contract",
    "document out report",
    "document in order",
)
