"""How a finding was, month by month: the same reading of the tallies of each month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from baton.mirror.chance import reached
from baton.mirror.clear import SLOW, at_source, first_pass, lag_within, shown_at
from baton.mirror.consistent import kept, without_deal, won_already
from baton.mirror.findings import Counted, Glass, in_days
from baton.mirror.owned import taken_here
from baton.mirror.tally import STAYS, Tally, stay


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a finding: hits of so many, `of` 0 where it is only counted."""

    first: date
    hits: int
    of: int


@dataclass(frozen=True, slots=True)
class History:
    """The months of a finding, oldest first, and what they count where the finding itself doesn't say it."""

    months: list[Month]
    caption: str = ""


def history(glass: Glass, key: str) -> History:
    """Return how a finding was by month; nothing for what isn't kept by the month."""
    months = glass.days.months(glass.until)
    match key.split("/"):
        case ["drift", "stage", stage, "stay"]:
            return _of_stays(months, stage)
    counted = reading_of(key)
    return History(_read(months, counted) if counted else [])


def _read(months: list[tuple[date, Tally]], counted: Counted) -> list[Month]:
    return [Month(first, *counted(tally)) for first, tally in months]


def _of_stays(months: list[tuple[date, Tally]], stage: str) -> History:
    """Count the deals that left a stage within the days in which half of all did: a middle alone has no share."""
    counts = [0] * (len(STAYS) + 1)
    for _first, tally in months:
        for (place, _owner), count in tally.of("stay", stage).items():
            counts[int(place)] += count
    days = min(reached(counts, STAYS, 0.5), STAYS[-1])
    caption = _("Deals that left it within %(lasting)s") % {"lasting": in_days(days)}
    return History(_read(months, left_within(stage, days)), caption)


def reading_of(key: str) -> Counted | None:
    """Return how the finding of this key is read from a tally."""
    head, _slash, rest = key.partition("/")
    parts = rest.split("/")
    match head, parts:
        case "drift", ["stage", one, *of]:
            found = _OF_STAGES.get("/".join(of))
            return found(one) if found else None
        case "lag", [kind, channel]:
            return lag_within(kind, channel, SLOW)
        case "missing", [handoff, item]:
            return _counted("missing", handoff, item)
        case (("handoff" | "stage" | "duty" | "tax"), [one]):
            return _OF_ONE[head](one)
        case "exception", _:
            return _counted("exception", rest)
    return _OF_ALL.get(head)


def left_within(stage: str, days: float) -> Counted:
    """Read how many of the deals that left a stage had stood there no longer than so many days."""
    last = stay(days)

    def counted(tally: Tally) -> tuple[int, int]:
        found = tally.of("stay", stage)
        return sum(count for (place, _owner), count in found.items() if int(place) <= last), found.total()

    return counted


def won_from(stage: str) -> Counted:
    """Read how many of the decided deals that had stood at a stage were won."""

    def counted(tally: Tally) -> tuple[int, int]:
        return tally.total("outcome", stage, "won"), tally.total("outcome", stage)

    return counted


def _counted(head: str, *first: str) -> Counted:
    def counted(tally: Tally) -> tuple[int, int]:
        return tally.total(head, *first), 0

    return counted


_OF_ALL: dict[str, Counted] = {
    "captured": at_source, "already-won": won_already, "dealless": without_deal, "decisions": taken_here,
    "sheets": _counted("sheet"),
}  # fmt: skip
_OF_ONE: dict[str, Callable[[str], Counted]] = {
    "handoff": first_pass, "stage": shown_at, "duty": kept, "tax": partial(_counted, "entry"),
}  # fmt: skip
_OF_STAGES: dict[str, Callable[[str], Counted]] = {"": shown_at, "outcome": won_from}
