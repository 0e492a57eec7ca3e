"""What is picked from lists is what the map says, both ways."""

from dataclasses import replace

import pytest

from baton.map.events import EventPattern, parse_event, phrases
from baton.map.picking import EventPick, pick
from baton.map.reading import read_map
from baton.map.ready import READY, demonstration_map, ready_map

MAPS = [ready_map(name, "ana@firm.example", "Ana", "Europe/Zagreb") for name in READY] + [demonstration_map()]
WRITTEN = [
    *(each for each in phrases() if "…" not in each),
    "interaction in from customer",
    "interaction out to the same customer or meeting held",
    "email out to customer or call out to same customer",
    "meeting held with customer or meeting cancelled",
    "stage entered quoted",
    "nothing for 14 days",
    "nothing for 2 working days after document out quote",
    "no interaction in from customer for 5 days after document out quote or document out contract",
    "never document out quote for 1 working day after stage entered quoted",
]
WRITTEN += [
    getattr(each, end).phrase
    for text in MAPS
    for each in read_map(text)[0].behaviors.values()
    for end in ("opens", "closes")
]


def meant(pattern: EventPattern | None) -> EventPattern | None:
    """A pattern without its wording."""
    if pattern is None:
        return None
    others = tuple(meant(each) for each in pattern.others)
    detail = "" if pattern.lasting else pattern.detail
    return replace(
        pattern, phrase="", detail=detail, others=others, silent=meant(pattern.silent), after=meant(pattern.after)
    )


@pytest.mark.parametrize("phrase", dict.fromkeys(WRITTEN))
def test_what_is_picked_means_what_was_written(phrase):
    pattern = parse_event(phrase)

    assert meant(parse_event(pick(pattern).phrase)) == meant(pattern)


def test_nothing_picked_says_nothing():
    assert (pick(EventPattern("")), EventPick().phrase) == (EventPick(), "")
