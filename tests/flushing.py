"""How tables that only grow are emptied after a test that committed.

Triggers refuse every delete in the ledger, which is right in life and in tests; only the broom between two tests may
lift them, in the transaction that sweeps.
"""

import re

from django.db import transaction

from baton.ledger.search.postgresql import TABLE

NAMED = re.compile(r'"\w+"')
"""Names of tables in what Django would truncate."""


def flush_in_spite_of_triggers(operations, sql_list: list[str]) -> None:
    """Stand in for Django's `execute_sql_flush`: same statements, no triggers meanwhile."""
    connection = operations.connection
    lift = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in lift(cursor, sql_list):
            cursor.execute(statement)


def _postgresql(_cursor, sql_list: list[str]) -> list[str]:
    """Deleting the few rows of a test takes a tenth of `TRUNCATE`, which makes every table and index anew.

    The index of the search is a table of which Django doesn't know.
    """
    tables = [name for statement in sql_list for name in NAMED.findall(statement)]
    deleting = "; ".join(f"DELETE FROM {name}" for name in [*tables, TABLE])
    return ["SET LOCAL session_replication_role = replica", deleting]


def _sqlite(cursor, sql_list: list[str]) -> list[str]:
    triggers = _made(cursor, "CREATE TRIGGER")
    indexes = _made(cursor, "CREATE VIRTUAL TABLE")
    return [
        *(f'DROP TRIGGER "{name}"' for name, _ in triggers),
        *sql_list,
        *(_emptied(name, sql) for name, sql in indexes),
        *(sql for _, sql in triggers),
    ]


def _made(cursor, how: str) -> list[tuple[str, str]]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE %s", [f"{how}%"])
    return cursor.fetchall()


def _emptied(index: str, sql: str) -> str:
    """A full-text index, of which Django doesn't know; one that keeps no text of its own can't be deleted from."""
    if "content=" in sql.replace(" ", ""):
        return f'INSERT INTO "{index}" ("{index}") VALUES (\'delete-all\')'
    return f'DELETE FROM "{index}"'
