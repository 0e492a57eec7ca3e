"""The queue is rows: claimed with a lease, put off with a growing wait, and nobody waits for a poll."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from baton.capture.models import Delivery
from baton.kernel.claims import LEASE, backoff, claim, loop, ring, stop_loop
from baton.kernel.rows import insert_rows
from tests.cast import HOUR, MINUTE, MONDAY

SECONDS = timedelta(seconds=1)


def rows():
    return Delivery.objects.unscoped("tests")


def waiting(count: int = 3) -> None:
    insert_rows(
        [Delivery(channel="email", key=str(n), received_at=MONDAY, due_at=MONDAY + n * SECONDS) for n in range(count)]
    )


@pytest.mark.django_db
def test_the_oldest_are_claimed_first_and_only_what_is_due():
    waiting()

    taken = claim(rows(), limit=2, at=MONDAY + HOUR)

    assert [one.key for one in taken] == ["0", "1"]
    assert [one.key for one in claim(rows(), limit=9, at=MONDAY)] == []


@pytest.mark.django_db
def test_what_is_claimed_is_nobody_else_s_until_its_lease_is_over():
    waiting(1)
    claim(rows(), limit=1, at=MONDAY)

    assert claim(rows(), limit=1, at=MONDAY + LEASE - SECONDS) == []
    assert [one.tries for one in claim(rows(), limit=1, at=MONDAY + LEASE)] == [2]


@pytest.mark.django_db
def test_what_failed_waits_longer_each_time_and_says_why():
    waiting(1)
    [row] = claim(rows(), limit=1, at=MONDAY)

    row.put_off("the disk was full", MONDAY)

    assert (rows().get().last_error, rows().get().due_at) == ("the disk was full", MONDAY + 10 * SECONDS)
    assert [backoff(tries) for tries in (1, 2, 3, 30)] == [10 * SECONDS, 20 * SECONDS, 40 * SECONDS, HOUR]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_get_the_same_row():
    waiting(40)
    taken: list[str] = []

    def work() -> None:
        while found := claim(rows(), limit=3, at=MONDAY + MINUTE):
            taken.extend(one.key for one in found)
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(taken, key=int) == [str(n) for n in range(40)]


@pytest.mark.django_db(transaction=True)
def test_the_bell_wakes_the_loop_at_once():
    stop, woken = threading.Event(), threading.Event()
    calls = []

    def step() -> int:
        calls.append(1)
        if len(calls) > 1:
            woken.set()
        return 0

    worker = threading.Thread(target=loop, args=("test", step, stop), kwargs={"poll": 600})
    worker.start()
    ring("test")
    assert woken.wait(20)
    stop_loop("test", stop)
    worker.join(20)

    assert not worker.is_alive()
