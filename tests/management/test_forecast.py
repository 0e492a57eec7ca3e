"""The forecast on the command line."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from baton.decide.forecast.calls import call
from tests.cast import HOUR, MONDAY, Cast
from tests.decide.forecast.scene import Q4, deal, decide_by_it, gbp

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


def test_the_three_numbers_stand_beside_each_other_whatever_it_is_grouped_by():
    cast = decide_by_it(Cast())
    deal(cast, "Pier 9", 1000, owner=cast.ana)
    deal(cast, "Pier 10", 500, owner=cast.bram, category="commit")
    call(Q4, 90_000, by=cast.ana, at=MONDAY + HOUR)

    for group in ("owner", "desk"):
        text = told("--as-of", "2026-11-16T12:00:00", "--group", group)
        found = json.loads(told("--as-of", "2026-11-16T12:00:00", "--group", group, "--json"))["periods"][0]["three"]

        assert "called £1,400 (by 1, others by won and commit)" in text
        assert "our own history: 0 comparable cases, too few to say" in text
        assert found["called"] == {"sum": 140_000, "people": 1, "others_by_won_and_commit": 50_000}
        assert (found["stage_weights"], found["history"]["likely"], found["history"]["cases"]) == (0, None, 0)


def test_what_it_cannot_tell_it_says():
    Cast()
    with pytest.raises(CommandError, match="no decision"):
        told("--json")
    decide_by_it(Cast.__new__(Cast))
    for wrong in (["--as-of", "soon"], ["--member", "nobody@lime.example"]):
        with pytest.raises(CommandError):
            told(*wrong)
