"""What the mirror is told by rooms that it may not know: they are registered in `baton/rooms.py` when Baton starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Report:
    """Figures that leave Baton by themselves: what, as whom, since when, and when they were last read."""

    name: str
    member: str
    made_at: datetime
    read_at: datetime | None
    times: int


Reports = Callable[[Member], Iterable[tuple[str, str, datetime, datetime | None, int]]]
Biases = Callable[[Member, datetime], list[tuple[str, float]]]
_reports: list[Reports] = []
_biases: list[Biases] = []


def register_reports(teller: Reports) -> None:
    """Let a room say which reports leave by themselves."""
    _reports[:] = [teller]


def register_bias(teller: Biases) -> None:
    """Let a room say how far a member's own forecasts were off."""
    _biases[:] = [teller]


def reports(member: Member) -> list[Report]:
    """Return the reports that leave by themselves."""
    return [Report(*one) for teller in _reports for one in teller(member)]


def bias(member: Member, at: datetime) -> list[tuple[str, float]]:
    """Return how far a member's own forecasts were off: (period, share; above 0 too much), oldest first."""
    return [one for teller in _biases for one in teller(member, at)]
