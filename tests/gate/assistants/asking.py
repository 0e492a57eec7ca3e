"""An assistant as tests need it: a token lent by a member, and one call of a tool over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.test import Client

from baton.gate.access import tokens
from baton.kernel.clock import now
from baton.members.models import Member

VERSION = "2026-07-28"
META = {
    "io.modelcontextprotocol/protocolVersion": VERSION,
    "io.modelcontextprotocol/clientCapabilities": {},
}


class Assistant:
    """A program with a token that asks `/mcp` in the way of today's protocol, one request at a time."""

    def __init__(self, member: Member, *scopes: str, secret: str = "") -> None:
        self.client = Client()
        asked = scopes or ("read", "messages", "suggest")
        self.secret = secret or tokens.make("Helper", asked, days=30, by=member, at=now() - timedelta(hours=1))[1]

    def post(self, body: Any, **headers: str) -> Any:
        told = {"Authorization": f"Bearer {self.secret}", "Accept": "application/json, text/event-stream"}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post("/mcp", raw, "application/json", headers=told | headers)

    def ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        named = {"Mcp-Name": str((params or {}).get("name"))} if method == "tools/call" else {}
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": (params or {}) | {"_meta": META}}
        return self.post(body, **{"MCP-Protocol-Version": VERSION, "Mcp-Method": method} | named).json()

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return what the tool said, or {"refused": sentence}."""
        answer = self.ask("tools/call", {"name": tool, "arguments": arguments})
        if "error" in answer:
            return {"refused": answer["error"]["message"]}
        result = answer["result"]
        return {"refused": result["content"][0]["text"]} if result["isError"] else result["structuredContent"]
