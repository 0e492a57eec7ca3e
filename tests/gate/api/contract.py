"""The whole API against its own description: whatever is sent, no answer is a fault, and none is undocumented.

`make prove ONLY=contract` asks 200 times for each operation and role, the suite a few times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from schemathesis.checks import not_a_server_error  # isort: skip

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
NAMED = ("company", "contact", "deal", "owner", "interaction", "by")


class Undone(Exception):
    """Takes back what an example wrote."""


def hold(secret: str, ids: Mapping[str, list[str]], examples: int, *, seed: int = 0) -> tuple[Counter[int], list[str]]:
    """Ask every operation so many times, with data that fits and data that doesn't; return what was found wrong.

    `ids` is kind → ids of what is there, so that what is asked for is often something.
    """
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    for signal in (request_started, request_finished):  # as the test client does: the transaction stays open
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), headers=headers)
    statuses: Counter[int] = Counter()
    found = [
        fault
        for each in schema.get_all_operations()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        for fault in _held(each.ok(), mode, headers, ids, examples, statuses)
    ]
    return statuses, found


def _held(
    one: Any, mode: Any, headers: dict[str, str], ids: Any, examples: int, statuses: Counter[int]
) -> Iterator[str]:
    faults: set[str] = set()

    @given(case=one.as_strategy(generation_mode=mode), dice=st.integers(0, 2**16))
    @settings(
        max_examples=max(1, examples // 2),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, dice: int) -> None:
        _name_what_is_there(case, ids, dice)
        try:
            with transaction.atomic():
                answer = case.call(headers=headers)
                raise Undone
        except Undone:
            statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as wrong:
            faults.add(f"{one.method.upper()} {one.path} [{mode.value}]: {str(wrong)[:1500]}")

    try:
        ask()
    except Exception as wrong:
        if "Unsatisfiable" not in type(wrong).__name__ and "negate" not in str(wrong).lower():
            raise
    yield from sorted(faults)[:3]


def _name_what_is_there(case: Any, ids: Mapping[str, list[str]], dice: int) -> None:
    """Two times of three ask for something that is there, where the operation wants an id."""
    if dice % 3 == 0:
        return
    kind = {"companies": "company"}.get(case.path.split("/")[1], case.path.split("/")[1].removesuffix("s"))
    if case.path_parameters and ids.get(kind):
        case.path_parameters["id"] = ids[kind][dice % len(ids[kind])]
    if isinstance(case.body, dict):
        for name in NAMED:
            if isinstance(case.body.get(name), str) and ids.get(name):
                case.body[name] = ids[name][dice % len(ids[name])]
