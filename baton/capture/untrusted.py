"""The one door for reading what strangers send: a small, limited child process.

The child has a cap on memory, no secrets in its environment and no Django. The parent holds the deadline, kills a
child that overruns or dies, starts another, and tells the caller in a sentence what happened. Only functions that
were allowed by name can be asked for, and only Baton's own plain values come back.
"""

import atexit
import contextlib
import io
import os
import pickle
import queue
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

DEFAULT_SECONDS = 2.0
SECONDS_TO_START = 20.0
BYTES_PER_EXTRA_SECOND = 10_000_000
MOST_ANSWER_BYTES = 400_000_000
LONGEST_FOR_ALL = 10.0
JOBS_PER_CHILD = 20_000  # then a fresh one, so that no leak grows
FRAME = struct.Struct(">Q")
PLAIN_VALUES = {
    "datetime": {"datetime", "date", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID"},
    "builtins": {"frozenset", "set", "bytearray"},
    "baton.capture.untrusted": {"Unreadable"},
}


class Unreadable(Exception):
    """Nothing could be read; `str()` is the sentence for people."""


class _ChildLost(Exception):
    """The child is gone or too late; `str()` says which. What only found it dead is tried once more."""

    def __init__(self, sentence: str, *, try_again: bool = False) -> None:
        super().__init__(sentence)
        self.try_again = try_again


_allowed: set[str] = set()
_answers: dict[str, set[str]] = {}


def allow(function: str, *, answers: Sequence[str] = ()) -> str:
    """Let the child be asked for a function by its dotted name (`baton.channels.email.reading.read_mail`).

    `answers` are the dotted names of the classes that may come back from it, besides plain values.
    """
    _allowed.add(function)
    for each in answers:
        module, _, name = each.rpartition(".")
        _answers.setdefault(module, set()).add(name)
    return function


def parse_untrusted(function: str, payload: Any, *, seconds: float = DEFAULT_SECONDS, **options: Any) -> Any:
    """Call an allowed function with foreign input in the limited child and return what it returns.

    Raises `Unreadable` where the function does, and where it takes longer than `seconds`, needs too much memory or
    brings the child down. `options` must be plain values. What may take long has a child of its own, so that mail
    doesn't wait for it.
    """
    pool = _pool if seconds <= LONGEST_FOR_ALL else _slow_pool
    (answer,) = pool.run(function, [payload], seconds, options)
    if isinstance(answer, Unreadable):
        raise answer
    return answer


def parse_many(function: str, payloads: Sequence[Any], *, seconds: float = DEFAULT_SECONDS, **options: Any) -> list:
    """Like `parse_untrusted` for a batch in one round trip; an `Unreadable` stands where its input couldn't be read.

    Each answer comes as soon as it is there, so `seconds` is for one input, and only the culprit is lost.
    """
    return list(_pool.run(function, list(payloads), seconds, options))


def start_reading() -> None:
    """Start a child now rather than at the first message; call before threads are busy, returns at once."""
    threading.Thread(target=_pool.warm_up, name="baton-reading-start", daemon=True).start()


def reading_processes() -> list[int]:
    """The process ids of the children that are running, for whoever watches memory."""
    return sorted(_pool.processes() + _slow_pool.processes())


def stop_reading() -> None:
    """End every child and wait for it."""
    _pool.close()
    _slow_pool.close()


class _Pool:
    """At most `size` children, started when first needed, handed to one caller at a time."""

    def __init__(self, size: int) -> None:
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._children: set[_Child] = set()
        self._lock = threading.Lock()
        for _ in range(size):
            self._places.put(None)

    def run(self, function: str, payloads: list, seconds: float, options: dict) -> Iterator[Any]:
        if function not in _allowed:
            raise LookupError(f"{function} isn't allowed to read foreign input; see baton.capture.untrusted.allow.")
        done, tried_twice = 0, -1
        while done < len(payloads):
            with self._child() as child:
                try:
                    for answer in child.ask(function, payloads[done:], seconds, options):
                        done += 1
                        yield answer
                    continue
                except _ChildLost as lost:
                    self._discard(child)
                    if lost.try_again and tried_twice != done:
                        tried_twice = done
                        continue
                    answer = Unreadable(str(lost))
            done += 1
            yield answer

    def warm_up(self) -> None:
        with contextlib.suppress(Unreadable), self._child():
            pass

    def processes(self) -> list[int]:
        with self._lock:
            return sorted(child.pid for child in self._children if child.is_running())

    def close(self) -> None:
        with self._lock:
            children, self._children = self._children, set()
        for child in children:
            child.kill()

    @contextlib.contextmanager
    def _child(self) -> Generator["_Child"]:
        child = self._places.get()
        try:
            if child is None or not child.is_fit():
                child = self._replace(child)
            yield child
        except GeneratorExit:
            self._discard(child)  # answers nobody waited for are still in the pipe
            raise
        finally:
            self._places.put(child if child in self._children else None)

    def _replace(self, old: "_Child | None") -> "_Child":
        if old is not None:
            self._discard(old)
        child = _Child()
        with self._lock:
            self._children.add(child)
        return child

    def _discard(self, child: "_Child | None") -> None:
        if child is not None:
            with self._lock:
                self._children.discard(child)
            child.kill()


class _Child:
    """One process and the socket to it."""

    def __init__(self) -> None:
        here, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", "-m", "baton.capture.child", str(there.fileno())],
                pass_fds=[there.fileno()],
                env=_clean_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._socket = here
        self._owner = os.getpid()
        self._jobs = 0

    def is_fit(self) -> bool:
        return self._jobs < JOBS_PER_CHILD and self.is_running()

    def is_running(self) -> bool:
        return self._owner == os.getpid() and self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, function: str, payloads: list, seconds: float, options: dict) -> Iterator[Any]:
        """The answers in order, each within its time; `_ChildLost` in place of the first that doesn't come."""
        request = pickle.dumps((function, payloads, options, seconds), protocol=5)
        extra = SECONDS_TO_START if self._jobs == 0 else 0.0
        self._jobs += len(payloads)
        self._send(request, time.monotonic() + seconds + extra + len(request) / BYTES_PER_EXTRA_SECOND)
        for payload in payloads:
            size = len(payload) if isinstance(payload, (bytes, str)) else 0
            yield self._answer(seconds, extra + size / BYTES_PER_EXTRA_SECOND)
            extra = 0.0

    def _send(self, request: bytes, deadline: float) -> None:
        try:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.01))
            self._socket.sendall(FRAME.pack(len(request)))
            self._socket.sendall(request)
        except OSError as why:
            raise _ChildLost(
                f"The reading process ended before the message reached it ({type(why).__name__}).", try_again=True
            ) from why

    def _answer(self, seconds: float, extra: float) -> Any:
        deadline = time.monotonic() + seconds + extra
        try:
            (size,) = FRAME.unpack(self._receive(FRAME.size, deadline))
            if size > MOST_ANSWER_BYTES:
                raise _ChildLost("What was read out of it is too large to keep.")
            return _PlainUnpickler(io.BytesIO(self._receive(size, deadline))).load()
        except TimeoutError as why:
            raise _ChildLost(f"Reading it took longer than {seconds:g} seconds.") from why
        except OSError as why:
            raise _ChildLost(
                "Reading it brought the reading process down; it may need more memory than allowed.", try_again=True
            ) from why
        except (pickle.UnpicklingError, EOFError, AttributeError, ValueError) as why:
            raise _ChildLost("The reading process answered with something else than a message.") from why

    def _receive(self, size: int, deadline: float) -> bytearray:
        received, view_at = bytearray(size), 0
        view = memoryview(received)
        while view_at < size:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError
            self._socket.settimeout(remaining)
            count = self._socket.recv_into(view[view_at:])
            if count == 0:
                raise ConnectionResetError
            view_at += count
        return received

    def kill(self) -> None:
        self._socket.close()
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()


class _PlainUnpickler(pickle.Unpickler):
    """Takes plain values and the answers' own classes; a child gone bad can name nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if name in PLAIN_VALUES.get(module, ()) or name in _answers.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value.")


def _clean_environment() -> dict[str, str]:
    """What the interpreter needs and nothing else: no passwords, keys or database addresses."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }


_pool = _Pool(int(os.environ.get("BATON_READERS", "1")))
_slow_pool = _Pool(1)


def _forget_children() -> None:
    """After a fork the children belong to the parent; the copy starts its own."""
    global _pool, _slow_pool
    _pool, _slow_pool = _Pool(int(os.environ.get("BATON_READERS", "1"))), _Pool(1)


atexit.register(stop_reading)
os.register_at_fork(after_in_child=_forget_children)
