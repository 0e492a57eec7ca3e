"""Rows written many at once are what Django would have written one by one, on both databases."""

from datetime import timedelta, timezone

import pytest
from django.db import IntegrityError

from baton.capture.models import Delivery, ImportJob, Raw
from baton.kernel.rows import insert_rows, update_rows
from tests.cast import HOUR, MONDAY, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def delivery(key: str, **values) -> Delivery:
    return Delivery(channel="email", key=key, received_at=MONDAY, **values)


def kept(key: str) -> Delivery:
    return Delivery.objects.unscoped("tests").get(key=key)


def test_values_of_every_type_come_back_as_they_were(cast):
    elsewhere = MONDAY.astimezone(timezone(timedelta(hours=2)))
    row = delivery("a", as_member=cast.ana, evidence={"by": ["ž", None, 1]}, live=False, due_at=elsewhere, tries=3)

    insert_rows([row])

    found = kept("a")
    assert (found.pk, found.as_member, found.evidence, found.live, found.due_at, found.tries) == (
        row.pk, cast.ana, {"by": ["ž", None, 1]}, False, MONDAY, 3,
    )  # fmt: skip


def test_a_reference_given_as_text_is_a_reference(cast):
    insert_rows([delivery("a", as_member_id=str(cast.ana.pk))])

    assert kept("a").as_member == cast.ana


def test_bytes_stay_bytes():
    insert_rows([Raw(sha256="x", size=2, body=b"\x00\xff"), Raw(sha256="y", size=0, body=None)])

    assert [bytes(raw.body) if raw.body is not None else None for raw in Raw.objects.order_by("pk")] == [
        b"\x00\xff",
        None,
    ]


def test_a_key_that_is_taken_is_an_error_unless_told_otherwise(cast):
    insert_rows([delivery("a", sender="first")])
    insert_rows([delivery("a", sender="second"), delivery("b")], ignore_conflicts=True)

    assert (kept("a").sender, kept("b").sender) == ("first", "")
    with pytest.raises(IntegrityError):
        insert_rows([delivery("a")])


def test_only_the_named_fields_are_written(cast):
    insert_rows([delivery("a", sender="x"), delivery("b", sender="y")])
    rows = [kept("a"), kept("b")]
    for row in rows:
        row.state, row.due_at, row.sender = "known", MONDAY + HOUR, "changed"

    update_rows(rows, ["state", "due_at"])

    assert [(kept(k).state, kept(k).due_at, kept(k).sender) for k in "ab"] == [
        ("known", MONDAY + HOUR, "x"), ("known", MONDAY + HOUR, "y"),
    ]  # fmt: skip


def test_a_numbered_row_gets_its_number_from_the_database(cast):
    job = ImportJob(what="mail", by=cast.ana, started_at=MONDAY)
    insert_rows([job])

    assert ImportJob.objects.get() == job
