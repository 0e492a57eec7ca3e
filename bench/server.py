"""Processes of Baton that are measured, and a plain HTTP client that keeps its connection."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.places import ROOT, Place

PATIENCE = 90.0
CSRF = "b" * 32
KB = 1024


@dataclass(slots=True)
class Process:
    """A running `baton …`, with the port that it said it answers on."""

    running: subprocess.Popen[str]
    port: int
    said: list[str]

    def memory(self) -> tuple[float, float]:
        """Return the resident memory in MB: of the process itself, and of its children together."""
        return _resident(self.running.pid), sum(_resident(child) for child in _children(self.running.pid))

    def worked(self) -> float:
        """Return the seconds of processor time that the process has had."""
        return worked(self.running.pid)


def worked(pid: int) -> float:
    """Return the seconds of processor time that a process has had, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def baton(place: Place, *command: str) -> Iterator[Process]:
    """Run a command of Baton until the block ends; it begins when the process says that it answers."""
    running = subprocess.Popen(
        [sys.executable, "-m", "manage", *command],
        cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        port, said = _port(running)
        yield Process(running, port, said)
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _port(running: subprocess.Popen[str]) -> tuple[int, list[str]]:
    said = []
    assert running.stdout is not None
    for line in running.stdout:
        said.append(line.strip())
        found = re.search(r"answers at http://[^:]+:(\d+)/", line)
        if found:
            return int(found.group(1)), said
    raise SystemExit("Baton did not start: " + " ".join(said))


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found + [further for child in found for further in _children(child)]


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / KB / KB


IDLE = 60
"""Seconds after which a line is opened anew."""


@dataclass(slots=True)
class Visitor:
    """Somebody signed in, on one connection that stays open while they are at work."""

    port: int
    session: str
    connection: http.client.HTTPConnection = field(init=False)
    asked_at: float = 0.0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _be_connected(self) -> None:
        """Open the line anew after a pause: the server closes one on which nobody asks for two minutes."""
        if time.monotonic() - self.asked_at > IDLE:
            self.connection.close()
            self.connection.connect()
        self.asked_at = time.monotonic()

    def get(self, path: str, **headers: str) -> tuple[float, str]:
        """Return the milliseconds until the answer was here in full, and the page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **values: Any) -> tuple[float, str]:
        """Send a form and return the milliseconds until it was answered, and what was answered."""
        headers = {"X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(values).encode(), headers)

    def sent(self, path: str, body: bytes, headers: dict[str, str]) -> str:
        """Send a form with a file, and return where it leads."""
        told = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", **headers}
        self._be_connected()
        self.connection.request("POST", path, body=body, headers=told)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 302:
            raise RuntimeError(f"POST {path} was answered {answer.status}: {content[:600].decode(errors='replace')}")
        return answer.headers["Location"]

    def raw(self, path: str) -> bytes:
        """Return a file."""
        self._be_connected()
        self.connection.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
        return self.connection.getresponse().read()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[float, str]:
        told = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "Accept-Encoding": "identity", **headers}
        self._be_connected()
        began = time.perf_counter()
        self.connection.request(method, path, body=body, headers=told)
        answer = self.connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status >= 400 or "/account/login" in (answer.headers.get("Location") or ""):
            raise RuntimeError(
                f"{method} {path} was answered {answer.status}: {content[:600].decode(errors='replace')}"
            )
        return took, content.decode()
