"""The forecast on the command line."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.cast import HOUR, MONDAY, Cast
from tests.decide.forecast.scene import deal, decide_by_it, gbp

pytestmark = pytest.mark.django_db


def told(*options: str) -> str:
    out = StringIO()
    call_command("forecast", *options, stdout=out)
    return out.getvalue()


def test_it_is_told_as_of_any_moment_by_person():
    cast = decide_by_it(Cast())
    one = deal(cast, "Pier 9", 1000)
    cast.tell("deal", one.pk, at=MONDAY + HOUR, amount=gbp(4000))

    found = json.loads(told("--as-of", (MONDAY + timedelta(minutes=59)).isoformat(), "--by", "month", "--json"))

    december = found["periods"][1]
    assert (december["period"], december["pipeline"], december["by"]["lines"][0]["whose"]) == (
        "2026-12", 100_000, "Ana Horvat",
    )  # fmt: skip
    assert "Ana Horvat" in told("--as-of", "2026-11-16T12:00:00")


def test_what_it_cannot_tell_it_says():
    Cast()
    with pytest.raises(CommandError, match="no decision"):
        told("--json")
    decide_by_it(Cast.__new__(Cast))
    for wrong in (["--as-of", "soon"], ["--member", "nobody@lime.example"]):
        with pytest.raises(CommandError):
            told(*wrong)
