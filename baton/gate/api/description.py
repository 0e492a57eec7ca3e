"""OpenAPI 3.1 of the API under the map in force: made from the operations and the schemas, and from nothing else."""

from __future__ import annotations

from typing import Any

from baton.gate.api.examples import example_of
from baton.gate.api.operations import Operation, Parameter, operations
from baton.gate.api.problems import TYPE
from baton.gate.api.schemas import shapes_in_force
from baton.gate.api.shapes import ID, ref

ALWAYS = (401, 403, 422, 429)
SAID = {
    400: "What was sent isn't JSON.",
    401: "No token, or one that isn't good.",
    403: "The token doesn't allow it, or the member may only read.",
    404: "There is nothing here that you can see.",
    405: "That can't be asked here.",
    409: "Somebody changed it meanwhile, or the key is taken: what changed stands in `changes`.",
    413: "More than Baton takes at once.",
    415: "Send JSON.",
    422: "It can't be done, and why; or it hasn't the shape that is wanted, and where.",
    429: "Too often: come again after `Retry-After` seconds.",
    500: "A fault of Baton's, with a reference that is in its log.",
}
INTRODUCTION = """\
A program acts as the member who lent it a token and never more: what they may not see is not there (404), and what it \
records says that it came through it, counts as said, and proves no stage.

Lists come in pages: send `next` back as `cursor`. `fields=` gives only the members that you name. Writes take an \
`Idempotency-Key`; sent again within two days, the same request has the same answer and is done once. To change a \
record, send the `version` that you looked at: where somebody was quicker, nothing is written and 409 says what changed.
"""


def described() -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, Any] = {}
    for one in operations():
        path = paths.setdefault(one.path, _path(one))
        path[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Baton", "version": "1", "description": INTRODUCTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": group} for group in dict.fromkeys(one.group for one in operations())],
        "paths": paths,
        "components": {
            "schemas": shapes_in_force().schemas,
            "responses": {str(status): _problem(status, said) for status, said in SAID.items()},
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A personal token, or one of OAuth 2.1."}
            },
        },
    }


IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Sent again with the same key, the same request is done once and has the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "example": "6f8a4a52-0b8e-5d55-9c5e-0b1f6f0c7a10",
}


def _path(one: Operation) -> dict[str, Any]:
    if not one.has_id:
        return {}
    return {"parameters": [{"name": "id", "in": "path", "required": True, "schema": ID}]}


def _operation(one: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.summary,
        "description": f"Wants the right `{one.scope}`.",
        "tags": [one.group],
        "parameters": [_parameter(each) for each in one.parameters()],
        "responses": _responses(one),
    }
    if one.takes:
        made["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
        content = {"schema": ref(one.takes), "example": example_of(one.takes)}
        made["requestBody"] = {"required": True, "content": {"application/json": content}}
    return made


def _parameter(each: Parameter) -> dict[str, Any]:
    schema = {"type": "array", "items": each.schema} if each.many else each.schema
    told = {"name": each.name, "in": "query", "description": each.text, "schema": schema}
    return told | ({"example": each.example} if each.example is not None else {})


def _responses(one: Operation) -> dict[str, Any]:
    content = {"application/json": {"schema": ref(one.gives)}}
    told: dict[str, Any] = {"200": {"description": one.summary, "headers": HEADERS, "content": content}}
    if one.makes:
        place = {"Location": {"description": "Where it is from now on.", "schema": {"type": "string"}}}
        told["201"] = {"description": "It was made.", "headers": HEADERS | place, "content": content}
    refused = {*ALWAYS}
    refused |= {404} if one.has_id else set()
    refused |= {400, 404, 409, 413, 415} if one.takes else set()
    return told | {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(refused)}


HEADERS = {
    "RateLimit": {"description": "How many requests are left in this minute.", "schema": {"type": "string"}},
    "RateLimit-Policy": {"description": "How many there are in a minute.", "schema": {"type": "string"}},
}


def _problem(status: int, said: str) -> dict[str, Any]:
    told: dict[str, Any] = {"description": said, "content": {TYPE: {"schema": ref("Problem")}}}
    if status == 429:
        told["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    return told
