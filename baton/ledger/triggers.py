"""Append-only, held by the database and not by good manners.

Facts and published maps can't be changed or removed, and neither can what an interaction was. Triggers are
(re)installed after every migrate, because SQLite drops a table's triggers when a migration rebuilds it.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

FROZEN = ("baton_fact", "baton_mapversion")
"""Tables whose rows never change and never go."""

INTERACTION_CORE = (
    "id", "recorded_at", "kind", "direction", "channel", "happened_at", "subject", "from_name", "from_address",
    "author_id", "fingerprint", "thread", "live", "automatic", "trust", "minutes", "files_count", "parts",
)  # fmt: skip
KEPT = ("baton_interaction", "baton_interactiontext")
"""Tables whose rows never go."""


def install(using: str = "default", **_signal: Any) -> None:
    """Install the triggers of this database; harmless when they are there."""
    connection = connections[using]
    statements = _sqlite() if connection.vendor == "sqlite" else _postgres()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def connect() -> None:
    """Have the triggers installed after every migrate."""
    from django.db.models.signals import post_migrate

    post_migrate.connect(install, sender=apps.get_app_config("baton"), dispatch_uid="baton.ledger.triggers")


def _sqlite() -> list[str]:
    statements = []
    for table in FROZEN:
        statements += _sqlite_guard(table, "update", "UPDATE") + _sqlite_guard(table, "delete", "DELETE")
    for table in KEPT:
        statements += _sqlite_guard(table, "delete", "DELETE")
    columns = ", ".join(f'"{name}"' for name in INTERACTION_CORE)
    statements += _sqlite_guard("baton_interaction", "core", f"UPDATE OF {columns}", _changes("IS NOT"))
    statements += _sqlite_guard("baton_interactiontext", "update", "UPDATE")
    return statements


def _sqlite_guard(table: str, name: str, what: str, when: str = "") -> list[str]:
    trigger = f"{table}_{name}_refused"
    condition = f" WHEN {when}" if when else ""
    return [
        f"DROP TRIGGER IF EXISTS {trigger}",
        (
            f"CREATE TRIGGER {trigger} BEFORE {what} ON {table}{condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        ),
    ]


def _changes(different: str) -> str:
    return " OR ".join(f'OLD."{name}" {different} NEW."{name}"' for name in INTERACTION_CORE)


def _postgres() -> list[str]:
    statements = [
        (
            "CREATE OR REPLACE FUNCTION baton_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    ]
    for table in FROZEN:
        statements += _postgres_guard(table, "change", "UPDATE OR DELETE")
    for table in (*FROZEN, *KEPT):
        statements += _postgres_guard(table, "truncate", "TRUNCATE", each="STATEMENT")
    for table in KEPT:
        statements += _postgres_guard(table, "delete", "DELETE")
    statements += _postgres_guard("baton_interaction", "core", "UPDATE", _changes("IS DISTINCT FROM"))
    statements += _postgres_guard("baton_interactiontext", "update", "UPDATE")
    return statements


def _postgres_guard(table: str, name: str, what: str, when: str = "", each: str = "ROW") -> list[str]:
    trigger = f"{table}_{name}_refused"
    condition = f" WHEN ({when})" if when else ""
    return [
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}",
        (
            f"CREATE TRIGGER {trigger} BEFORE {what} ON {table} FOR EACH {each}{condition} "
            "EXECUTE FUNCTION baton_append_only()"
        ),
    ]
