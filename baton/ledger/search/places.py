"""Places: integers whose order is the order of time, one for each record in the index.

A place is the second of `happened_at` times 256, plus something that tells records of one second apart. Where more
share one (an import that knows days only), they spread over the seconds after it. Finer places would make the lists
of the index half as long again: what is stored is the distance from one place to the next. Whoever walks asks for a
few more than wanted and sorts them by the exact moment.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from baton.ledger.models import SearchEntry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(seconds=1)
ROOM = 8
FARTHEST = 2**35
"""Seconds before and after 1970 that fit: a thousand years."""
END = (FARTHEST << ROOM) * 2
"""A place after all places."""


def first_place(moment: datetime) -> int:
    """Return the lowest place of a moment."""
    seconds = (moment - EPOCH) // TICK
    return max(-FARTHEST, min(FARTHEST, seconds)) << ROOM


def places_for(moments: list[datetime]) -> list[int]:
    """Return a free place for each moment, in the same order; one query unless some were taken."""
    given: list[int | None] = [None] * len(moments)
    taken: set[int] = set()
    room = max(ROOM, len(moments).bit_length() + 5)  # so that most of many find one at once
    while waiting := [index for index, place in enumerate(given) if place is None]:
        drawn = {index: first_place(moments[index]) + secrets.randbits(room) for index in waiting}
        taken |= set(SearchEntry.objects.filter(place__among=drawn.values()).values_list("place", flat=True))
        for index, place in drawn.items():
            if place not in taken:
                given[index] = place
                taken.add(place)
        room += 2
    return [place for place in given if place is not None]
