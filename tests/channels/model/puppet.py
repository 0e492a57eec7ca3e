"""A model that obeys whatever a message orders: the worst reader that somebody could plug in."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class Puppet:
    """Answers with what `answer` makes of the message's text; `asked` are the questions as they came."""

    answer: Callable[[str], Any]
    status: int = 200
    port: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/v1"


@contextmanager
def puppet(answer: Callable[[str], Any]) -> Iterator[Puppet]:
    """Run one on this machine until the block ends."""
    model = Puppet(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(question)
            model.keys.append(self.headers.get("Authorization", ""))
            content = model.answer(question["messages"][-1]["content"])
            content = content if isinstance(content, str) else json.dumps(content)
            body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
            self.send_response(model.status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("localhost", 0), Handler)
    model.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
