"""The limited process that reads foreign input. Started by `capture.untrusted`; imports no Django.

Asked over a socket, a frame at a time: (function, payloads, options, seconds) in, one answer for each payload out.
"""

import gc
import importlib
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from baton.capture.untrusted import FRAME, Unreadable

MOST_MEMORY_BYTES = 512 * 1024 * 1024  # a 50 MB message takes about 250 MB
SECONDS_OF_GRACE = 60  # the parent kills on time; this ends an orphan whose parent was killed first


def main() -> None:
    limit()
    gc.set_threshold(50_000, 20, 20)  # messages are trees without cycles; the default would walk them all the time
    channel = socket.socket(fileno=int(sys.argv[1]))
    with channel, channel.makefile("rb") as incoming, channel.makefile("wb") as outgoing:
        while len(header := incoming.read(FRAME.size)) == FRAME.size:
            function, payloads, options, seconds = _request(incoming.read(*FRAME.unpack(header)))
            reader = _function(function)
            for payload in payloads:
                signal.alarm(int(seconds) + SECONDS_OF_GRACE)
                answer = _packed(_answer(reader, payload, options))
                outgoing.write(FRAME.pack(len(answer)))
                outgoing.write(answer)
                outgoing.flush()
            signal.alarm(0)


def _request(frame: bytes) -> tuple[str, list, dict, float]:
    """What the parent asks; the parent is trusted, so its pickle is."""
    return pickle.loads(frame)  # noqa: S301


def limit() -> None:
    """Memory is capped, no file is written, no core is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _function(name: str) -> Callable:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def _answer(reader: Callable, payload: Any, options: dict) -> Any:
    try:
        return reader(payload, **options)
    except Unreadable as why:
        return why
    except MemoryError:
        return Unreadable("Reading it needs more memory than allowed.")
    except RecursionError:
        return Unreadable("It is nested too deeply to be read.")
    except Exception as why:  # noqa: BLE001  a reader's failure is an answer here, whatever it is
        return Unreadable(f"Reading it failed ({type(why).__name__}).")


def _packed(answer: Any) -> bytes:
    try:
        return pickle.dumps(answer, protocol=5)
    except MemoryError:
        return pickle.dumps(Unreadable("What was read out of it needs more memory than allowed."), protocol=5)


if __name__ == "__main__":
    main()
