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
