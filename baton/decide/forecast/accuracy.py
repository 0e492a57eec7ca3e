"""How right the forecast was: what the start of each period said, by each way of saying, against what was won."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from baton.decide.forecast import reading, spans
from baton.decide.forecast.calls import calls
from baton.decide.forecast.history import Guess
from baton.decide.forecast.past import guess, past
from baton.decide.forecast.periods import By, Period, containing
from baton.ledger.models import DealState
from baton.map.current import one_version
from baton.members.models import Member

LOOKED_BACK = 4


@dataclass(frozen=True, slots=True)
class Scored:
    """One period that is over. Minor units; None where nothing was said."""

    period: Period
    won: int
    called: int | None
    weighted: int
    guess: Guess | None

    @property
    def by_history(self) -> int | None:
        return self.guess.likely if self.guess else None

    def off(self, said: int | None) -> float | None:
        """How far off a number was, as a share of what was won: above 0 too high."""
        return None if said is None or not self.won else (said - self.won) / self.won

    @property
    def inside(self) -> bool | None:
        """Whether what was won lay where the past said it would, eight times in ten."""
        if self.guess is None or self.guess.likely is None:
            return None
        return self.guess.low <= self.won <= self.guess.high


@one_version()
def accuracy(member: Member, by: By, on: date, count: int = LOOKED_BACK) -> list[Scored]:
    """Return the periods before this one, newest first, of what the member sees: each as its first second had it.

    Only those that began when there was a record already: before that, nothing was said that could be right.
    """
    period, found, began = containing(on, by), [], record_began(member)
    for _number in range(count):
        period = period.previous()
        if began is None or spans.moment(period.start) < began:
            break
        found.append(_scored(member, period))
    return found


def record_began(member: Member) -> datetime | None:
    """Return when the first of what the member sees was recorded, None while there is nothing."""
    rows = DealState.objects.visible_to(member).order_by("began_at")
    return rows.values_list("began_at", flat=True).first()


def _scored(member: Member, period: Period) -> Scored:
    at = spans.moment(period.start)
    won = reading.at(member, None, by=period.by, count=1, first=period.start).of(0).won
    then = reading.at(member, at, by=period.by, count=1, first=period.start)
    before = at - timedelta(microseconds=1)
    said = guess(member, past(member, before, then.reckoning), period, then.reckoning, before)
    return Scored(period, won, _called(member, period, at), then.of(0).expected, said)


def _called(member: Member, period: Period, at: datetime) -> int | None:
    """Return what all called together on the first day of the period."""
    told = [one.minor for one in calls(member, [period], at + timedelta(days=1)) if not one.override and one.whose]
    return sum(told) if told else None
