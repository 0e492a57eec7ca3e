"""Holding what a program sent against JSON Schema. Loaded with the first request that sends something."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker

from baton.gate.api.schemas import shapes_in_force

MOST_ERRORS = 10
_formats = FormatChecker(formats=())


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


@_formats.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None


def problems_in(name: str, told: Any) -> list[dict[str, str]]:
    """Return what isn't right in something that should have the shape of this name: where, and what."""
    return _listed(_validator(name), told)


def problems_with(schema: dict[str, Any], told: Any) -> list[dict[str, str]]:
    """Return what isn't right in one value."""
    return _listed(Draft202012Validator(schema, format_checker=_formats), told)


def _validator(name: str) -> Any:
    shapes = shapes_in_force()
    if name not in shapes.validators:
        whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": shapes.schemas}}
        shapes.validators[name] = Draft202012Validator(whole, format_checker=_formats)
    return shapes.validators[name]


def _listed(validator: Any, told: Any) -> list[dict[str, str]]:
    found = []
    for error in validator.iter_errors(told):
        at = "".join(f"/{part}" for part in error.absolute_path)
        found.append({"at": at or "/", "detail": error.message[:300]})
        if len(found) == MOST_ERRORS:
            break
    return found
