"""Three numbers side by side: what people call, what the stage weights say, what this business’s own past says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from baton.decide.forecast import reading
from baton.decide.forecast.calls import Called, calls
from baton.decide.forecast.history import Guess
from baton.decide.forecast.past import guess, past
from baton.decide.forecast.reading import Forecast
from baton.map.current import one_version
from baton.members.models import Member


@dataclass(frozen=True, slots=True)
class Said:
    """What people call in a period, in minor units: `people` have said a number, `others` counts by won and commit.

    `over` is what somebody who decides by it has set over the sum; it hides nothing.
    """

    sum: int
    people: int
    others: int
    over: Called | None = None


@dataclass(frozen=True, slots=True)
class Three:
    """The three numbers of one period. `history` is None once it is over; its sums are what is still to come."""

    called: Said
    expected: int
    won: int
    history: Guess | None


@one_version()
def three_numbers(member: Member, found: Forecast) -> list[Three]:
    """Return the three numbers of each period of a forecast, of what the member sees."""
    told, before = calls(member, found.periods, found.at), past(member, found.at, found.reckoning)
    return [
        Three(
            said_in(member, found, place, told),
            found.of(place).expected,
            found.of(place).won,
            guess(member, before, period, found.reckoning, found.at),
        )
        for place, period in enumerate(found.periods)
    ]


def said_in(member: Member, found: Forecast, place: int, told: Sequence[Called]) -> Said:
    """Return what people call in one period, whatever the forecast is grouped by."""
    own = [one for one in told if one.period == found.periods[place].key and not one.override and one.whose]
    over = next((one for one in told if _is_over_all(one, found.periods[place].key)), None)
    if not own:
        return Said(found.of(place).called, 0, found.of(place).called, over)
    people, here = found, place
    if found.group != "owner":
        people = reading.read(member, found.at, [found.periods[place]], found.reckoning, group="owner")
        here = 0
    called = {one.whose for one in own}
    others = sum(people.of(here, who).called for who in people.groups() if who not in called)
    return Said(sum(one.minor for one in own) + others, len(own), others, over)


def _is_over_all(one: Called, period: str) -> bool:
    return one.period == period and one.override and one.whose is None


def rounded(minor: int) -> int:
    """Return a guess as round as it deserves: three digits count, and no part of a pound."""
    unit = max(100, 10 ** max(0, len(str(abs(minor))) - 3))
    return round(minor / unit) * unit
