"""The events that a map can name, and the small language in which it names them.

A happening in the ledger is a kind and a detail: `interaction.in` by `email`, `document.out` of a `quote`. The map
writes the same as a phrase: `email in`, `document out quote`. Several phrases may stand together: `A or B`.
"""

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

from baton.map.catalog import (
    CHANNEL_LABELS,
    CHANNEL_SENTENCES,
    CHANNELS,
    DOCUMENT_LABELS,
    DOCUMENT_SENTENCES,
    DOCUMENTS,
    EVENTS,
    QUIET,
    Event,
)
from baton.map.durations import Within, parse_within

PARTIES = re.compile(r" (?:from|to|with) (?:the )?(?P<who>same customer|customer)$")
SILENCE = re.compile(r"^(?:nothing|no (?P<of>.+)) for (?P<lasting>.+)$")


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
    def label(self) -> str:
        """The event in two or three words, for a stage of the drawing: “quote sent”."""
        return _(" or ").join(dict.fromkeys(pattern._label() for pattern in self.each))

    @property
    def sentence(self) -> str:
        """The event for screens: “a quote went out”."""
        return _(" or ").join(pattern._sentence() for pattern in self.each)

    @property
    def proves(self) -> bool:
        return all(EVENTS[pattern.kind].proves for pattern in self.each)

    @property
    def same_customer(self) -> bool:
        return self.with_whom == "same customer"

    def _label(self) -> str:
        if EVENTS[self.kind].detail == "word" and self.detail:
            return DOCUMENT_LABELS[self.kind].format(what=self.detail)
        if self.kind.startswith("interaction.") and self.detail:
            return str(CHANNEL_LABELS[self.detail])
        return _quiet_sentence(self) if self.lasting else str(EVENTS[self.kind].label)

    def _sentence(self) -> str:
        if self.lasting:
            return _quiet_sentence(self)
        if self.kind.startswith("interaction.") and self.detail:
            return str(CHANNEL_SENTENCES[self.kind, self.detail])
        if EVENTS[self.kind].detail == "word" and self.detail:
            return DOCUMENT_SENTENCES[self.kind].format(what=self.detail)
        return str(EVENTS[self.kind].sentence)


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
