"""Tokens: the words that the index holds, each in the space of what it was found in, and who may find it. Pure.

A token is one letter for the space and a folded word: `bquote` is “quote” in the text of an interaction, `squote`
the same word in its subject, for those who see that it happened and may not read it. Tokens that begin with 0 say
who may find the record. Spaces keep the lists of one kind of record apart, so that names are found without
walking a million mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from uuid import UUID

from baton.ledger.text import words

BODY, SUBJECT = "b", "s"
READ_BY_ALL, SEEN_BY_ALL, ON_NO_DEAL = "0f", "0s", "0n"
LONGEST_WORD = 40
MOST_WORDS = 5_000
"""Distinct words of one record that are indexed; a mail of forty pages has about 3,000."""
SHORTEST = 2
MOST_SOUGHT = 8

_JOINED = re.compile(r"\+?\d[\d ()/.-]{5,}\d")


def spaced(space: str, found: Iterable[str]) -> set[str]:
    """Return the tokens of these words in one space."""
    return {space + word for word in found}


def words_in(*texts: str) -> set[str]:
    """Return the words that these texts are found by; a phone number also as its digits in one piece."""
    whole = "\n".join(texts)
    kept = {word[:LONGEST_WORD] for word in islice(words(whole), MOST_WORDS * 4)}
    kept |= set(_numbers(whole))
    return set(sorted(kept)[:MOST_WORDS]) if len(kept) > MOST_WORDS else kept


def _numbers(text: str) -> set[str]:
    runs = ("".join(filter(str.isdigit, run)) for run in _JOINED.findall(text))
    return {run for run in runs if 7 <= len(run) <= 15}


def sought(text: str) -> list[str]:
    """Return what a person looks for: folded beginnings of words, of 2 letters or more, in the order typed, once."""
    typed = (word[:LONGEST_WORD] for word in words(text[:400]) if len(word) >= SHORTEST)
    return list(dict.fromkeys(typed))[:MOST_SOUGHT]


def held_by(member_id: UUID) -> str:
    """Return the token of what this member holds."""
    return f"0h{member_id.hex}"


def on_deal(deal_id: UUID) -> str:
    """Return the token of what lies on this deal."""
    return f"0d{deal_id.hex}"


def found_in(text: str, prefixes: Iterable[str]) -> bool:
    """Whether every prefix begins some word of the text."""
    there = words_in(text)
    return all(any(word.startswith(prefix) for word in there) for prefix in prefixes)
