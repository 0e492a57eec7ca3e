"""How a finding was, month by month: the same reading of the tallies of each month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from baton.mirror.clear import SLOW, at_source, first_pass, lag_within, shown_at
from baton.mirror.consistent import kept, without_deal, won_already
from baton.mirror.findings import Counted, Glass
from baton.mirror.owned import taken_here
from baton.mirror.tally import Tally


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
    shares: dict[str, Counted] = {
        "captured": at_source, "already-won": won_already, "dealless": without_deal, "decisions": taken_here,
    }  # fmt: skip
    match head, parts:
        case "handoff", [one]:
            return first_pass(one)
        case "stage", [one]:
            return shown_at(one)
        case "drift", ["stage", one]:
            return shown_at(one)
        case "duty", [one]:
            return kept(one)
        case "lag", [kind, channel]:
            return lag_within(kind, channel, SLOW)
        case "missing", [handoff, item]:
            return _counted("missing", handoff, item)
        case "exception", _:
            return _counted("exception", rest)
        case "sheets", _:
            return _counted("sheet")
        case "tax", [one]:
            return _counted("entry", one)
    return shares.get(head)


def _counted(head: str, *first: str) -> Counted:
    def counted(tally: Tally) -> tuple[int, int]:
        return tally.total(head, *first), 0

    return counted
