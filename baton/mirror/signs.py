"""Early warning: five signs that use is starting to slide, each week held against the business's own past.

A sign is a share by the week. The last one to six weeks are compared with the half year before by an exact binomial
test: how likely is so low a share, if nothing had changed? The past is taken at the cautious end of its own interval,
weeks that scatter more than chance would make count for less, and the result is corrected for how many series were
looked at. So a business in which nothing changes is warned about once in five years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _

from baton.map.schema import OperatingMap
from baton.mirror.chance import at_most, corrected, interval
from baton.mirror.findings import share
from baton.mirror.tally import Tally

Name = Literal["later", "less", "unshown", "returned", "late", "elsewhere"]
Week = tuple[date, Tally]
LOOKED_BACK, LATEST = 26, 6
HELD_AGAINST = (1, 2, 3, 4, 6)
"""Weeks of the past, how many of the last ones are left out of it, and how many of those are held against it."""
FEWEST_WEEKS, FEWEST_CASES = 8, 30
"""What there must be of a past before anything is said."""
FEWEST_NOW = 8
FALSE_ALARM = 0.004
"""How likely a warning in one week may be while nothing has changed: about once in five years."""
FALLEN = 0.1
"""By how much a share must have fallen to matter."""
LESS = 0.3
"""The part of what was entered for as much that came in, by which it must have fallen: a week may go to other work."""
UNEVEN: dict[Name, int] = {"less": 5}
"""By how much a series must be surer, where one case brings several: a deal more is six entries more."""
CAUTIOUS = 1.0
"""Standard deviations by which the past is taken as worse than it was, because it is only a sample itself."""


@dataclass(frozen=True, slots=True)
class Series:
    """One sign of one part of the business, by the week: (hits, of). `of` is a desk or a handoff, empty for all."""

    name: Name
    of: str
    weeks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A series that fell beyond chance: since which week, from what share to what, and how likely by chance."""

    name: Name
    of: str
    since: date
    hits: int
    cases: int
    before: int
    cases_before: int
    chance: float

    @property
    def key(self) -> str:
        """Return the key that opens its cases."""
        return f"sign/{self.name}/{self.of}" if self.of else f"sign/{self.name}"


@dataclass(frozen=True, slots=True)
class Warnings:
    """What the signs say this week: those that fell, and of which there is too little to say."""

    signs: list[Sign]
    unsaid: list[tuple[Name, str]]

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        signs = [asdict(one) | {"since": one.since.isoformat()} for one in self.signs]
        return {"signs": signs, "unsaid": [list(one) for one in self.unsaid]}

    @classmethod
    def from_data(cls, told: dict[str, Any]) -> Warnings:
        """Read what `as_data` wrote."""
        signs = [Sign(**{**one, "since": date.fromisoformat(one["since"])}) for one in told["signs"]]
        return cls(signs, [(name, of) for name, of in told["unsaid"]])


def warnings(weeks: Sequence[Week], operating_map: OperatingMap) -> Warnings:
    """Return the signs of the last whole weeks (oldest first)."""
    known = [one for one in series(weeks, operating_map) if any(of for _hits, of in one.weeks)]
    found = {one.name + one.of: fallen(one, weeks[-1][0]) for one in known if enough(one)}
    sure = corrected({key: one.chance for key, one in found.items() if one})
    signs = [one for key, one in found.items() if one and sure[key] < FALSE_ALARM and _matters(one)]
    unsaid = [(one.name, one.of) for one in known if not enough(one)]
    return Warnings(sorted(signs, key=lambda one: one.chance), unsaid)


def enough(one: Series) -> bool:
    """Whether there is enough of a past, and of late, to say anything."""
    past = [(hits, of) for hits, of in one.weeks[:-LATEST] if of]
    lately = sum(of for _hits, of in one.weeks[-LATEST:])
    return len(past) >= FEWEST_WEEKS and sum(of for _hits, of in past) >= FEWEST_CASES and lately >= FEWEST_NOW


def fallen(one: Series, last: date) -> Sign | None:
    """Return how the last weeks fell against the past, at the number of weeks where it is plainest."""
    best: Sign | None = None
    for lately in HELD_AGAINST[one.name == "less" :]:
        past, now = one.weeks[-LOOKED_BACK - LATEST : -LATEST], one.weeks[-lately:]
        hits, of = _sum(now)
        before, of_before = _sum(past)
        if of < FEWEST_NOW or not of_before or hits * of_before >= before * of:
            continue
        chance = min(1.0, len(HELD_AGAINST) * UNEVEN.get(one.name, 1) * _chance(hits, of, past))
        since = last - timedelta(weeks=lately - 1)
        if best is None or chance < best.chance:
            best = Sign(one.name, one.of, since, hits, of, before, of_before, chance)
    return best


def _chance(hits: int, of: int, past: Sequence[tuple[int, int]]) -> float:
    before, of_before = _sum(past)
    scatter = overdispersion(past)
    expected = interval(round(before / scatter), max(1, round(of_before / scatter)), CAUTIOUS)[0]
    return at_most(round(hits / scatter), max(1, round(of / scatter)), expected)


def overdispersion(weeks: Sequence[tuple[int, int]]) -> float:
    """Return how much more the weeks scatter than by chance alone, at least 1 (Pearson's χ² by its degrees)."""
    hits, of = _sum(weeks)
    share_of = hits / of if of else 0.0
    known = [(h, n) for h, n in weeks if n]
    if not 0 < share_of < 1 or len(known) < FEWEST_WEEKS:
        return 1.0
    scatter = sum((h - n * share_of) ** 2 / (n * share_of * (1 - share_of)) for h, n in known)
    return max(1.0, scatter / (len(known) - 1))


def _sum(weeks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(hits for hits, _of in weeks), sum(of for _hits, of in weeks)


def _matters(one: Sign) -> bool:
    was, now = one.before / one.cases_before, one.hits / one.cases
    return now <= was * (1 - LESS) if one.name == "less" else was - now >= FALLEN


# The five signs


def series(weeks: Sequence[Week], operating_map: OperatingMap) -> Iterator[Series]:
    """Yield every series that is looked at, the signs of each desk, each handoff, and of management."""
    for desk in operating_map.desks:
        yield _of("later", desk, weeks, lambda tally, desk=desk: typed_promptly(tally, desk))
        yield _of("less", desk, weeks, lambda tally, desk=desk: entered(tally, desk))
        yield _of("unshown", desk, weeks, lambda tally, desk=desk: shown(tally, desk))
        yield _of("late", desk, weeks, lambda tally, desk=desk: kept(tally, desk))
    for handoff in operating_map.handoffs.values():
        yield _of("returned", handoff.id, weeks, lambda tally, key=handoff.id: first_time(tally, key))
    yield _of("elsewhere", "", weeks, decided_here)


def _of(name: Name, of: str, weeks: Sequence[Week], counted: Callable[[Tally], tuple[int, int]]) -> Series:
    return Series(name, of, tuple(counted(tally) for _monday, tally in weeks))


def typed_promptly(tally: Tally, desk: str) -> tuple[int, int]:
    """Read how much of what a desk typed was typed within the hour."""
    prompt, later = tally.total("captured", "prompt", desk), tally.total("captured", "later", desk)
    return prompt, prompt + later


def entered(tally: Tally, desk: str) -> tuple[int, int]:
    """Read how much a desk entered, against all that came by itself: in a quiet week both are few."""
    touched, came = tally.total("touched", desk), tally.by("captured")["source"]
    return touched, touched + came


def shown(tally: Tally, desk: str) -> tuple[int, int]:
    """Read how many moves at a desk had evidence."""
    found = {"shown": 0, "said": 0}
    for (_stage, how, _member, where), count in tally.of("move").items():
        if where == desk:
            found[how] += count
    return found["shown"], found["shown"] + found["said"]


def kept(tally: Tally, desk: str) -> tuple[int, int]:
    """Read how many duties of a desk were kept on time."""
    found = {"kept": 0, "late": 0}
    for (_behavior, how, _member, where), count in tally.of("duty").items():
        if where == desk:
            found[how] += count
    return found["kept"], found["kept"] + found["late"]


def first_time(tally: Tally, handoff: str) -> tuple[int, int]:
    """Read how many packets were accepted first time."""
    first, back = tally.total("handoff", handoff, "first"), tally.total("handoff", handoff, "back")
    return first, first + back


def decided_here(tally: Tally) -> tuple[int, int]:
    """Read how many decisions were taken from Baton, of those and the spreadsheets that were sent round."""
    here = tally.total("decision")
    return here, here + tally.total("sheet")


# In words


def sentence_of(sign: Sign, desk: Callable[[str], str], handoff: Callable[[str], str]) -> str:
    """Say what began to slide, from what to what."""
    told = {
        "of": handoff(sign.of) if sign.name == "returned" else desk(sign.of),
        "now": share(sign.hits, sign.cases),
        "before": share(sign.before, sign.cases_before),
        "less": round(100 * (1 - (sign.hits / sign.cases) / (sign.before / sign.cases_before))),
    }
    sentences = {
        "later": _("%(of)s types later: %(now)s within the hour, %(before)s before"),
        "less": _("%(of)s enters %(less)d %% less than it used to, for what comes in"),
        "unshown": _("Deals at %(of)s move without evidence: %(now)s had some, %(before)s before"),
        "returned": _("%(of)s comes back more often: %(now)s accepted first time, %(before)s before"),
        "late": _("%(of)s lets duties go late: %(now)s kept, %(before)s before"),
        "elsewhere": _("Decisions are leaving Baton: %(now)s taken here, %(before)s before"),
    }
    return sentences[sign.name] % told
