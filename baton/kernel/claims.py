"""Claims: rows of our own tables are the queue.

What is not done yet is a row with a `due_at`. A loop claims what is due by moving `due_at` past a lease, so that a
worker that dies loses nothing: its rows fall due again. Done is `due_at` None. Whoever adds work rings the bell on
commit, so that nothing waits for a poll.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import close_old_connections, connection, models, transaction
from django.db.models import F

from baton.kernel.writer import writing

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
PAUSE_AFTER_ERROR = 2.0


class Claimable(models.Model):
    """A row that somebody still has to work on. `tries` counts claims, `last_error` says what went wrong last."""

    due_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        abstract = True

    def put_off(self, why: str, at: datetime) -> None:
        """Have this row tried again later; the wait doubles with every try, up to an hour."""
        self.last_error = why[:400]
        self.due_at = at + backoff(self.tries)
        self.save(update_fields=["last_error", "due_at"])


Row = TypeVar("Row", bound=Claimable)


def backoff(tries: int) -> timedelta:
    """Return how long to wait after so many tries."""
    return min(FIRST_WAIT * 2 ** min(max(tries - 1, 0), 20), LONGEST_WAIT)


def claim(rows: models.QuerySet[Row], *, limit: int, at: datetime, lease: timedelta = LEASE) -> list[Row]:
    """Take up to `limit` rows that are due, oldest first, for as long as the lease; nobody else gets them meanwhile."""
    with writing():
        due = rows.filter(due_at__lte=at).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        taken = list(due[:limit])
        rows.filter(pk__in=[row.pk for row in taken]).update(due_at=at + lease, tries=F("tries") + 1)
    for row in taken:
        row.due_at, row.tries = at + lease, row.tries + 1
    return taken


_bells: dict[str, threading.Event] = defaultdict(threading.Event)


def ring(name: str) -> None:
    """Wake the loop of this name once the running transaction has been committed."""
    transaction.on_commit(_bells[name].set)


def wait_for(name: str, seconds: float) -> None:
    """Sleep until somebody rings, or for so many seconds: another process rings no bell here."""
    _bells[name].wait(seconds)
    _bells[name].clear()


def loop(name: str, step: Callable[[], Any], stop: threading.Event, *, poll: float = 5.0) -> None:
    """Call `step` until told to stop, at once again while it finds work. A database that is away is waited for.

    `stop_loop` ends it without a delay.
    """
    while not stop.is_set():
        try:
            busy = step()
        except Exception:
            log.exception("%s: a step failed; trying again", name)
            busy = False
            stop.wait(PAUSE_AFTER_ERROR)
        if not busy and not stop.is_set():
            close_old_connections()
            wait_for(name, poll)


def stop_loop(name: str, stop: threading.Event) -> None:
    """Tell a loop to stop and wake it."""
    stop.set()
    _bells[name].set()
