"""A sample of `make prove`: three kills and thirty mails of its two hundred and five thousand.

What the whole program loses, doubles or writes by halves when it is killed while mail comes in by SMTP and IMAP.
"""

from pathlib import Path

import pytest
from django.db import connection

from bench.places import Place
from prove.__main__ import prove
from prove.tracing import Answered, Done, answers, calls

KILLS, MAILS = 3, 30


@pytest.fixture
def place(tmp_path: Path, django_db_setup, django_db_blocker):
    """An empty place on the database that the tests run on."""
    if connection.vendor == "sqlite":
        yield Place(tmp_path)
        return
    told = connection.settings_dict
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS proof WITH (FORCE)")
        cursor.execute("CREATE DATABASE proof")
    yield Place(tmp_path, f"postgresql://{told['USER']}@/proof?host={told['HOST']}")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP DATABASE proof WITH (FORCE)")


def test_killed_again_and_again_every_acknowledged_mail_is_recorded_once_and_whole(place):
    told = prove(place, "kills", KILLS, MAILS)

    assert {name: told[name] for name in ("lost", "doubled", "half", "waiting", "differences")} == {
        "lost": 0, "doubled": 0, "half": 0, "waiting": 0, "differences": 0,
    }  # fmt: skip
    assert (told["smtp"], told["imap"]) == (MAILS // 2, MAILS // 2)


TRACE = """\
7 10.000000 recvfrom(9<socket:[1]>, "Subject: hello\\r\\n"..., 262144, 0, NULL, NULL) = 400 <0.000010>
7 10.000100 sendto(9<socket:[1]>, "354 End data wit"..., 37, 0, NULL, 0) = 37 <0.000010>
7 10.001000 recvfrom(9<socket:[1]>, "\\r\\n.\\r\\n"..., 262144, 0, NULL, NULL) = 5 <0.000010>
8 10.002000 fdatasync(5</data/baton.sqlite3-wal> <unfinished ...>
7 10.002500 recvfrom(10<socket:[2]>, "EHLO x\\r\\n"..., 262144, 0, NULL, NULL) = 8 <0.000010>
7 10.002600 sendto(10<socket:[2]>, "250-localhost\\r\\n"..., 60, 0, NULL, 0) = 60 <0.000010>
8 10.004000 <... fdatasync resumed>)       = 0 <0.002000>
7 10.005000 sendto(9<socket:[1]>, "250 2.0.0 Kept.\\r"..., 17, 0, NULL, 0) = 17 <0.000010>
"""


def test_a_trace_tells_the_sync_that_lies_between_a_mail_and_its_answer():
    done = list(calls(TRACE.splitlines()))

    [one] = answers(done, done)

    sync = Done("fdatasync", "5</data/baton.sqlite3-wal>", "", 10.002, pytest.approx(10.004))
    assert one == Answered(heard=pytest.approx(10.00101), at=10.005, sync=sync)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("fdatasync", "lseek"),
        ("fdatasync resumed>)       = 0", "fdatasync resumed>)       = -1 EIO"),
        ("10.002000 fdatasync", "10.000500 fdatasync"),
        ("<0.002000>", "<0.004000>"),
    ],
    ids=["none", "failed", "begun before the mail had come", "ended after the answer"],
)
def test_a_trace_without_a_whole_sync_in_between_shows_none(was, now):
    done = list(calls(TRACE.replace(was, now).splitlines()))

    assert [one.sync for one in answers(done, done)] == [None]
