"""Excerpts: the part of a text where it was found, with the words that matched marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from baton.ledger.text import folded

_WORD = re.compile(r"[^\W_]+")
LONGEST = 160
LEAD = 40
READ = 20_000
"""Characters of a text that are looked through for an excerpt."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, matched or not."""

    text: str
    matched: bool = False


def marked(text: str, beginnings: Sequence[str]) -> list[Piece]:
    """Return the whole text in pieces, the matching words apart."""
    pieces: list[Piece] = []
    at = 0
    for start, end in _matches(text, beginnings):
        pieces += [Piece(text[at:start])] * (start > at) + [Piece(text[start:end], matched=True)]
        at = end
    return pieces + [Piece(text[at:])] * (at < len(text))


def excerpt(text: str, beginnings: Sequence[str]) -> list[Piece]:
    """Return up to 160 characters around the first match, its white space joined; nothing where nothing matches."""
    text = " ".join(text[:READ].split())
    first = next(_matches(text, beginnings), None)
    if first is None:
        return []
    start = _word_start(text, max(0, first[0] - LEAD))
    end = start + LONGEST
    cut = ("… " if start else "") + text[start:end].rstrip() + (" …" if end < len(text) else "")
    return marked(cut, beginnings)


def _word_start(text: str, at: int) -> int:
    blank = text.find(" ", at)
    return at if at == 0 or blank < 0 or blank > at + LEAD else blank + 1


def _matches(text: str, beginnings: Sequence[str]) -> Iterator[tuple[int, int]]:
    sought = tuple(beginnings)
    for word in _WORD.finditer(text):
        if any(part.startswith(sought) for part in folded(word.group()).split()):
            yield word.span()
