"""How a finding was, month by month: the same reading of the tallies of each month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import ngettext

from baton.mirror.clear import SLOW, at_source, first_pass, lag_within, shown_at
from baton.mirror.consistent import kept, without_deal, won_already
from baton.mirror.findings import Counted, Glass
from baton.mirror.owned import taken_here
from baton.mirror.tally import Tally, stay

SOON = 7
"""Days at a stage that a month’s bar counts up to."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a finding: hits of so many, `of` 0 where it is only counted."""

    first: date
    hits: int
    of: int


def history(glass: Glass, key: str) -> list[Month]:
    """Return the months of a finding, oldest first; none for what isn't kept by the month."""
    counted = reading_of(key)
    if counted is None:
        return []
    return [Month(first, *counted(tally)) for first, tally in glass.days.months(glass.until)]


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


def caption_of(key: str) -> str:
    """Say what is counted by the month, where the finding itself doesn’t: a middle has no share."""
    if key.startswith("drift/stage/") and key.endswith("/stay"):
        return ngettext("Deals that left it within %(count)d day", "Deals that left it within %(count)d days", SOON) % {
            "count": SOON
        }
    return ""


def left_soon(stage: str) -> Counted:
    """Read how many of the deals that left a stage had stood there no longer than a week."""
    soon = {str(place) for place in range(stay(SOON) + 1)}

    def counted(tally: Tally) -> tuple[int, int]:
        found = tally.of("stay", stage)
        return sum(count for (place, _owner), count in found.items() if place in soon), found.total()

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
_OF_STAGES: dict[str, Callable[[str], Counted]] = {"": shown_at, "stay": left_soon, "outcome": won_from}
