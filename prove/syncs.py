"""Trace the system calls of the receiver: the disk has a mail before its 250: `python -m prove.syncs MAILS`.

SQLite: the receiver itself syncs the log of the database. PostgreSQL: the server syncs its own (`pg_wal`), so that it
is traced too; both traces bear the time of the same clock.
"""

from __future__ import annotations

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.places import ROOT
from prove.business import CUSTOMER, found
from prove.mails import mail
from prove.tracing import Answered, Done, answers, calls
from tests.dovecot import free_port

SENDERS = 4
TRACE = ("strace", "-f", "-ttt", "-T", "-y", "-s", "16", "-o")
WATCHED = "trace=fsync,fdatasync,sendto,sendmsg,recvfrom,recvmsg"
LOGS = {"sqlite": re.compile(r"\.sqlite3-wal>"), "postgresql": re.compile(r"/pg_wal/")}
TRACED = {"sqlite": "the receiver", "postgresql": "the receiver and of the server"}


def main(count: int) -> None:
    """Send mails, and print as one line of JSON how many were on the disk when they were acknowledged."""
    owner = found()
    from django.db import connection

    from baton.capture.addresses import address_of
    from baton.kernel.clock import now

    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with _server_traced(connection.vendor, Path(folder)), _receiver_traced(port, Path(folder)):
            _send_all(port, address_of(owner), [mail(number, now()) for number in range(count)])
        given = _read(connection.vendor, Path(folder))
    print(json.dumps(_told(given, count, connection.vendor)))


@contextmanager
def _receiver_traced(port: int, folder: Path) -> Iterator[None]:
    command = [*TRACE, str(folder / "receiver"), "-e", WATCHED, sys.executable, "-m", "manage", "receive"]
    running = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield
    finally:
        for child in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGTERM)
        running.wait(timeout=30)


@contextmanager
def _server_traced(vendor: str, folder: Path) -> Iterator[None]:
    """Trace the PostgreSQL server and all that it starts from now on; its own log is synced by who commits."""
    if vendor != "postgresql":
        yield
        return
    pid = (Path(_asked("SHOW data_directory")) / "postmaster.pid").read_text().split()[0]
    tracing = subprocess.Popen([*TRACE, str(folder / "server"), "-e", WATCHED, "-p", pid], stderr=subprocess.PIPE)
    assert tracing.stderr is not None
    tracing.stderr.readline()
    try:
        yield
    finally:
        tracing.send_signal(signal.SIGINT)
        tracing.wait(timeout=30)


def _asked(statement: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])


def _wait_for(port: int) -> None:
    for _attempt in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                if line.recv(3):
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the receiver did not start")


def _send_all(port: int, to: str, raws: list[bytes]) -> None:
    def send(some: list[bytes]) -> None:
        with smtplib.SMTP("127.0.0.1", port, timeout=120) as line:
            for raw in some:
                line.sendmail(CUSTOMER, [to], raw)

    senders = [threading.Thread(target=send, args=[raws[number::SENDERS]]) for number in range(SENDERS)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()


def _read(vendor: str, folder: Path) -> list[Answered]:
    receiver = list(calls((folder / "receiver").read_text(errors="replace").splitlines()))
    syncing = receiver if vendor == "sqlite" else list(calls((folder / "server").read_text().splitlines()))
    return answers(receiver, [one for one in syncing if _of_the_log(one, vendor)])


def _of_the_log(one: Done, vendor: str) -> bool:
    return bool(LOGS[vendor].search(one.place))


def _told(given: list[Answered], count: int, vendor: str) -> dict[str, Any]:
    synced = [one for one in given if one.sync]
    waits = sorted((one.at - one.sync.ended) * 1000 for one in synced if one.sync)
    between = f"; the 250 came {waits[0]:.1f} to {waits[-1]:.1f} ms after it" if waits else ""
    name = synced[0].sync.name if synced and synced[0].sync else "no sync"
    return {
        "tried": f"strace of {TRACED[vendor]} while {count} mails are sent by {SENDERS} at once",
        "found": (
            f"{len(synced)} of {len(given)} answers 250 have a whole {name} of the log between the mail's last byte "
            f"and themselves{between}"
        ),
        "answers": len(given),
        "synced": len(synced),
        "kept": len(given) == len(synced) == count,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
