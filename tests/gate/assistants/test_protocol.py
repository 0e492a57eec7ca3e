"""The protocol at `/mcp`: today's and those before it, by hand and by the official client."""

import asyncio
import threading
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from baton.capture import suggestions
from tests.cast import Cast
from tests.gate.assistants.asking import META, Assistant

TOOLS = {
    "find", "read", "explain_number", "draft_reply", "propose_facts", "propose_next_step", "prepare_handoff",
    "fill_request",
}  # fmt: skip


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}


@pytest.fixture
def assistant(db) -> Assistant:
    return Assistant(Cast().ana)


def modern(assistant, body, version="2026-07-28", method="", **headers) -> tuple[int, dict[str, Any]]:
    told = {"MCP-Protocol-Version": version, "Mcp-Method": method or body["method"]} | headers
    answer = assistant.post(body, **told)
    return answer.status_code, answer.json()


def test_today_s_protocol_discovers_lists_and_answers_without_a_handshake(assistant):
    status, told = modern(assistant, request("server/discover", _meta=META))
    _status, listed = modern(assistant, request("tools/list", _meta=META))

    assert (status, told["result"]["supportedVersions"], told["result"]["resultType"]) == (
        200,
        ["2026-07-28"],
        "complete",
    )
    assert {tool["name"] for tool in listed["result"]["tools"]} == TOOLS
    assert listed["result"]["cacheScope"] == "private"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": "2099-01-01"}, -32022),
        ({"method": "tools/call"}, -32020),
        ({"body": request("tools/list")}, -32602),
        (
            {"body": request("tools/list", _meta=META | {"io.modelcontextprotocol/protocolVersion": "2025-11-25"})},
            -32020,
        ),
        ({"body": request("tools/call", _meta=META, name="read"), "Mcp-Name": "find"}, -32020),
        ({"body": request("tools/call", _meta=META, name="drop"), "Mcp-Name": "drop"}, -32602),
        ({"body": [request("tools/list")], "method": "tools/list"}, -32600),
        ({"body": b"{", "method": "tools/list"}, -32700),
        ({"body": b"[" * 100_000, "method": "tools/list"}, -32700),
        ({"body": {"jsonrpc": "2.0", "id": None, "method": "ping"}}, -32600),
    ],
)
def test_what_disagrees_with_itself_or_is_no_request_is_told_so_with_400(assistant, change, code):
    told = {"body": request("tools/list", _meta=META)} | change

    status, answer = modern(assistant, **told)

    assert (status, answer["error"]["code"]) == (400, code)


def test_a_method_that_is_not_there_is_404_today_and_an_error_with_200_before(assistant):
    status, answer = modern(assistant, request("resources/list", _meta=META))
    before = assistant.post(request("resources/list"))

    assert (status, answer["error"]["code"]) == (404, -32601)
    assert (before.status_code, before.json()["error"]["code"]) == (200, -32601)


@pytest.mark.parametrize(
    ("offered", "agreed"), [("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"), ("2024-01-01", "2025-11-25")]
)
def test_the_protocols_before_begin_with_a_handshake_and_get_no_session(assistant, offered, agreed):
    answer = assistant.post(request("initialize", protocolVersion=offered, capabilities={}, clientInfo={}))
    noted = assistant.post(
        {"jsonrpc": "2.0", "method": "notifications/initialized"}, **{"MCP-Protocol-Version": agreed}
    )
    ping = assistant.post(request("ping"), **{"MCP-Protocol-Version": agreed})

    assert answer.json()["result"]["protocolVersion"] == agreed
    assert "Mcp-Session-Id" not in answer.headers
    assert (noted.status_code, noted.content, ping.json()["result"]) == (202, b"", {})


def test_there_is_nothing_to_listen_to_and_foreign_pages_and_strangers_are_refused(assistant):
    body = request("ping")
    statuses = [
        assistant.client.get("/mcp").status_code,
        assistant.client.delete("/mcp").status_code,
        assistant.post(body, Origin="https://evil.example").status_code,
        assistant.post(body, Origin="null").status_code,
        assistant.post(body, Origin="http://testserver").status_code,
        assistant.post(body, Accept="text/html").status_code,
        assistant.post(body, Authorization="").status_code,
        assistant.post(body, Authorization="Bearer made-up").status_code,
        assistant.post(b"x" * (1024 * 1024 + 1)).status_code,
    ]

    assert statuses == [405, 405, 403, 403, 200, 406, 401, 401, 413]
    stranger = assistant.post(body, Authorization="")
    assert 'resource_metadata="http' in stranger.headers["WWW-Authenticate"]
    assert stranger.headers["WWW-Authenticate"].endswith('/.well-known/oauth-protected-resource/mcp"')


def test_the_official_client_works_with_todays_protocol_and_with_the_one_before(live_server):
    cast = Cast()
    deal, secret = cast.deal(), Assistant(cast.ana).secret

    told = [in_a_thread(asking(f"{live_server.url}/mcp", secret, deal, mode)) for mode in ("auto", "legacy")]

    assert [(one["version"], one["tools"]) for one in told] == [("2026-07-28", TOOLS), ("2025-11-25", TOOLS)]
    assert [(one["read"], one["state"], one["wrong"]) for one in told] == [("Quayside Tower", "suggested", True)] * 2
    assert len(suggestions.waiting_on([deal.pk], cast.ana)) == 2


async def asking(address: str, secret: str, deal: Any, mode: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as line, over(address, line, mode) as client:
        listed = await client.list_tools()
        read = await client.call_tool("read", {"kind": "deal", "id": str(deal.pk)})
        facts = [{"field": "need", "value": f"gritting, {mode}"}]
        proposed = await client.call_tool("propose_facts", {"deal": str(deal.pk), "facts": facts})
        wrong = await client.call_tool("read", {"kind": "deal", "id": "x"})
        return {
            "version": client.protocol_version,
            "tools": {tool.name for tool in listed.tools},
            "read": read.structured_content["values"]["title"]["value"],
            "state": proposed.structured_content["state"],
            "wrong": wrong.is_error,
        }


def over(address: str, line: httpx2.AsyncClient, mode: Any) -> Client:
    return Client(streamable_http_client(address, http_client=line), mode=mode)


def in_a_thread(asked: Any) -> Any:
    """Run it where no other loop runs: the browser tests leave one in this thread."""
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(asked)))
    thread.start()
    thread.join()
    return found[0]
