"""Operations: what can be asked at which path, with which right, and with which schema in and out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from baton.gate.access.acting import Acting
from baton.gate.access.scopes import READ
from baton.members.models import Member

Method = Literal["GET", "POST", "PATCH"]
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something in the query. `schema` is JSON Schema of one text of the address; `many`: it may come several times."""

    name: str
    schema: Schema
    text: str
    many: bool = False
    example: Any = None


@dataclass(slots=True)
class Call:
    """One request to an operation: who acts, when, and what was sent, checked against the operation's schemas."""

    acting: Acting
    at: datetime
    query: dict[str, list[str]] = field(default_factory=dict)
    body: Any = None

    @property
    def member(self) -> Member:
        return self.acting.member

    def one(self, name: str, default: str = "") -> str:
        """Return a parameter that comes once."""
        return self.query.get(name, [default])[-1]

    def id(self, name: str) -> UUID | None:
        """Return a parameter that is an id."""
        return UUID(self.one(name)) if self.one(name) else None


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and where it is from now on; `new` is false where it had been there already."""

    value: Any
    location: str
    new: bool = True


Run = Callable[..., Any]
Parameters = Callable[[], Iterable[Parameter]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `gives` and `takes` name schemas; `makes` says that it answers 201 with a Location."""

    method: Method
    path: str
    run: Run
    gives: str
    summary: str
    group: str
    scope: str = READ
    takes: str = ""
    parameters: Parameters = tuple
    makes: bool = False
    conflicts: bool = False

    @property
    def id(self) -> str:
        return self.run.__name__

    @property
    def has_id(self) -> bool:
        return "{" in self.path


_operations: dict[tuple[str, Method], Operation] = {}
_patterns: list[tuple[re.Pattern[str], str]] = []
UUID_ = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def operation(method: Method, path: str, *, gives: str, group: str, **more: Any) -> Callable[[Run], Run]:
    """Register a function as an operation; the first line of its docstring is its summary."""

    def register(run: Run) -> Run:
        summary = (run.__doc__ or "").strip().partition("\n")[0]
        _operations[path, method] = Operation(method, path, run, gives, summary, group, **more)
        if all(known != path for _pattern, known in _patterns):
            _patterns.append((re.compile(re.sub(r"\{(\w+)\}", rf"(?P<\1>{UUID_})", path)), path))
        return run

    return register


def operations() -> list[Operation]:
    """Return all of them, by path."""
    return sorted(_operations.values(), key=lambda one: (one.path, one.method))


def methods_at(path: str) -> tuple[dict[str, Operation], dict[str, UUID]]:
    """Return what can be asked at an address, by method, and the ids in it; nothing where there is no such address."""
    for pattern, known in _patterns:
        found = pattern.fullmatch(path)
        if found:
            there: dict[str, Operation] = {
                method: one for (where, method), one in _operations.items() if where == known
            }
            return there, {name: UUID(value) for name, value in found.groupdict().items()}
    return {}, {}
