"""Many writes in one request: each for itself, in the order in which they were sent, each with its own answer.

Each takes one request of the allowance, and has a transaction of its own, so that nobody's page waits for a long one.
With an Idempotency-Key each is done once: sent again, those that went well are told again, the rest is tried.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from baton.gate.access.acting import NotLetIn
from baton.gate.access.limits import spend
from baton.gate.access.scopes import SUGGEST
from baton.gate.api.door import checked, found, performed
from baton.gate.api.operations import Call, operation
from baton.gate.api.problems import Problem


@operation("POST", "/batch", gives="BatchAnswer", takes="Batch", group="Around", scope=SUGGEST)
def write_many(call: Call, key: str = "") -> dict[str, Any]:
    """Write up to a hundred things in one request, each for itself; each answers as it would alone."""
    results = []
    for place, one in enumerate(call.body["operations"]):
        results.append(_result(_one(call, one, f"{key}#{place}" if key else "")))
    return {"results": results}


def _one(call: Call, sent: dict[str, Any], key: str) -> HttpResponse:
    try:
        _take_one(call)
        one, ids = found(sent["path"], sent["method"])
        if one.path == "/batch" or not one.takes:
            raise Problem(422, _("That can’t stand in a batch."))
        call.acting.may(one.scope)
        told = replace(call, query={}, body=checked(one, sent["body"]))
        return performed(one, told, ids, key=key, path=sent["path"])
    except Problem as why:
        return why.answer()
    except NotLetIn as why:
        return Problem(why.status, why.sentence).answer()


def _take_one(call: Call) -> None:
    if not spend(call.acting.client.key, call.at).granted:
        raise Problem(429, _("This program asks too often. Send the rest in a minute."))


def _result(answer: HttpResponse) -> dict[str, Any]:
    told: dict[str, Any] = {"status": answer.status_code, "body": json.loads(answer.content)}
    return told | ({"location": answer.headers["Location"]} if "Location" in answer.headers else {})
