"""`filter(key__among=…)`: which of many, told to the database in one piece.

`__in` writes a parameter for each, and Django takes longer over a thousand of them than the database over the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Field, Lookup


class Among(Lookup):
    """True where the column holds one of the values; columns of texts, numbers and ids, not references."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[Any]) -> None:
        super().__init__(lhs, list(rhs))

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        values = [field.get_db_prep_value(value, connection) for value in self.rhs]
        if connection.vendor == "sqlite":
            return f"{left} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(values)]  # noqa: S608 (a column)
        return f"{left} = ANY(%s)", [*params, values]


def register() -> None:
    """Let every column be asked so; called once at start."""
    Field.register_lookup(Among)
