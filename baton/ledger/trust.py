"""How far a value may be relied on: one function for screens, packets, forecast, requests and the gate. Pure.

It reads a kept value (see `folding.py`), which a row brings along, so that a list of a thousand asks nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from baton.kernel.clock import unstamp
from baton.map.elements import Field

State = Literal["confirmed", "stale", "suggested", "missing"]
Source = Literal["person", "message", "table", "program", "rule"]
SOURCES: tuple[Source, ...] = get_args(Source)
EMPTY: tuple[Any, ...] = (None, "", [], {})
TABLES = {"import", "sheets"}
PROGRAMS = {"api", "assistant", "mcp", "form", "hooks", "automation"}
RULES = {"baton", "map"}


@dataclass(frozen=True, slots=True)
class Trust:
    """How far one value can be relied on, and why.

    `state` is what a mark shows: nothing stands there and nobody suggests it (missing), only a suggestion does, it is
    older than it stays fresh (stale), else confirmed. `disputed` says that something else was said and nobody has
    answered that: a suggestion that waits, or another value of a record that was merged into this one.
    """

    state: State
    disputed: bool = False
    said_at: datetime | None = None
    age: int | None = None
    fresh_for: int | None = None
    source: Source | None = None
    said_by: str = ""
    fact: str = ""

    @property
    def strictly(self) -> State:
        """The state where what stands there may not be relied on while something else is said."""
        return "suggested" if self.disputed and self.state != "missing" else self.state


def trust_of(
    kept: Mapping[str, Any] | None,
    field: Field | None,
    at: datetime,
    *,
    fresh_for: int | None = None,
    over: bool = False,
) -> Trust:
    """Return how far a kept value can be relied on at a moment.

    `fresh_for` are the days for which it is taken as it stands, the map's own unless told. `over` says that what it
    announces should have come by now (a close date that is gone by on an open deal), so that it is old at any age.
    """
    kept = kept or {}
    days = fresh_for if fresh_for is not None else field.fresh_for if field else None
    if is_empty(kept):
        return Trust("suggested" if kept.get("s") else "missing", bool(kept.get("s")), fresh_for=days)
    said_at = unstamp(kept["h"]) if kept.get("h") else None
    old = over or (days is not None and said_at is not None and at - said_at > timedelta(days=days))
    return Trust(
        "stale" if old else "confirmed",
        bool(kept.get("s") or kept.get("also")),
        said_at,
        (at - said_at).days if said_at else None,
        days,
        source_of(kept),
        kept.get("by", ""),
        kept.get("f", ""),
    )


def is_empty(kept: Mapping[str, Any]) -> bool:
    """Whether nobody has said a value, or said that there is none."""
    return kept.get("v") in EMPTY


def source_of(kept: Mapping[str, Any]) -> Source:
    """Return what kind of source a kept value has: never better than what its channel can show."""
    channel = str(kept.get("ch", "")).partition(":")[0]
    if channel in TABLES:
        return "table"
    if channel in PROGRAMS:
        return "program"
    if kept.get("i"):
        return "message"
    return "rule" if channel in RULES or not kept.get("by") else "person"


def old_from(said_at: datetime, fresh_for: int | None) -> datetime:
    """Return the moment from which a value that was so at `said_at` is old; at once where the map gives no time."""
    return said_at + timedelta(days=fresh_for or 0)
