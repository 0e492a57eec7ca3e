"""An index costs every write: one that another covers, for nothing; one of mostly nothing leads SQLite astray."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


def test_no_index_begins_another():
    models = apps.get_app_config("baton").get_models()

    assert [one for model in models for one in _covered(model._meta.db_table)] == []


def test_asking_for_what_was_never_merged_walks_no_index_of_merges():
    assert _indexes("baton_contact").get("contact_merged") == ["merged_into_id"]
    assert ["merged_into_id"] not in [
        kept for name, kept in _indexes("baton_contact").items() if name != "contact_merged"
    ]


def _indexes(table: str) -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        told = connection.introspection.get_constraints(cursor, table)
    return {name: one["columns"] for name, one in told.items() if one["columns"] and (one["index"] or one["unique"])}


def _covered(table: str) -> list[str]:
    """Return the indexes whose columns lead another's; one with a condition of its own is another thing."""
    partial = {
        one.name
        for model in apps.get_app_config("baton").get_models()
        for one in [*model._meta.indexes, *model._meta.constraints]
        if getattr(one, "condition", None) is not None
    }
    there = {name: columns for name, columns in _indexes(table).items() if name not in partial and not _backwards(name)}
    return [
        f"{table}: {name}"
        for name, columns in there.items()
        for other, longer in there.items()
        if other != name and longer[: len(columns)] == columns and (len(longer) > len(columns) or other < name)
    ]


def _backwards(name: str) -> bool:
    """PostgreSQL keeps a second one for each text column that is searched by its beginning."""
    return name.endswith("_like")
