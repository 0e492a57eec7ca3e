"""Blocks in memory, for measuring, and for looking through what is about to be brought in. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from itertools import combinations

from baton.capture.duplicates.profile import Profile, keys_of
from baton.capture.duplicates.scoring import SUGGESTED, Likeness, Scale, likeness

MOST_IN_BLOCK = 30
"""A key that more records share tells nothing; whoever is alike meets under another one."""
COUNTED_ONLY = "t:"
"""Keys of this sort are counted, to know how rare a word is, and never compared by."""


def is_compared(key: str) -> bool:
    """Whether records meet under this key."""
    return not key[4:].startswith(COUNTED_ONLY)


def candidates(keys: Mapping[Hashable, set[str]]) -> set[tuple[Hashable, Hashable]]:
    """Return the pairs that meet in a block that isn't too large."""
    blocks: dict[str, list[Hashable]] = defaultdict(list)
    for one, theirs in keys.items():
        for key in theirs:
            if is_compared(key):
                blocks[key].append(one)
    return {pair for block in blocks.values() if 1 < len(block) <= MOST_IN_BLOCK for pair in combinations(block, 2)}


def pairs(profiles: Mapping[Hashable, Profile], at_least: float = SUGGESTED) -> Iterator[tuple[tuple, Likeness]]:
    """Yield the pairs among these that are likely one, each with how likely and why."""
    keys = {one: keys_of(profile) for one, profile in profiles.items()}
    counts: dict[str, int] = defaultdict(int)
    for theirs in keys.values():
        for key in theirs:
            counts[key] += 1
    scale = Scale(len(profiles), lambda key: counts.get(key, 1))
    for one, other in candidates(keys):
        found = likeness(profiles[one], profiles[other], scale)
        if found.likely >= at_least:
            yield (one, other), found
