"""How long a commit waits: for the disk, unless nobody is told of it."""

import pytest
from django.db import connection

from baton.kernel.writer import unacknowledged

FULL = {"sqlite": "PRAGMA synchronous=FULL", "postgresql": "SET synchronous_commit TO on"}
ASKED = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}


def asked(statement: dict[str, str]) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement[connection.vendor])
        return str(cursor.fetchone()[0]) if cursor.description else None


@pytest.mark.django_db(transaction=True)
def test_commits_wait_for_the_disk_again_after_work_that_nobody_was_told_of():
    before = asked(ASKED)
    asked(FULL)

    with unacknowledged():
        inside = asked(ASKED)
    after = asked(ASKED)

    assert inside in {"1", "off"}
    assert after in {"2", "on"}
    connection.close()
    assert asked(ASKED) == before


@pytest.mark.django_db
def test_inside_a_transaction_its_end_is_what_waits():
    before = asked(ASKED)

    with unacknowledged():
        inside = asked(ASKED)

    assert inside == before
