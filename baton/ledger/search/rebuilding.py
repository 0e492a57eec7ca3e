"""Making the index anew from the ledger, and keeping it small, both in steps that hold the write lock briefly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from baton.kernel.writer import writing
from baton.ledger.kinds import kind_named
from baton.ledger.models import SearchEntry
from baton.ledger.search.engines import engine
from baton.ledger.search.keeping import Described, described, interactions_described, write
from baton.ledger.search.sources import CALLER, sources

STEP = 500


def rebuild() -> int:
    """Empty the index and fill it from the ledger. Return how many records it holds."""
    with writing():
        SearchEntry.objects.all().delete()
        with connection.cursor() as cursor:
            engine().empty(cursor)
    count = 0
    for kind in ("interaction", *sources()):
        for rows in _in_steps(kind):
            with writing():
                told = _described(kind, rows)
                write(told, new=set())
            count += len(told)
    return count


def index_again(kind: str, ids: list[UUID]) -> None:
    """Bring these records up to date in the index: called where something beside `record()` changed who sees them."""
    with writing():
        write(_described(kind, list(_model(kind).objects.unscoped(CALLER).filter(pk__in=ids))), new=set())


def tidy(pages: int = 500) -> bool:
    """Do one step of keeping the index small; deleted words leave it this way. Return whether there may be more."""
    with writing(), connection.cursor() as cursor:
        return engine().tidy(cursor, pages)


def _in_steps(kind: str) -> Iterator[list[Any]]:
    rows = _model(kind).objects.unscoped(CALLER).order_by("pk")
    step = list(rows[:STEP])
    while step:
        yield step
        step = list(rows.filter(pk__gt=step[-1].pk)[:STEP])


def _model(kind: str) -> Any:
    return kind_named(kind).model


def _described(kind: str, rows: list[Any]) -> list[Described]:
    return interactions_described(rows) if kind == "interaction" else described(kind, rows)
