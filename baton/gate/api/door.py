"""The door of the API: lets a program in, checks what it sends, runs one operation, and says every refusal in one form.

Only a token counts: no cookie is looked at, so that no page of another site can act through somebody's browser.
"""

from __future__ import annotations

import json
import logging
import secrets
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from baton.gate.access.acting import Acting, NotLetIn, acting
from baton.gate.api.operations import Call, Made, Operation, methods_at
from baton.gate.api.problems import Problem, not_found, wrong
from baton.kernel.clock import now
from baton.kernel.texts import writable, writable_in
from baton.kernel.verdict import Conflict, Refusal
from baton.map.current import is_published, one_version

log = logging.getLogger("baton.gate")
MOST_KEY = 200
JSON = "application/json"


@csrf_exempt  # only a token counts, which no page of another site can send for somebody
@login_not_required
def api(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer one request of a program."""
    with translation.override(translation.get_language() or "en"), timezone.override("UTC"):
        try:
            at = now()
            who = acting(request, at)
        except NotLetIn as why:
            return _unkept(Problem(why.status, why.sentence, headers=why.headers(request)).answer())
        try:
            answer = _asked(request, who, at, f"/{rest}")
        except Problem as why:
            answer = why.answer()
        except NotLetIn as why:
            answer = Problem(why.status, why.sentence, headers=why.headers(request)).answer()
    for name, value in who.client.allowance.headers.items():
        answer.headers[name] = value
    return _unkept(answer)


api.ones_own = True  # type: ignore[attr-defined]


def _unkept(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: HttpRequest, who: Acting, at: datetime, path: str) -> HttpResponse:
    method = "GET" if request.method == "HEAD" else str(request.method)
    one, ids = found(path, method)
    who.may(one.scope)
    call = Call(who, at, _query(one, request), _body(one, request))
    key = request.headers.get("Idempotency-Key", "")[: MOST_KEY + 1]
    if len(key) > MOST_KEY:
        raise wrong(_("An Idempotency-Key has at most %(most)d characters.") % {"most": MOST_KEY}, "Idempotency-Key")
    if one.path == "/batch":
        return _in_json(one.run(call, key=key))
    return performed(one, call, ids, key=key, path=path)


def found(path: str, method: str) -> tuple[Operation, dict[str, UUID]]:
    """Return the operation at an address. Raises 404 where there is none, 405 for another method."""
    from baton.gate.api import site  # noqa: F401 - it knows every operation

    there, ids = methods_at(path)
    if not there or not is_published():
        raise not_found()
    if method not in there:
        allowed = ", ".join(sorted({*there, *({"HEAD"} if "GET" in there else ())}))
        sentence = _("That can’t be asked here. What can: %(methods)s.") % {"methods": allowed}
        raise Problem(405, sentence, headers={"Allow": allowed})
    return there[method], ids


def performed(one: Operation, call: Call, ids: dict[str, UUID], *, key: str, path: str) -> HttpResponse:
    """Run an operation, once for a key, and answer whatever comes of it."""
    run = partial(_told, one, call, ids)
    if one.method == "GET" or not key:
        return run()
    from baton.gate.api.once import once

    asked = json.dumps([one.method, path, call.body], sort_keys=True).encode()
    return once(call.acting.client.key, key, asked, call.at, run)


def _told(one: Operation, call: Call, ids: dict[str, UUID]) -> HttpResponse:
    """Run it; a refusal is an answer too, and a fault of ours is told with a reference that is in the log."""
    try:
        with one_version() if one.method == "GET" else nullcontext(), call.acting.recording():
            return _in_json(one.run(call, **ids))
    except Problem as why:
        return why.answer()
    except NotLetIn as why:
        return Problem(why.status, why.sentence).answer()
    except Conflict as why:
        return Problem(409, why.sentence, {"version": why.version} if why.version is not None else {}).answer()
    except Refusal as why:
        return Problem(422, why.sentence).answer()
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("%s %s failed, reference %s", one.method, one.path, reference)
        sentence = _("That is Baton’s fault. It is in the log as %(reference)s.") % {"reference": reference}
        return Problem(500, sentence, {"reference": reference}).answer()


def _in_json(value: Any) -> HttpResponse:
    made = value if isinstance(value, Made) else None
    body = json.dumps(made.value if made else value, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(body, content_type=JSON, status=201 if made and made.new else 200)
    if made:
        answer.headers["Location"] = f"/api/v1{made.location}"
    return answer


# What was sent


def _query(one: Operation, request: HttpRequest) -> dict[str, list[str]]:
    known = {each.name: each for each in one.parameters()}
    sent: dict[str, list[str]] = {}
    for name, values in request.GET.lists():
        if name not in known:
            raise wrong(
                _("There is no parameter “%(name)s” here.") % {"name": writable(name)[:60]}, writable(name)[:60]
            )
        values = [writable(str(value)) for value in values]
        for value in values if known[name].many else values[-1:]:
            _check_text(name, known[name].schema, value)
        sent[name] = values
    return sent


def _check_text(name: str, schema: dict[str, Any], value: str) -> None:
    """Hold one text of the address against its schema, as what it means."""
    from baton.gate.api.checking import problems_with

    meant: Any = value
    kind = schema.get("type")
    if kind == "integer" and value.removeprefix("-").isdecimal() and len(value) < 12:
        meant = int(value)
    elif kind == "boolean" and value in {"true", "false"}:
        meant = value == "true"
    errors = problems_with(schema, meant)
    if errors:
        raise wrong(errors[0]["detail"], name)


def _body(one: Operation, request: HttpRequest) -> Any:
    if not one.takes:
        return None
    if request.content_type != JSON:
        raise Problem(415, _("Send JSON, and say so: “Content-Type: application/json”."))
    return checked(one, read(request))


def read(request: HttpRequest) -> Any:
    """Return the JSON that was sent. Raises 413 and 400."""
    try:
        told = json.loads(request.body, parse_constant=_no_number, parse_float=_number)
    except RequestDataTooBig as large:
        raise Problem(413, _("That is more than Baton takes at once.")) from large
    except (ValueError, RecursionError) as broken:
        raise Problem(400, _("That isn’t JSON: %(why)s") % {"why": writable(str(broken))[:200]}) from broken
    return writable_in(told)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _number(word: str) -> float:
    number = float(word)
    return number if abs(number) < float("inf") else _no_number(word)


def checked(one: Operation, told: Any) -> Any:
    """Return what was sent, if it has the shape that the operation takes. Raises 422 with what hasn't."""
    from baton.gate.api.checking import problems_in

    errors = problems_in(one.takes, told)
    if errors:
        raise Problem(422, errors[0]["detail"], {"errors": errors})
    return told
