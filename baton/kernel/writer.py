"""The writer's lock: one write transaction at a time per process on SQLite, so that none waits in the dark.

SQLite lets one connection write; a second one polls until its timeout. Queueing in the process
instead keeps page writes quick while mail pours in. PostgreSQL needs none of it.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection, transaction

_turn = threading.RLock()


@contextmanager
def writing() -> Generator[None]:
    """Hold the writer's turn and one transaction; no network and no parsing inside."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    with _turn, transaction.atomic():
        yield


@contextmanager
def unacknowledged() -> Generator[None]:
    """Let this connection's commits return before they are on the disk, as long as nobody is told that they are kept.

    For long work that goes on where it stood: a power cut takes its last steps together, and never a part of one. The
    next commit outside waits for the disk, and all that came before it is there with it.
    https://www.sqlite.org/pragma.html#pragma_synchronous, PostgreSQL: synchronous_commit.
    """
    if connection.in_atomic_block:  # its end is what waits
        yield
        return
    before = _syncing()
    _sync_less()
    try:
        yield
    finally:
        _sync_again(before)


def _syncing() -> str:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit")
        return str(cursor.fetchone()[0])


def _sync_less() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA synchronous=NORMAL" if connection.vendor == "sqlite" else "SET synchronous_commit TO off"
        )


def _sync_again(before: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA synchronous={int(before)}")
        else:
            cursor.execute("SELECT set_config('synchronous_commit', %s, false)", [before])
