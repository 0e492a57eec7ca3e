"""Write `baton/migrations/0001_initial.py` anew, in the order in which tables need each other.

`makemigrations` makes every table first and adds foreign keys, indexes and constraints afterwards, two hundred steps
whose models Django renders again and again: five seconds of every first start. This gives the same tables in a few
dozen steps. Only until the first release; then migrations are only added.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).resolve().parent.parent


def operations() -> Iterator[Operation]:
    """Yield the tables, each after those it refers to; what closes a circle is added once both are there."""
    made: set[type[models.Model]] = set()
    late: list[Operation] = []
    for model in in_order(list(apps.get_app_config("baton").get_models(include_auto_created=False))):
        state = ModelState.from_model(model)
        missing = [field for field in refers(model) if field.related_model not in {*made, model}]
        late += [migrations.AddField(state.name, field.name, state.fields.pop(field.name)) for field in missing]
        late += taken_out(state, {field.name for field in missing})
        made.add(model)
        yield migrations.CreateModel(
            state.name, list(state.fields.items()), state.options, state.bases, list(state.managers)
        )
    yield from late


def in_order(wanted: list[type[models.Model]]) -> list[type[models.Model]]:
    """Return the models so that as few as possible refer to a later one."""
    ordered: list[type[models.Model]] = []
    begun: set[type[models.Model]] = set()

    def visit(model: type[models.Model]) -> None:
        if model in begun:
            return
        begun.add(model)
        for field in sorted(refers(model), key=lambda field: field.null):
            visit(field.related_model)
        ordered.append(model)

    for model in sorted(wanted, key=lambda model: model.__name__):
        visit(model)
    return ordered


def refers(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return the foreign keys of a model to others of Baton's."""
    there = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
    return [field for field in there if field.related_model._meta.app_label == "baton"]


def taken_out(state: ModelState, missing: set[str]) -> Iterator[Operation]:
    """Take the indexes and constraints on missing fields out of a state, and yield the steps that add them later."""
    for kind, add in (("indexes", migrations.AddIndex), ("constraints", migrations.AddConstraint)):
        every = state.options.get(kind, [])
        later = [one for one in every if names_in(one) & missing]
        state.options[kind] = [one for one in every if one not in later]
        yield from (add(state.name, one) for one in later)


def names_in(one: models.Index | models.BaseConstraint) -> set[str]:
    """Return the fields that an index or a constraint speaks of, as far as a word in it can be one."""
    told = repr(one.deconstruct())
    return set(told.replace("'", " ").replace("-", " ").replace("__", " ").split())


def main() -> None:
    """Write the file."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    made = type("Migration", (migrations.Migration,), {"operations": list(operations()), "dependencies": []})
    migration = made("0001_initial", "baton")
    migration.initial = True
    (ROOT / "baton/migrations/0001_initial.py").write_text(MigrationWriter(migration, include_header=False).as_string())


if __name__ == "__main__":
    main()
