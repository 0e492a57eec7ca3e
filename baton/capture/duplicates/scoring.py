"""How likely two records are one: evidence for and against, in bits, and what a person reads of it. Pure.

What is rare weighs more: that two records share a value is worth the logarithm of how seldom it is shared by chance
(Fellegi and Sunter 1969, with the shares counted in the records at hand). The chance that any two records are one is
one in as many as there are; what outweighs that is suggested.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from baton.capture.duplicates.profile import Profile, is_nickname, is_shared, same_number

SUGGESTED = 0.5
"""From this likelihood on a pair is shown."""
Seen = Callable[[str], int]
"""Key (as `keys_of` writes it) → how many records have it, at least 1."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How likely two records are one (0 to 1), and why: what agrees, and what differs, as codes with a detail."""

    likely: float
    reasons: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Scale:
    """How many records there are, and how many have a key; without counts everything is fairly rare."""

    total: int = 1000
    seen: Seen = lambda key: 3
    known: dict[tuple[str, str], float] = field(default_factory=dict)

    def bits(self, kind: str, key: str) -> float:
        """Return what it is worth that two records share this key."""
        worth = self.known.get((kind, key))
        if worth is None:
            share = (self.seen(f"{kind[:3]}:{key}"[:120]) + IMAGINED * RARE) / (self.total + IMAGINED)
            worth = self.known[kind, key] = max(-log2(min(share, 1.0)), 0.3)
        return worth

    @property
    def prior(self) -> float:
        """The chance against any two being one; a few more are than one in as many as there are."""
        return log2(self.total + IMAGINED) - 1.5


IMAGINED, RARE = 200, 0.003
"""As many more records are thought beside those that are there, each value in so many of them: what a small book has
twice isn't common for that."""


FAIRLY_RARE = Scale()


def likeness(one: Profile, other: Profile, scale: Scale = FAIRLY_RARE) -> Likeness:
    """Compare two profiles of one kind."""
    parts = [_names(one, other, scale), _mail(one, other, scale), _phones(one, other, scale)]
    parts += [_domains(one, other, scale), _firms(one, other, scale), _generations(one, other)]
    parts += [_detail(name, one, other, scale) for name in one.told.keys() & other.told.keys()]
    bits = sum(part[0] for part in parts) - scale.prior
    reasons = tuple(reason for _bits, *reasons in parts for reason in reasons)
    return Likeness(1 / (1 + 2 ** -max(min(bits, 40), -40)), reasons)


Part = tuple


def _names(one: Profile, other: Profile, scale: Scale) -> Part:
    """The best of all ways in which one goes by a name of the other."""
    found = [_name(mine, theirs, one.kind, scale) for mine in one.tokens for theirs in other.tokens]
    if not found:
        return (0.0,)
    bits, same = max(found)
    if same >= 0.999:
        return bits, ("name", one.names[0])
    return (bits, ("similar name", "")) if same >= 0.75 else (bits, ("other name", ""))


def _name(mine: tuple[str, ...], theirs: tuple[str, ...], kind: str, scale: Scale) -> tuple[float, float]:
    """Return the bits of two names, and how much of the longer one agrees.

    However many words agree, a name alone is never worth more than a little above the chance against it; words that
    stand against each other count after that, so that "Lime Services South" isn't "Lime Services North".
    """
    if "".join(mine) == "".join(theirs):
        whole = sum(_worth(token, kind, scale) for token in mine)
        return min(whole + SAME[kind] * (len(mine) > 1 or kind == "company"), scale.prior + 6), 1.0
    short, long = sorted((mine, theirs), key=len)
    odd, left = _apart(short, long)
    same = [token for token in short if token not in odd] if odd else short
    bits, agreed, against = sum(_worth(token, kind, scale) for token in same), float(sum(map(len, same))), 0.0
    for token in odd:
        near, there = max([(nearness(token, each), each) for each in left], default=(0.0, ""))
        if near > 0:
            left.remove(there)
            bits += near * min(_worth(token, kind, scale), _worth(there, kind, scale))
            agreed += min(near + 0.15, 1.0) * len(there)
        else:
            against += _against(token, kind)
    against += sum(_extra(token) for token in left)
    return min(bits, scale.prior + 2) - against, min(agreed / max(sum(map(len, long)), 1), 0.99)


def _apart(short: tuple[str, ...], long: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the words that one name has and the other hasn't, the longest first."""
    odd, left = [], list(long)
    for token in short:
        if token in left:
            left.remove(token)
        else:
            odd.append(token)
    return sorted(odd, key=len, reverse=True), left


SAME = {"contact": 1.0, "company": 2.5}
"""What it is worth besides that a whole name is the same."""


def _worth(token: str, kind: str, scale: Scale) -> float:
    bits = scale.bits(kind, f"t:{token}")
    return bits if len(token) > 3 else bits * 0.3 * len(token)


def _against(token: str, kind: str) -> float:
    """What a word of the shorter name that the longer one hasn't speaks against the two being one."""
    if len(token) == 1:
        return 1.0
    return 8.0 if _counts(token) else AGAINST[kind]


def _extra(token: str) -> float:
    """What a word too many in the longer name speaks against it; a number is another branch, floor or fund."""
    return 3.0 if _counts(token) else 1.2 if len(token) > 2 else 0.4


AGAINST = {"contact": 6.0, "company": 5.0}
ROMAN = frozenset("ii iii iv vi vii viii ix xi xii".split())


def _counts(token: str) -> bool:
    return token.isdigit() or token in ROMAN


@lru_cache(maxsize=200_000)
def nearness(one: str, other: str) -> float:
    """Return how far two words go for one another, from 0 to 1: the same, a nickname, an initial, a slip."""
    if one == other:
        return 1.0
    if is_nickname(one, other):
        return 0.7
    shorter = min(len(one), len(other))
    if shorter == 1:
        return 0.2 if one[0] == other[0] else 0.0
    if _counts(one) or _counts(other):
        return 0.0
    slips = OSA.distance(one, other, score_cutoff=2)
    if slips == 1:
        return 0.75 if shorter > 4 else 0.4 if shorter > 2 else 0.0
    if slips == 2 and shorter > 5:
        return 0.5
    like = JaroWinkler.similarity(one, other)
    return 0.35 if like >= 0.9 and shorter > 3 else 0.15 if like >= 0.84 and shorter > 3 else 0.0


def _mail(one: Profile, other: Profile, scale: Scale) -> Part:
    if not one.addresses or not other.addresses:
        return (0.0,)
    shared = one.addresses & other.addresses
    if shared:
        address = min(shared)
        bits = min(scale.bits(one.kind, f"e:{address}"), 12.0)
        return (bits / 3 if is_shared(address) else bits), ("same address", address)
    near = max(_near_address(mine, theirs, one.kind, scale) for mine in one.addresses for theirs in other.addresses)
    return (near, ("similar address", "")) if near > 0 else (-1.0,)


def _near_address(one: str, other: str, kind: str, scale: Scale) -> float:
    """Return the bits of two addresses that differ: the same name at another provider, or a slip."""
    local, their_local = one.partition("@")[0], other.partition("@")[0]
    if local == their_local:
        return 0.0 if is_shared(one) else min(scale.bits(kind, f"l:{local}"), 8.0) * (0.9 if len(local) > 4 else 0.4)
    if len(local) > 4 and OSA.distance(one, other, score_cutoff=2) <= 2:
        return 0.8 * scale.prior
    return 0.5 * scale.prior if len(local) > 4 and fuzz.ratio(one, other) >= 85 else 0.0


def _phones(one: Profile, other: Profile, scale: Scale) -> Part:
    if not one.numbers or not other.numbers:
        return (0.0,)
    for mine in sorted(one.numbers):
        for theirs in other.numbers:
            if same_number(mine, theirs):
                bits = min(scale.bits(one.kind, f"p:{mine[-7:]}"), 10.0)
                return bits * 0.8, ("same number", mine)
    return (-1.0,)


def _domains(one: Profile, other: Profile, scale: Scale) -> Part:
    shared = one.own_domains & other.own_domains
    if shared:
        return min(scale.bits(one.kind, f"w:{min(shared)}"), 10.0), ("same domain", min(shared))
    return (-1.0,) if one.own_domains and other.own_domains else (0.0,)


def _firms(one: Profile, other: Profile, scale: Scale) -> Part:
    if not one.firm or not other.firm:
        shared = one.work_domains & other.work_domains
        return (2.0, ("same company", min(shared))) if shared else (0.0,)
    bits, same = _name(one.firm, other.firm, "company", Scale(scale.total))
    return (min(bits, 3.0), ("same company", one.company)) if same > 0.8 else (-1.5, ("other company", ""))


def _generations(one: Profile, other: Profile) -> Part:
    if one.generation and other.generation and one.generation != other.generation:
        return -12.0, ("father and son", "")
    return (0.0,)


def _detail(name: str, one: Profile, other: Profile, scale: Scale) -> Part:
    mine, theirs = one.told[name], other.told[name]
    both = [scale.bits(one.kind, f"d:{name}:{text[:60]}") for text in (mine, theirs)]
    worth, like = min(*both, 9.0), _like(mine, theirs)
    if like >= 0.999:
        return worth, ("same field", name)
    if like >= 0.65:
        return worth * (0.6 if like >= 0.8 else 0.25), ("similar field", name)
    return -(1.0 + 0.25 * worth) * (1.0 if like < 0.5 else 0.5), ("other field", name)


def _like(mine: str, theirs: str) -> float:
    """Return how alike two texts are; a date with day and month changed about is nearly the same."""
    if mine == theirs:
        return 1.0
    if _is_number(mine) and _is_number(theirs):
        return _like_numbers(mine, theirs)
    return max(fuzz.token_sort_ratio(mine, theirs), fuzz.ratio(mine, theirs)) / 100


def _is_number(text: str) -> bool:
    return text.replace(" ", "").isdigit()


def _like_numbers(mine: str, theirs: str) -> float:
    """Numbers are the same or a slip apart; dates also with two digits for the year, or day and month changed about."""
    one, other = (sorted(part.lstrip("0")[-2:] for part in text.split()) for text in (mine, theirs))
    if len(one) == len(other) == 3 and one == other:
        return 0.9
    slips = OSA.distance(mine.replace(" ", ""), theirs.replace(" ", ""), score_cutoff=2)
    long_enough = min(len(mine), len(theirs)) > 3
    return 0.85 if slips == 1 and long_enough else 0.7 if slips == 2 and min(len(mine), len(theirs)) > 7 else 0.3
