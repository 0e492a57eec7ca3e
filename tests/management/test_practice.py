"""The practice business: nothing of the real one reaches it, nothing leaves it, and it goes without a trace."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from baton.kernel import connecting
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.management import practising
from baton.management.backups import backup
from tests.cast import Cast


def test_it_is_given_nothing_of_the_real_one_s_surroundings(tmp_path: Path):
    real = {
        "PATH": "/bin", "LANG": "C.UTF-8", "BATON_HOSTS": "crm.lan", "DATABASE_URL": "postgresql://real",
        "BATON_DATA": "/srv/baton", "BATON_SECRET_KEY": "s", "BATON_SEAL_KEYS": "k", "BATON_SMTP_HOST": "mail.lan",
        "BATON_INSIDE": "mail.lan", "BATON_URL": "https://crm.lan", "BATON_SOMETHING_NEW": "x", "AWS_SECRET": "y",
    }  # fmt: skip

    found = practising.surroundings(real, tmp_path)

    assert found == {
        "PATH": "/bin", "LANG": "C.UTF-8", "BATON_HOSTS": "crm.lan",
        "BATON_DATA": str(tmp_path), "BATON_PRACTICE": "1",
    }  # fmt: skip


def test_it_connects_to_nothing_not_even_to_what_the_operator_named(settings):
    settings.BATON_PRACTICE, settings.BATON_INSIDE = True, ["127.0.0.1:9"]

    with pytest.raises(connecting.Unreachable, match="practice"):
        connecting.connect("127.0.0.1", 9)


def test_it_goes_with_everything_in_it_and_nothing_else_does(tmp_path: Path):
    (tmp_path / "baton.sqlite3").write_text("real")
    folder = practising.prepare(tmp_path)
    (folder / "baton.sqlite3").write_text("practised")

    assert (practising.remove(tmp_path), practising.remove(tmp_path)) == (True, False)
    assert [path.name for path in tmp_path.iterdir()] == ["baton.sqlite3"]


def test_a_folder_that_is_something_else_is_neither_filled_nor_removed(tmp_path: Path):
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "notes.txt").write_text("mine")

    for act in (practising.prepare, practising.remove):
        with pytest.raises(Refusal):
            act(tmp_path)

    assert (tmp_path / "practice" / "notes.txt").read_text() == "mine"


def test_it_is_not_removed_while_somebody_practises(tmp_path: Path):
    begun = practising.hold(practising.prepare(tmp_path))
    waiting = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, close_fds=False) as became:
        begun.close()

        with pytest.raises(Refusal):
            practising.remove(tmp_path)
        became.communicate()

    assert practising.remove(tmp_path)


def test_there_is_no_practice_in_the_practice(settings):
    settings.BATON_PRACTICE = True

    with pytest.raises(CommandError):
        call_command("practice")


@pytest.mark.django_db
@pytest.mark.parametrize("practice", [True, False])
def test_every_page_of_it_says_what_it_is(settings, practice):
    settings.BATON_PRACTICE = practice
    client = Client()
    client.force_login(Cast().ana)

    page = client.get("/what-we-use/").content.decode()

    assert ("Everything here is invented" in page) == practice


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_the_real_one_holds_nothing_of_it(settings, tmp_path: Path):
    import tarfile

    settings.DATA_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"
    Cast()
    (practising.prepare(tmp_path) / "baton.sqlite3").write_text("practised")

    backup(tmp_path / "kept.tar", at=now())

    with tarfile.open(tmp_path / "kept.tar") as archive:
        assert [name for name in archive.getnames() if "practice" in name] == []
