"""Which field of the map a stretch of a line means, by the words that stand in it."""

from __future__ import annotations

from typing import Any

from baton.channels.quick.chips import Chip
from baton.ledger.text import folded
from baton.map.schema import OperatingMap


def field_meant(operating_map: OperatingMap, kind: str, words: str) -> str:
    """Return the field of deals of this type that goes by these words; without words, the only one of its type."""
    fields = [one for one in operating_map.fields_on("deal") if one.type == kind]
    if not words:
        return fields[0].id if len(fields) == 1 and kind != "date" else ""
    said = set(folded(words).split())
    named = [one for one in fields if said & _names(one)]
    if named:
        return str(named[0].id)
    return "close_date" if kind == "date" and _is_closing(said) else ""


CLOSING = {"close", "closes", "closing", "abschluss", "schliesst", "zatvara", "zatvaranje", "zakljucenje"}


def _is_closing(said: set[str]) -> bool:
    """Whether the words say that the deal closes, and not that something else does (`their office closes`)."""
    left = said - {"date", "deal", "the", "it", "this", "now", "should", "will", "on", "by", "in", "am"}
    return bool(left) and left <= CLOSING


def _names(one: Any) -> set[str]:
    """Return the words that tell a field from the others: its name and what it is heard as."""
    words = {word for heard in one.heard_as for word in folded(heard).split()} | set(folded(one.name).split())
    return words - {"date", "day", "the", "of", "and", "hours"}


def about(chip: Chip, text: str) -> str:
    """Return the words that say which day is meant: those read with it, else the stretch of the line itself."""
    return "" if chip.kind != "date" else chip.value.get("about") or text[slice(*chip.span)]
