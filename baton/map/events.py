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
SILENCE = re.compile(
    r"^(?:nothing|(?P<word>no|never) (?P<of>.+?)) for (?P<lasting>.+?)(?: after (?P<after>(?!its time).+))?$"
)
LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class EventPattern:
    """Which happenings a phrase of the map means. An empty `detail` means any.

    `others` are the alternatives of `A or B`. For silence (`nothing for 14 days`) the kind is `quiet`, `lasting` says
    how long, `silent` which happening stays away (none: any), and `detail` is the key to record it under. With `after`
    it begins with that happening (`no interaction in for 5 days after document out quote`); with `ever` what came
    before that counts too (`never document out quote for 1 working day after stage entered quoted`).
    """

    kind: str
    detail: str = ""
    with_whom: str = ""
    phrase: str = ""
    others: tuple["EventPattern", ...] = ()
    lasting: Within | None = None
    silent: "EventPattern | None" = None
    after: "EventPattern | None" = None
    ever: bool = False

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
        """The event in two or three words, for a stage of the drawing: “quote sent”. A draft may name none yet."""
        if not self.kind:
            return str(_("nothing yet"))
        return _(" or ").join(dict.fromkeys(pattern._label() for pattern in self.each))

    @property
    def sentence(self) -> str:
        """The event for screens: “a quote went out”."""
        if not self.kind:
            return str(_("nothing yet"))
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
        return _silence(said, silence)
    party = PARTIES.search(said)
    bare = said[: party.start()] if party else said
    kind, detail = _kind_and_detail(bare)
    return EventPattern(kind, detail, party["who"] if party else "", said)


def _silence(said: str, found: re.Match[str]) -> EventPattern:
    silent = parse_event(found["of"]) if found["of"] else None
    after = parse_event(found["after"]) if found["after"] else None
    ever = found["word"] == "never"
    if ever and after is None:
        raise ValueError(_("“{phrase}” doesn’t say since when: write `never … for … after …`.").format(phrase=said))
    within = parse_within(found["lasting"])
    key = f"{silent.phrase}, {within}" if silent else str(within)
    key = f"{'never ' if ever else ''}{key} after {after.phrase}" if after else key
    return EventPattern(QUIET, key[:LONGEST_KEY], "", said, (), within, silent, after, ever)


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
    if pattern.after and pattern.silent:
        said = _("{since}, and for {time} not this: {event}")
        return said.format(since=pattern.after.sentence, time=pattern.lasting, event=pattern.silent.sentence)
    if pattern.after:
        return _("{since}, and then nothing for {time}").format(since=pattern.after.sentence, time=pattern.lasting)
    if pattern.silent is None:
        return _("nothing happened for {time}").format(time=pattern.lasting)
    return _("not once in {time}: {event}").format(time=pattern.lasting, event=pattern.silent.sentence)
