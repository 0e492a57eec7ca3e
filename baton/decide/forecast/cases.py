"""The deals that a share is made of, or that are too few for one: what became of each, and after how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from baton.decide.forecast import spans
from baton.decide.forecast.history import Case
from baton.decide.forecast.past import past
from baton.decide.forecast.reading import titles
from baton.map.current import one_version
from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Ended:
    """A deal that was won or lost `days` after it came to a stage. `worth` is minor units of the main currency.

    `title` is empty where the deal was taken back since.
    """

    deal: UUID
    title: str
    company: str
    won: bool
    on: date
    days: int
    worth: int | None
    service: str


@one_version()
def cases_at(member: Member, at: datetime | None, stage: str) -> list[Ended]:
    """Return the comparable deals of a stage ("": all deals since they were opened), the newest end first.

    They are those that `past` counts for this member as of a moment (None: now).
    """
    found = past(member, at, spans.reckoning_at(member, at)).stood_at(stage)
    return _named(member, found)


def _named(member: Member, found: Sequence[tuple[Case, int]]) -> list[Ended]:
    ids = [UUID(case.deal) for case, _days in found]
    known = titles(member, ids)
    return [
        Ended(
            deal,
            *known.get(deal, ("", "")),
            won=case.won,
            on=date.fromordinal(case.ended),
            days=days,
            worth=case.worth,
            service=case.service,
        )
        for deal, (case, days) in zip(ids, found, strict=True)
    ]
