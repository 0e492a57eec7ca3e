"""Words from outside: which they are, and which programs have read them. Kept here, where no program can forget it.

Text that somebody else wrote may hold orders. A program that has read any does nothing by itself for a day: what it
would write waits for its person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from baton.gate.assistants.models import ReadOutside
from baton.kernel.writer import writing
from baton.ledger.models import Interaction

LASTS = timedelta(days=1)
"""As long as a program may still hold in its mind what it read."""
OWN_WORDS = frozenset({"note", "meeting"})
INSIDE = frozenset({"screen", "quick", "baton", "map"})
"""Channels on which only members and the map's rules speak; typed, and not read out of something."""


def from_outside(kept: Mapping[str, Any]) -> bool:
    """Whether a kept value of a record may hold words that somebody outside wrote."""
    return bool(kept.get("i")) or kept.get("ch", "") not in INSIDE or (not kept.get("by") and kept.get("ch") != "baton")


def is_outside(row: Interaction) -> bool:
    """Whether an interaction holds words from outside: all but what a member noted here."""
    return not (row.direction == "internal" and row.author_id and row.kind in OWN_WORDS)


def mark(program: str, what: str, at: datetime) -> None:
    """Note that a program is about to read words from outside. Committed before it gets them."""
    with writing():
        ReadOutside.objects.update_or_create(program=program, defaults={"at": at, "what": what[:200]})


def heard(program: str, at: datetime) -> str:
    """Return what words from outside a program has read within a day, nothing where it hasn't."""
    row = ReadOutside.objects.filter(program=program, at__gt=at - LASTS).first()
    return row.what if row else ""
