"""The limited child: quick for honest input, and nothing that strangers send gets past its limits."""

import os
import subprocess
import sys
import threading
import time

import pytest

from baton.capture import untrusted
from baton.capture.untrusted import Unreadable, allow, parse_many, parse_untrusted
from baton.channels.email import CLEAN_HTML, READ_MAIL

SLEEP, EXIT, FILL = allow("time.sleep"), allow("os._exit"), allow("builtins.bytearray")
MODULES, ENVIRONMENT, UNKNOWN = (
    allow(f"tests.capture.odd_readers.{name}")
    for name in ("loaded_modules", "environment", "answer_of_an_unknown_class")
)
LETTER = b"From: ana@x.com\r\nSubject: Keys\r\n\r\nMonday.\r\n"


def child_ids() -> set[int]:
    return set(untrusted.reading_processes())


def test_a_message_is_read_in_the_child_and_comes_back_whole():
    message = parse_untrusted(READ_MAIL, LETTER)

    assert (message.from_.email, message.subject, message.text) == ("ana@x.com", "Keys", "Monday.")


def test_html_is_cleaned_in_the_child():
    assert parse_untrusted(CLEAN_HTML, '<img src="cid:a">', cid_urls={"a": "/files/1"}).html == '<img src="/files/1">'


@pytest.fixture
def alone() -> None:
    """Children that earlier tests left behind are gone."""
    untrusted.stop_reading()


@pytest.mark.usefixtures("alone")
def test_one_child_serves_many_calls():
    parse_untrusted(READ_MAIL, LETTER)
    before = child_ids()

    for _ in range(5):
        parse_untrusted(READ_MAIL, LETTER)

    assert (len(before), child_ids()) == (1, before)


def test_a_function_that_nobody_allowed_is_not_called():
    with pytest.raises(LookupError, match=r"subprocess\.getoutput isn't allowed"):
        parse_untrusted("subprocess.getoutput", "id")


def test_what_takes_too_long_is_given_up_and_the_next_is_read():
    started = time.monotonic()
    parse_untrusted(READ_MAIL, LETTER)

    with pytest.raises(Unreadable, match=r"^Reading it took longer than 0.3 seconds\.$"):
        parse_untrusted(SLEEP, 30, seconds=0.3)

    assert parse_untrusted(READ_MAIL, LETTER).subject == "Keys"
    assert time.monotonic() - started < 10


def test_what_brings_the_child_down_is_named_and_the_next_is_read():
    with pytest.raises(Unreadable, match="brought the reading process down"):
        parse_untrusted(EXIT, 3)

    assert parse_untrusted(READ_MAIL, LETTER).subject == "Keys"


def test_memory_past_the_cap_is_refused():
    with pytest.raises(Unreadable, match="more memory than allowed"):
        parse_untrusted(FILL, 900_000_000)


def test_a_message_of_50_mb_is_read_within_the_cap():
    raw = b"From: a@x.com\r\nContent-Type: application/pdf\r\n\r\n" + b"x" * 48_000_000

    assert parse_untrusted(READ_MAIL, raw, seconds=10).attachments[0].size == 48_000_000


def test_of_a_batch_only_the_culprit_is_lost():
    answers = parse_many(SLEEP, [0, 0, 30, 0], seconds=0.5)

    assert [type(each).__name__ for each in answers] == ["NoneType", "NoneType", "Unreadable", "NoneType"]


def test_unreadable_messages_keep_their_place_in_a_batch():
    answers = parse_many(READ_MAIL, [LETTER, b"", LETTER])

    assert [str(each) if isinstance(each, Unreadable) else each.subject for each in answers] == [
        "Keys",
        "The file is empty.",
        "Keys",
    ]


def test_an_empty_batch_asks_nobody():
    assert parse_many(READ_MAIL, []) == []


@pytest.mark.usefixtures("alone")
def test_a_child_that_was_killed_from_outside_is_replaced():
    parse_untrusted(READ_MAIL, LETTER)
    (pid,) = child_ids()
    os.kill(pid, 9)

    assert parse_untrusted(READ_MAIL, LETTER).subject == "Keys"


def test_threads_share_the_child_and_each_gets_its_own_answer():
    subjects: dict[int, str] = {}

    def read(number: int) -> None:
        for _ in range(10):
            subjects[number] = parse_untrusted(READ_MAIL, b"From: a@x.com\nSubject: %d\n\nx" % number).subject

    threads = [threading.Thread(target=read, args=[number]) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert subjects == {number: str(number) for number in range(6)}


def test_the_child_knows_no_django_and_no_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    untrusted.stop_reading()

    parse_untrusted(READ_MAIL, LETTER)

    assert parse_untrusted(MODULES, "django") == []
    assert parse_untrusted(ENVIRONMENT, "DATABASE_URL") is None


def test_an_answer_that_is_no_plain_value_is_not_unpacked():
    with pytest.raises(Unreadable, match="something else than a message"):
        parse_untrusted(UNKNOWN, "x")


def test_nothing_is_left_running_after_the_program_ends():
    program = (
        "from baton.channels.email import READ_MAIL\nfrom baton.capture import untrusted\n"
        "untrusted.parse_untrusted(READ_MAIL, b'From: a@x.com\\n\\nx')\nprint(*untrusted.reading_processes())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not os.path.exists(f"/proc/{int(done.stdout)}")
