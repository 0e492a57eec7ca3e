"""Which engine keeps the index here."""

from types import ModuleType

from django.db import connection, connections

from baton.ledger.search import postgresql, sqlite

ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def engine() -> ModuleType:
    """Return the engine of this database."""
    return ENGINES[connection.vendor]


def install(using: str = "default", **_signal: object) -> None:
    """Make the index of this database unless it is there; called after every migrate."""
    with connections[using].cursor() as cursor:
        ENGINES[connections[using].vendor].install(cursor)


def connect() -> None:
    """Have the index made after every migrate."""
    from django.apps import apps
    from django.db.models.signals import post_migrate

    post_migrate.connect(install, sender=apps.get_app_config("baton"), dispatch_uid="baton.ledger.search")
