"""What is asked of the index: alternatives, each of which must hold in full. Pure; each engine writes it in its way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Alternative:
    """Every one of `beginnings` begins a token of the record, and of every group in `any_of` it has one token."""

    beginnings: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Any of the alternatives, newest first. `narrowed` is SQL over the entry `e`, with its values, or empty."""

    alternatives: tuple[Alternative, ...]
    narrowed: str = ""
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One entry that the index came upon."""

    place: int
    kind: str
    record_id: Any
