"""How many messages are filed under the account where their owner had filed them, by themselves."""

from __future__ import annotations

from baton.kernel.clock import now
from bench.accounts import Tally, file_all, rows_of
from bench.figures import Figure
from bench.places import SHARED

MOST_WRONG, MOST_IN_INBOX = 2, 10
"""Percent of the messages that name somebody outside the company with an address."""


def figures() -> list[Figure]:
    """Return the share that went wrong and the share left in Inbox. The mail among colleagues is told, not judged."""
    found = file_all(SHARED / "data", rows_of(SHARED / "data"), now())
    outside, inside = found["outside"], found["inside"]
    note = f"of {outside.total} with an address outside: {outside}; of {inside.total} among colleagues: {inside}"
    return [
        _row("filed-wrong", "Mail filed under a wrong account", MOST_WRONG, outside, "wrong", note),
        _row("left-in-inbox", "Mail of an account left in Inbox", MOST_IN_INBOX, outside, "inbox", ""),
    ]


def _row(key: str, what: str, goal: float, tally: Tally, place: str, note: str) -> Figure:
    share = tally.share(place) * 100
    return Figure(key, what, goal, "%", share, share, note=note)
