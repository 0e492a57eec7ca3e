"""Shapes of what goes in and out, as JSON Schema 2020-12; those of records follow the map in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from baton.map.elements import Field, RecordKind
from baton.map.schema import OperatingMap

Schema = dict[str, Any]
MOST_NUMBER = 10**13
MOST_BATCH = 100


def ref(name: str) -> Schema:
    """Refer to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def thing(required: Sequence[str] = (), **properties: Schema) -> Schema:
    """An object with these members and no others."""
    made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return made | ({"required": list(required)} if required else {})


def whole(**properties: Schema) -> Schema:
    """An object in which all of these stand; with `fields=` only those that were asked for do."""
    return thing(**properties)


def some(item: Schema, most: int | None = None) -> Schema:
    return {"type": "array", "items": item} | ({"maxItems": most} if most else {})


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    if "type" in schema and isinstance(schema["type"], str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def text(most: int = 300, least: int = 0, about: str = "") -> Schema:
    made: Schema = {"type": "string", "maxLength": most} | ({"minLength": least} if least else {})
    return made | ({"pattern": r"\S"} if least else {}) | ({"description": about} if about else {})


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def told(schema: Schema, about: str, example: Any = None) -> Schema:
    """The same with what it means, and an example."""
    return schema | {"description": about} | ({"examples": [example]} if example is not None else {})


ID: Schema = {"type": "string", "format": "uuid", "examples": ["019a8c5e-6f4b-7c3a-9d2e-1f0b7c3a9d2e"]}
DAY: Schema = {
    "type": "string",
    "format": "date",
    "pattern": r"^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
    "examples": ["2026-12-01"],
}
MOMENT: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^(19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$",
    "examples": ["2026-11-16T09:00:00Z"],
}
YES: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ANY: Schema = {}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}
MINOR: Schema = {"type": "integer", "minimum": -MOST_NUMBER, "maximum": MOST_NUMBER}
MONEY = told(
    thing(["minor"], minor=told(MINOR, "Minor units: pence, cents."), currency=CURRENCY),
    "An amount in minor units of its currency; the map's own unless told.",
    {"minor": 1250000, "currency": "GBP"},
)
VERSION = told(
    {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "The version that you looked at: where somebody changed the record since, nothing is written and you get 409.",
)
KEY = told(
    text(100, 1),
    "Your own id of it. The same key again makes no second one, however much later.",
    "hubspot:deal:4711",
)
HAPPENED = told(MOMENT, "When it became so in the world; now unless told.")
BECAUSE = told(text(400), "Why, in words that a colleague reads beside the value.")


def value_of(field: Field) -> Schema:
    """The shape in which a program writes a value of one of the map's own fields."""
    made = VALUES.get(field.type, text(20_000))
    if field.type == "choice":
        made = one_of(*field.choices)
    about = f"{field.name}." + (f" What breaks when it is wrong: {field.breaks}" if field.breaks else "")
    return maybe(made) | {"description": about}


VALUES: dict[str, Schema] = {
    "text": text(20_000),
    "long text": text(20_000),
    "hours": text(400),
    "time": text(60),
    "number": {"type": "number", "minimum": -MOST_NUMBER, "maximum": MOST_NUMBER},
    "money": MONEY,
    "date": DAY,
    "yes/no": YES,
    "contact": text(300, 1),
    "company": text(300, 1),
    "member": text(300, 1),
    "items": some(text(400, 1), 100),
}


def written_values(kind: RecordKind, operating_map: OperatingMap) -> Schema:
    """The map's own fields of a kind of record, as a program writes them. Files come with messages, not from here."""
    known = {one.id: value_of(one) for one in operating_map.fields_on(kind) if one.type != "file"}
    return told(thing(**known), "Fields of the map. null says that there is none.")


def read_values(kind: RecordKind, operating_map: OperatingMap) -> Schema:
    """The map's own fields as they are read: whatever was said of them, under earlier maps too."""
    known = {one.id: {"description": one.name} for one in operating_map.fields_on(kind)}
    return {"type": "object", "properties": known, "description": "What is confirmed of the map's own fields."}
