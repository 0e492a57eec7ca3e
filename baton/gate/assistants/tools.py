"""The tools that an assistant may call: what each is for, what it takes, and what its program must be allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from baton.gate.access.acting import Acting
from baton.gate.access.scopes import READ, SUGGEST
from baton.kernel.verdict import Refusal

Schema = dict[str, Any]
Words = str | Lazy


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool that reads gives back; `outside` says which words in it somebody outside wrote, nothing if none."""

    data: dict[str, Any]
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """What a tool would do, checked but not done. `said` is a sentence for its person, `what` the plain values.

    `suggests` says that it may stand as a suggestion in the ledger at once; all else waits for its person in any case.
    """

    said: str
    what: dict[str, Any]
    deal: UUID | None = None
    suggests: bool = False


Arguments = dict[str, Any]
Reads = Callable[[Acting, Arguments, datetime], Told]
Prepares = Callable[[Acting, Arguments, datetime], Deed]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. It reads, or it prepares a deed; none of them does anything else."""

    name: str
    title: Words
    description: str
    takes: dict[str, Schema] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    reads: Reads | None = None
    prepares: Prepares | None = None

    @property
    def scope(self) -> str:
        return SUGGEST if self.prepares else READ

    @property
    def schema(self) -> Schema:
        """Its arguments, as JSON Schema 2020-12."""
        return {
            "type": "object", "properties": self.takes, "required": list(self.needs), "additionalProperties": False,
        }  # fmt: skip

    def described(self) -> dict[str, Any]:
        """Return it as the protocol lists it. Nothing that it prepares counts before a person lets it."""
        hints = {"readOnlyHint": self.reads is not None, "destructiveHint": False, "openWorldHint": False}
        return {
            "name": self.name,
            "title": str(self.title),
            "description": self.description,
            "inputSchema": self.schema,
            "annotations": hints,
        }


def tools() -> dict[str, Tool]:
    """Return the tools by name."""
    from baton.gate.assistants.preparing import PREPARING
    from baton.gate.assistants.reading import READING

    return {tool.name: tool for tool in (*READING, *PREPARING)}


def text(about: str, most: int) -> Schema:
    """An argument of up to so many characters."""
    return {"type": "string", "description": about, "minLength": 1, "maxLength": most}


def identifier(about: str) -> Schema:
    """An argument that names a record."""
    return {"type": "string", "format": "uuid", "description": about}


TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "object": dict, "array": list, "number": (int, float), "boolean": bool,
}  # fmt: skip


def refuse_unfit(schema: Schema, value: Any, name: str = "") -> None:
    """Raise `Refusal` for a value that isn't what the schema says (of its words, those that the tools use)."""
    wanted = schema.get("type")
    if wanted and not isinstance(value, TYPES[wanted]):
        raise Refusal(_("“%(name)s” has to be of the type %(type)s.") % {"name": name or "arguments", "type": wanted})
    if wanted == "object" and "properties" in schema:
        _refuse_unfit_parts(schema, value, name)
    if wanted == "array":
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 100):
            raise Refusal(_("“%(name)s” has to hold 1 to %(most)d.") % {"name": name, "most": schema["maxItems"]})
        for each in value:
            refuse_unfit(schema["items"], each, name)
    if wanted == "string":
        _refuse_unfit_text(schema, value, name)


def _refuse_unfit_parts(schema: Schema, value: dict[str, Any], name: str) -> None:
    missing = [part for part in schema.get("required", []) if part not in value]
    unknown = [part for part in value if part not in schema["properties"]]
    if missing or unknown:
        told = {"missing": ", ".join(missing) or "–", "unknown": ", ".join(unknown)[:200] or "–"}
        raise Refusal(_("Missing: %(missing)s. Not known here: %(unknown)s.") % told)
    for part, own in value.items():
        refuse_unfit(schema["properties"][part], own, f"{name}.{part}" if name else part)


def _refuse_unfit_text(schema: Schema, value: str, name: str) -> None:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 20_000):
        raise Refusal(_("“%(name)s” is empty or too long.") % {"name": name})
    if "enum" in schema and value not in schema["enum"]:
        raise Refusal(_("“%(name)s” is one of: %(which)s.") % {"name": name, "which": ", ".join(schema["enum"])})
    if schema.get("format") == "uuid":
        as_id(value, name)


def as_id(value: str, name: str) -> UUID:
    """Return an identifier. Raises `Refusal` for what is none."""
    try:
        return UUID(value)
    except ValueError as why:
        raise Refusal(_("“%(name)s” is no identifier.") % {"name": name}) from why
