"""Writing many rows at once, in one prepared statement a table.

Django's own bulk writes build an expression for every value and take longer over it than the database over the rows.
Here every value is prepared by its field and handed over as it is: no signals, no `auto_now`, no expressions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)
Prepare = Callable[[list[Any]], list[Any]]
_written = json.JSONEncoder(check_circular=False).encode
PLAIN = frozenset({str, int, bool, float, bytes, type(None)})
"""Types that both databases take as they are, in columns of texts and numbers."""
AS_TEXT = (models.CharField, models.TextField)
AS_NUMBER = (models.IntegerField, models.BooleanField, models.FloatField, models.BinaryField)


def made(model: type[Row], values: dict[str, Any]) -> Row:
    """Return a new row that holds these values, by attribute (`said_by_id`), every column given or absent for good.

    The model's own `__init__` asks every field for its default and takes ten times as long. The values become the
    row's own, so they are given to one row only.
    """
    row = model.__new__(model)
    values["_state"] = ModelState()
    row.__dict__ = values
    return row


def insert_rows(rows: Sequence[Row], *, ignore_conflicts: bool = False) -> Sequence[Row]:
    """Insert rows of one model; with `ignore_conflicts` those whose key is taken are left out silently."""
    return _insert(rows, " ON CONFLICT DO NOTHING" if ignore_conflicts else "")


def upsert_rows(rows: Sequence[Row], *, key: Sequence[str], names: Sequence[str]) -> Sequence[Row]:
    """Insert rows of one model; where one with the same `key` fields is there, write the named fields into it."""
    if not rows:
        return rows
    found = ", ".join(f'"{field.column}"' for field in _fields(type(rows[0]), tuple(key)))
    changes = ", ".join(f'"{f.column}" = excluded."{f.column}"' for f in _fields(type(rows[0]), tuple(names)))
    return _insert(rows, f" ON CONFLICT ({found}) DO UPDATE SET {changes}")


def _insert(rows: Sequence[Row], ending: str) -> Sequence[Row]:
    if not rows:
        return rows
    meta = type(rows[0])._meta
    names = inserted_names(type(rows[0]))
    columns = ", ".join(f'"{field.column}"' for field in _fields(type(rows[0]), names))
    values = ", ".join(["%s"] * len(names))
    _execute(f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({values}){ending}', rows, names)  # noqa: S608
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias
    return rows


def inserted_names(model: type[models.Model]) -> tuple[str, ...]:
    """Return the fields that a new row brings along: all but a number that the database gives."""
    meta = model._meta
    automatic = meta.pk is meta.auto_field
    return tuple(field.name for field in meta.concrete_fields if not (automatic and field.primary_key))


def update_rows(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write the named fields of known rows of one model."""
    if not rows:
        return
    meta = type(rows[0])._meta
    changes = ", ".join(f'"{field.column}" = %s' for field in _fields(type(rows[0]), tuple(names)))
    statement = f'UPDATE "{meta.db_table}" SET {changes} WHERE "{meta.pk.column}" = %s'  # noqa: S608
    _execute(statement, rows, (*names, meta.pk.name))


def _execute(statement: str, rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared(rows, names))


def prepared(rows: Sequence[models.Model], names: tuple[str, ...]) -> list[Any]:
    """Return the values of these fields of rows of one model, as this database takes them."""
    held = [row.__dict__ for row in rows]
    readers = _readers(type(rows[0]), names, connection.vendor)
    return list(zip(*(prepare(_column(held, rows, name)) for name, prepare in readers), strict=True))


def _column(held: list[dict[str, Any]], rows: Sequence[models.Model], name: str) -> list[Any]:
    """Return one column of values; from where the rows hold them, unless the model has to load some."""
    try:
        return [one[name] for one in held]
    except KeyError:
        return [getattr(row, name) for row in rows]


@lru_cache(maxsize=200)
def _readers(model: type[models.Model], names: tuple[str, ...], vendor: str) -> list[tuple[str, Prepare]]:
    """Return, for each field, the attribute that holds its value and how its column is prepared for this database."""
    return [(field.attname, _preparing(field, vendor == "sqlite")) for field in _fields(model, names)]


def _fields(model: type[models.Model], names: tuple[str, ...]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


def _preparing(field: Any, on_sqlite: bool) -> Prepare:
    """A column at a time: most hold values of one type, which are let through or written in one go."""
    one = _preparing_one(field, on_sqlite)
    taken = _taken(field)

    def prepare(values: list[Any]) -> list[Any]:
        kinds = set(map(type, values))
        if kinds <= taken:
            return values
        if on_sqlite and kinds == {datetime}:
            written = {value: one(value) for value in set(values)}
            return [written[value] for value in values]
        return list(_each(values, one))

    return prepare


def _each(values: list[Any], one: Callable[[Any], Any]) -> Iterator[Any]:
    """Prepare one after the other; the same object again, as in a column of references, is prepared once."""
    last = prepared_last = None
    for value in values:
        if value is not last:
            last, prepared_last = value, one(value)
        yield prepared_last


def _taken(field: Any) -> frozenset[type]:
    """Return the types of values that the databases take as they are in this column."""
    if isinstance(field, models.JSONField):
        return frozenset({type(None)})
    target = field
    while target.remote_field:
        target = target.target_field
    if isinstance(target, AS_TEXT):
        return PLAIN
    return PLAIN - {str} if isinstance(target, AS_NUMBER) else frozenset({type(None)})


def _preparing_one(field: Any, on_sqlite: bool) -> Callable[[Any], Any]:
    def as_django_does(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    taken = _taken(field)

    def prepare(value: Any) -> Any:
        kind = type(value)
        if kind in taken:
            return value
        if on_sqlite and kind is UUID:
            return value.hex
        if on_sqlite and kind is datetime and value.tzinfo is UTC:
            return str(value.replace(tzinfo=None))
        return as_django_does(value)

    if isinstance(field, models.JSONField):
        plain = on_sqlite and field.encoder is None
        return _json if plain else as_django_does
    return prepare


def _json(value: Any) -> str | None:
    """Write a value as `json.dumps` does; most are texts."""
    if type(value) is str:
        return encode_basestring_ascii(value)
    return None if value is None else _written(value)
