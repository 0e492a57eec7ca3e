"""Staying with a connection: a thread for each that is told at once when something comes, beside the loop that polls.

Only a process that works does this (`baton start`, `baton worker`). A connection is stayed with by the process whose
loop last claimed it: staying keeps the claim fresh, so that nobody else listens; when the thread ends, for whatever
reason, the row falls due and is listened to as usual.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import close_old_connections
from django.db import connection as database

if TYPE_CHECKING:
    from baton.capture.channels import Line
    from baton.capture.models import Connection

log = logging.getLogger(__name__)
PATIENCE = 8.0


class Ending:
    """A pipe that says “end”, so that a thread can wait for it and for a socket at once."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._lock, self._open = threading.Lock(), True
        self.said = threading.Event()

    def fileno(self) -> int:
        """Return what `select` can wait for."""
        return self._read

    def say(self) -> None:
        """Say it, to whoever waits now or later."""
        with self._lock:
            if self._open and not self.said.is_set():
                os.write(self._write, b".")
            self.said.set()

    def wait_beside(self, sock: Any, seconds: float) -> bool:
        """Wait until the socket has something to read, so many seconds, or the end; return whether it has."""
        poller = select.poll()
        poller.register(sock.fileno(), select.POLLIN)
        poller.register(self._read, select.POLLIN)
        return any(number != self._read for number, _event in poller.poll(seconds * 1000))

    def close(self) -> None:
        """Give the pipe back; nobody may wait for it any more."""
        with self._lock:
            self._open = False
            os.close(self._read)
            os.close(self._write)


class _Stays:
    """The threads of this process, by connection; None of it runs outside `staying()`."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.on = False
        self.there: dict[UUID, tuple[threading.Thread, Ending]] = {}


_stays = _Stays()


@contextmanager
def staying() -> Generator[None]:
    """Stay with connections until the block ends."""
    _stays.on = True
    try:
        yield
    finally:
        _stays.on = False
        with _stays.lock:
            there = list(_stays.there.values())
        for _thread, ending in there:
            ending.say()
        for thread, _ending in there:
            thread.join(timeout=PATIENCE)


def stay_with(connection: Connection, line: Line) -> None:
    """Begin to stay with a connection that was just listened to, unless this process does so already."""
    if line.stay is None:
        return
    with _stays.lock:
        if not _stays.on or connection.pk in _stays.there:
            return
        ending = Ending()
        thread = threading.Thread(
            target=_stay, args=(connection, line, ending), name=f"{connection.channel}-{connection.pk}", daemon=True
        )
        _stays.there[connection.pk] = thread, ending
    thread.start()


def _stay(connection: Connection, line: Line, ending: Ending) -> None:
    assert line.stay is not None
    try:
        line.stay(connection, ending)
    except Exception:
        log.exception("%s: staying with %s failed", connection.channel, connection.pk)
    finally:
        with _stays.lock:
            _stays.there.pop(connection.pk, None)
        ending.close()
        with suppress(Exception):
            close_old_connections()
            database.close()
