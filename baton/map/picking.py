"""An event of a behavior as a person picks it from lists, and back to the phrase of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from baton.map.catalog import CHANNELS, EVENTS
from baton.map.durations import Within
from baton.map.events import EventPattern

Mode = Literal["happens", "quiet", "never"]
PARTIES = ("", "customer", "same customer")
PREPOSITIONS = {"in": "from", "out": "to"}
TAKES_PARTY = ("interaction.", "meeting.")


@dataclass(frozen=True, slots=True)
class EventPick:
    """`happens`: any of these. `quiet`: none of them (nothing at all where there are none) for so long, counted `since`
    something or from the last time; `never` also counts what came before that.
    """

    mode: Mode = "happens"
    any_of: tuple[str, ...] = ()
    party: str = ""
    lasting: Within | None = None
    since: str = ""

    @property
    def phrase(self) -> str:
        """What the map writes; "" where nothing is picked."""
        what = " or ".join(_with(each, self.party) for each in self.any_of)
        if self.mode == "happens":
            return what
        since = f" after {self.since}" if self.since else ""
        if not what:
            return f"nothing for {self.lasting}{since}"
        return f"{'never' if self.mode == 'never' else 'no'} {what} for {self.lasting}{since}"


def pick(pattern: EventPattern) -> EventPick:
    """The lists as they stand for an event that the map names."""
    if not pattern.kind:
        return EventPick()
    if pattern.lasting is None:
        party = _common_party(pattern.each)
        return EventPick("happens", _phrases(pattern.each, party), party)
    silent = pattern.silent.each if pattern.silent else ()
    party = _common_party(silent)
    since = " or ".join(_phrases(pattern.after.each, "")) if pattern.after else ""
    return EventPick("never" if pattern.ever else "quiet", _phrases(silent, party), party, pattern.lasting, since)


def bare(pattern: EventPattern) -> str:
    """The phrase of one event without its party."""
    if pattern.lasting:
        return pattern.phrase
    if pattern.kind.startswith("interaction.") and pattern.detail in CHANNELS:
        return f"{pattern.detail} {pattern.kind.partition('.')[2]}"
    return f"{EVENTS[pattern.kind].phrase} {pattern.detail}".strip()


def _phrases(patterns: Sequence[EventPattern], party: str) -> tuple[str, ...]:
    return tuple(bare(each) if party or not each.with_whom else _with(bare(each), each.with_whom) for each in patterns)


def _common_party(patterns: Sequence[EventPattern]) -> str:
    """The party of all who can have one; "" where they differ, and each phrase then says its own."""
    parties = {each.with_whom for each in patterns if each.with_whom or each.kind.startswith(TAKES_PARTY)}
    return parties.pop() if len(parties) == 1 else ""


def _with(phrase: str, party: str) -> str:
    words = phrase.split(" ")
    if not party or phrase.endswith("customer") or not (words[-1] in PREPOSITIONS or words[0] == "meeting"):
        return phrase
    return f"{phrase} {PREPOSITIONS.get(words[-1], 'with')} {party}"
