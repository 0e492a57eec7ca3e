"""Putting rows in by the million: indexes and foreign keys aside while they go in, and back again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from baton.kernel.rows import inserted_names, prepared
from baton.ledger.search import postgresql as search_postgresql
from baton.ledger.search import sqlite as search_sqlite

Rows = list[tuple[str, list[str], list[list[Any]]]]
"""(table, columns, values), ready for this database."""
WHILE_LOADING = {
    "sqlite": [
        "PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY", "PRAGMA cache_size=-1500000",
        "PRAGMA temp_store=MEMORY",
    ],
    "postgresql": [
        "SET session_replication_role = replica", "SET maintenance_work_mem = '1GB'", "SET synchronous_commit = off",
    ],
}  # fmt: skip


def ready(rows: dict[type, list[Any]]) -> Rows:
    """Prepare rows by model."""
    told = []
    for model, there in rows.items():
        names = inserted_names(model)
        columns = [model._meta.get_field(name).column for name in names]  # type: ignore[attr-defined]
        told.append((model._meta.db_table, columns, prepared(there, names)))  # type: ignore[attr-defined]
    return told


def go_fast() -> None:
    """Set this connection up for loading. Closing it takes everything back."""
    with connection.cursor() as cursor:
        for statement in WHILE_LOADING[connection.vendor]:
            cursor.execute(statement)


def put(rows: Rows) -> None:
    """Insert prepared rows, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns, values in rows:
            names = ", ".join(f'"{column}"' for column in columns)
            if connection.vendor == "postgresql":
                _copy(cursor, f'COPY "{table}" ({names}) FROM STDIN', values)
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)


def _copy(cursor: Any, statement: str, values: list[Any]) -> None:
    with cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


@contextmanager
def without_indexes() -> Iterator[None]:
    """Take every index that holds no constraint of its own away, and make them again at the end, by sorting."""
    indexes = _indexes()
    with connection.cursor() as cursor:
        for name, _made in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _name, made in indexes:
                cursor.execute(made)


def _indexes() -> list[tuple[str, str]]:
    asked = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        "postgresql": "SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.relname = i.indexname "
        "LEFT JOIN pg_constraint k ON k.conindid = c.oid WHERE i.schemaname = 'public' AND k.oid IS NULL",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return [(name, made) for name, made in cursor.fetchall() if name.startswith(("baton_", *_named()))]


def _named() -> tuple[str, ...]:
    from django.apps import apps

    models = apps.get_app_config("baton").get_models()
    return tuple({one.name for model in models for one in [*model._meta.indexes, *model._meta.constraints]})


def index_words(tokens: list[tuple[int, set[str]]]) -> list[tuple[int, str]]:
    """Write the tokens of each place as this database's index takes them."""
    if connection.vendor == "postgresql":
        return [(place, search_postgresql.vector(place, there)) for place, there in tokens]
    return [(place, search_sqlite.beginnings(there)) for place, there in tokens]


def put_words(rows: list[tuple[int, str]]) -> None:
    """Put written tokens into the search index; on SQLite in the order of places, or FTS5 writes at every step back."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f"COPY {search_postgresql.TABLE} (place, tokens) FROM STDIN", rows)
        else:
            cursor.executemany(f"INSERT INTO {search_sqlite.TABLE}(rowid, tokens) VALUES (%s, %s)", rows)


def gather_statistics() -> None:
    """Do for PostgreSQL what its autovacuum does by itself within minutes; nothing does so for SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
