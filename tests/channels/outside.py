"""The other side of a channel, for tests: a real server on this machine that answers what it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Outside:
    """What was asked of the server, and what it answers by path: (status, body, content type).

    `promises` is how many bytes it says that its answers have, where that isn't so.
    """

    address: str
    answers: dict[str, tuple[int, bytes, str]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    promises: int = 0

    def say(self, path: str, body: Any, status: int = 200, content_type: str = "application/json") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[path] = (status, raw, content_type)


@contextmanager
def outside(settings: Any, body: Any = None, status: int = 200) -> Generator[Outside]:
    """Run the server, named as one that Baton may connect to; every path that isn't told apart answers `body`."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            there.asked.append(Asked(self.command, self.path, headers, self.rfile.read(length)))
            code, raw, kind = there.answers.get(self.path) or (status, json.dumps(body or {}).encode(), "text/plain")
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(there.promises or len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = f"127.0.0.1:{server.server_port}"
    settings.BATON_INSIDE = [*settings.BATON_INSIDE, host]
    there = Outside(f"http://{host}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
