"""Backup and restore: one file that holds the database, the file store and the keys.

A backup is taken while Baton runs: the database as of one moment, then the files, which only grow. It is a tar
archive: `manifest.json` (engine, migrations, digests), the database, `files/…`, `secret.key`, `seal.key`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext as _

from baton import __version__
from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.ledger import triggers
from baton.management import in_use
from baton.members.models import Member

FORMAT = 1
KEPT = ("secret.key", "seal.key", "demo")
BLOCK = 1 << 20
Say = Callable[[str], Any]


def backup(target: Path, *, at: datetime) -> dict[str, Any]:
    """Write a backup beside its place, sync it, and rename it into place; return its manifest.

    Raises `Refusal` where the place is a folder.
    """
    if target.is_dir():
        raise Refusal(_("“%(place)s” is a folder. Name the file to write in it.") % {"place": target})
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".backup-")
    try:
        with os.fdopen(handle, "wb") as file:
            manifest = _write(file, at)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return manifest


def _write(file: BinaryIO, at: datetime) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".backup-") as folder:
        parts = _dump_sqlite(Path(folder)) if connection.vendor == "sqlite" else _dump_postgresql(Path(folder))
        manifest = _manifest(at, parts)
        with tarfile.open(fileobj=file, mode="w") as archive:
            _add_bytes(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
            for part in parts:
                archive.add(part, f"database/{part.name}")
            for path in _kept_files():
                archive.add(path, str(path.relative_to(settings.DATA_DIR)))
    return manifest


def _dump_sqlite(folder: Path) -> list[Path]:
    place = folder / "baton.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(place)])
    return [place]


def _dump_postgresql(folder: Path) -> list[Path]:
    """Copy every table out of one snapshot, so that a row and what it points at are of the same moment."""
    parts = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _tables():
            place = folder / table
            with place.open("wb") as file, cursor.copy(f'COPY "{table}" ({_columns(table)}) TO STDOUT BINARY') as rows:
                for block in rows:
                    file.write(block)
            parts.append(place)
    return parts


def _tables() -> list[str]:
    names = connection.introspection.table_names()
    return sorted(name for name in names if name != "django_migrations")


def _columns(table: str) -> str:
    """Return the columns that are stored, not worked out by the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return ", ".join(f'"{name}"' for (name,) in cursor.fetchall())


def _manifest(at: datetime, parts: list[Path]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "engine": connection.vendor,
        "migrations": _migrations(),
        "taken_at": stamp(at),
        "parts": {part.name: {"sha256": _digest(part), "size": part.stat().st_size} for part in parts},
    }


def _migrations() -> list[str]:
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def _kept_files() -> Iterator[Path]:
    data = Path(settings.DATA_DIR)
    yield from (data / name for name in KEPT if (data / name).is_file())
    yield from (path for path in sorted(Path(settings.FILES_DIR).glob("*/*")) if not path.name.startswith("."))


def restore(source: Path, *, force: bool) -> dict[str, Any]:
    """Put a backup in the place of this data folder's business; return its manifest.

    Raises `Refusal` where a business is there and `force` isn't given, where Baton runs, and where the backup is of
    another engine or damaged; then nothing was changed.
    """
    in_use.alone()
    if not force and _is_inhabited():
        raise Refusal(
            _("There is a business in this data already. Restore with --force to put the backup in its place.")
        )
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as name:
        folder = Path(name)
        _unpack(source, folder)
        manifest = _checked_manifest(folder)
        _restore_files(folder)
        _restore_sqlite(folder) if connection.vendor == "sqlite" else _restore_postgresql(folder, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
    except tarfile.TarError:
        if (folder / "manifest.json").exists():
            raise Refusal(_("This backup is damaged: it can’t be read to its end.")) from None
        raise Refusal(_("This file is no backup of Baton.")) from None


def _is_inhabited() -> bool:
    if Member._meta.db_table not in connection.introspection.table_names():
        return False
    return Member.objects.exists()


def _checked_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError):
        raise Refusal(_("This file is no backup of Baton.")) from None
    if manifest["engine"] != connection.vendor:
        raise Refusal(
            _("This backup is of a %(engine)s database; start with the same kind to restore it.")
            % {"engine": manifest["engine"]}
        )
    for name, part in manifest["parts"].items():
        place = folder / "database" / name
        if not place.is_file() or _digest(place) != part["sha256"]:
            raise Refusal(_("This backup is damaged: %(part)s isn’t what was written.") % {"part": name})
    return manifest


def _restore_files(folder: Path) -> None:
    for path in [*(folder / name for name in KEPT), *folder.glob("files/*/*")]:
        if path.is_file():
            place = Path(settings.DATA_DIR) / path.relative_to(folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, place)


def _restore_sqlite(folder: Path) -> None:
    place = Path(connection.settings_dict["NAME"])
    connection.close()
    for leftover in (Path(f"{place}-wal"), Path(f"{place}-shm")):
        leftover.unlink(missing_ok=True)
    os.replace(folder / "database" / "baton.sqlite3", place)


def _restore_postgresql(folder: Path, manifest: dict[str, Any]) -> None:
    _migrate_to(manifest)
    tables = list(manifest["parts"])
    with transaction.atomic(), connection.cursor() as cursor, _without_triggers(cursor, tables):
        cursor.execute(f"TRUNCATE {', '.join(_quoted(tables))} CASCADE")
        for table in tables:
            with (folder / "database" / table).open("rb") as file, _copy_in(cursor, table) as rows:
                while block := file.read(BLOCK):
                    rows.write(block)
        _reset_sequences(cursor)
    triggers.install()


def _copy_in(cursor: Any, table: str) -> Any:
    return cursor.copy(f'COPY "{table}" ({_columns(table)}) FROM STDIN BINARY')


def _migrate_to(manifest: dict[str, Any]) -> None:
    """Bring the empty database to the state of the backup, so that its rows fit; later migrations follow."""
    newest: dict[str, str] = {}
    for name in manifest["migrations"]:
        app, _dot, migration = name.partition(".")
        newest[app] = max(migration, newest.get(app, ""))
    known = {config.label for config in apps.get_app_configs()}
    for app, migration in newest.items():
        if app in known:
            call_command("migrate", app, migration, interactive=False, verbosity=0)


@contextmanager
def _without_triggers(cursor: Any, tables: list[str]) -> Generator[None]:
    """Let the rows in whatever their order; the append-only guards come back in the same transaction."""
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in _quoted(tables):
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in _quoted(tables):
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _quoted(tables: list[str]) -> list[str]:
    return [connection.ops.quote_name(table) for table in tables]


def _reset_sequences(cursor: Any) -> None:
    from django.core.management.color import no_style

    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)
