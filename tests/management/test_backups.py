"""A backup holds everything, is taken while Baton runs, and comes back on an empty machine."""

import json
import os
import subprocess
import sys
import tarfile
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

RUN = "import sys; from baton.management.cli import main; sys.argv[0] = 'baton'; main()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def home(folder, django_db_setup):
    """A founded business with a data folder and a database of its own, on either engine; no test changes it."""
    env = dict(os.environ, BATON_DATA=str(folder / "data"), DJANGO_SETTINGS_MODULE="config.settings")
    if connection.vendor == "postgresql":
        env["DATABASE_URL"] = own_database(env["DATABASE_URL"], f"backup_{os.getpid()}")
    home = partial(_baton, env)
    found(home)
    yield home
    if connection.vendor == "postgresql":
        drop_database(env["DATABASE_URL"])


def _baton(env: dict[str, str], *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", RUN, *words],
        env=env,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def archive(home, folder) -> Path:
    done = home("backup", str(folder / "b.tar"))
    assert done.returncode == 0, done.stderr
    return folder / "b.tar"


def own_database(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    before, _, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{query}"


def drop_database(url: str) -> None:
    import psycopg

    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def found(home) -> None:
    done = home(
        "init", "--owner-name", "Tomas Okafor", "--owner-email", "tomas@lime.example",
        "--password", "correct horse battery", "--map", "facilities",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def checked(home) -> dict:
    return json.loads(home("check", "--json").stdout)


def test_a_restored_business_is_the_one_that_was_backed_up(home, archive):
    before = checked(home)

    again = home("restore", str(archive), "--force")

    assert again.returncode == 0, again.stderr
    assert checked(home) == before
    assert before["differences"] == 0


def test_a_restore_refuses_to_overwrite_a_business_unless_forced(home, archive):
    refused = home("restore", str(archive))

    assert refused.returncode == 1
    assert "--force" in refused.stderr


@pytest.mark.parametrize("which", ["content", "name"])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(home, archive, tmp_path, which):
    damaged = damage(archive, tmp_path / "b.tar", which)

    refused = home("restore", str(damaged), "--force")

    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert checked(home)["differences"] == 0


def damage(archive: Path, copy: Path, which: str) -> Path:
    """Copy an archive with bits flipped in the content of its largest part of the database, or where that is named."""
    with tarfile.open(archive) as parts:
        part = max((one for one in parts if one.name.startswith("database/")), key=lambda one: one.size)
    place = part.offset_data + part.size // 2 if which == "content" else part.offset
    content = bytearray(archive.read_bytes())
    content[place : place + 64] = bytes(255 - byte for byte in content[place : place + 64])
    copy.write_bytes(content)
    return copy


def test_what_is_no_backup_is_refused_with_a_sentence(home, tmp_path):
    (tmp_path / "notes.tar").write_bytes(b"nothing of the kind")

    refused = home("restore", str(tmp_path / "notes.tar"), "--force")

    assert refused.returncode == 1
    assert "no backup" in refused.stderr


def test_a_backup_onto_a_folder_is_refused_in_a_sentence(home, folder):
    done = home("backup", str(folder))

    assert (done.returncode, done.stderr) == (
        1,
        f"CommandError: “{folder}” is a folder. Name the file to write in it.\n",
    )
