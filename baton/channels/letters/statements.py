"""An answer cut into statements: one line each, with the number of what it is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from baton.capture.grammar.courtesy import is_courtesy
from baton.ledger.text import folded

MOST_STATEMENTS = 30
MOST_CHARACTERS = 4000
_NUMBERED = re.compile(
    r"^\s*(?:#|no\.? ?|nr\.? ?|br\.? ?)?(\d{1,2})\s*(?:[.):,-]\s*|\s+)(\S.*)$", re.IGNORECASE | re.DOTALL
)
_LETTER = re.compile(r"[^\W\d_]")
LEAST_OF_A_NAME = 4


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says about one thing of a letter. `place` is its place there from 0, None where they don't say."""

    text: str
    place: int | None = None


def statements_in(text: str, names: Sequence[str], people: Iterable[str] = ()) -> list[Statement]:
    """Return what an answer says; `names` are those of the things in the letter, in its order, `people` who write.

    A line with a number is about that thing, and so are the lines below it until the next number. Without a number it
    is about the only thing there is, or the one whose name it begins with. Greetings and closings say nothing.
    """
    found: list[Statement] = []
    for line in text[:MOST_CHARACTERS].splitlines():
        if not line.strip() or is_courtesy(line, people):
            continue
        one = _statement(line.strip(), names)
        if one.place is None and found and found[-1].place is not None and len(names) > 1:
            found[-1] = Statement(f"{found[-1].text}\n{one.text}", found[-1].place)
        else:
            found.append(one)
    return _together(found) if len(names) == 1 else found[:MOST_STATEMENTS]


def _together(found: list[Statement]) -> list[Statement]:
    """About the only thing there is, all lines are one statement."""
    return [Statement("\n".join(one.text for one in found), 0)] if found else []


def _statement(line: str, names: Sequence[str]) -> Statement:
    numbered = _NUMBERED.match(line)
    if numbered and 1 <= int(numbered[1]) <= len(names) and _says_something(numbered[2]):
        return Statement(numbered[2], int(numbered[1]) - 1)
    if len(names) == 1:
        return Statement(line, 0)
    place = _named(line, names)
    return Statement(line if place is None else _without_name(line), place)


def _says_something(text: str) -> bool:
    """`12 500` is an amount and not the twelfth thing."""
    return bool(_LETTER.search(text))


def _named(line: str, names: Sequence[str]) -> int | None:
    """The one thing whose name's first word the line has; None where none or several do."""
    words = set(folded(line.partition(":")[0]).replace(",", " ").split())
    places = [place for place, name in enumerate(names) if _first_word(name) in words]
    return places[0] if len(places) == 1 else None


def _first_word(name: str) -> str:
    words = [word for word in folded(name).replace(",", " ").split() if len(word) >= LEAST_OF_A_NAME]
    return words[0] if words else "\x00"


def _without_name(line: str) -> str:
    before, colon, after = line.partition(":")
    return after.strip() if colon and after.strip() and len(before.split()) <= 4 else line
