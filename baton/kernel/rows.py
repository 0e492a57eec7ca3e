"""Writing many rows at once, in one prepared statement a table.

Django's own bulk writes build an expression for every value and take longer over it than the database over the rows.
Here every value is prepared by its field and handed over as it is: no signals, no `auto_now`, no expressions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def insert_rows(rows: Sequence[Row], *, ignore_conflicts: bool = False) -> Sequence[Row]:
    """Insert rows of one model; with `ignore_conflicts` those whose key is taken are left out silently."""
    if not rows:
        return rows
    meta = type(rows[0])._meta
    automatic = meta.pk is meta.auto_field
    fields = tuple(field for field in meta.concrete_fields if not (automatic and field.primary_key))
    columns = ", ".join(_quoted(field.column) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    ending = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    _execute(f"INSERT INTO {_quoted(meta.db_table)} ({columns}) VALUES ({values}){ending}", rows, fields)  # noqa: S608
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def update_rows(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Write the named fields of known rows of one model."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = tuple(meta.get_field(name) for name in names)
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key = _quoted(meta.pk.column)
    _execute(f"UPDATE {_quoted(meta.db_table)} SET {changes} WHERE {key} = %s", rows, (*fields, meta.pk))  # noqa: S608


def _execute(statement: str, rows: Sequence[models.Model], fields: Sequence[Any]) -> None:
    readers = [(field.attname, field.get_db_prep_save) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [[prepare(getattr(row, name), connection) for name, prepare in readers] for row in rows]
        )


@lru_cache(maxsize=2000)
def _quoted(name: str) -> str:
    return f'"{name}"'
