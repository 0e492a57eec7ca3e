"""How far a value may be relied on: status, age, source, who said it, and what else was said."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from baton.kernel.clock import stamp
from baton.ledger.trust import Trust, source_of, trust_of
from baton.map.elements import Field
from tests.cast import MONDAY

KEYS = Field(key="key_holder", id="key_holder", name="Key-holder", type="contact", fresh_for=90)
ANA = str(uuid4())


def kept(days: float = 1, **more: Any) -> dict[str, Any]:
    return {"v": "Dana", "f": "f1", "h": stamp(MONDAY - timedelta(days=days)), "ch": "screen", "by": ANA} | more


@pytest.mark.parametrize(
    ("value", "state", "strictly"),
    [
        ({}, "missing", "missing"),
        ({"v": ""}, "missing", "missing"),
        ({"s": ["s1"]}, "suggested", "suggested"),
        (kept(), "confirmed", "confirmed"),
        (kept(90), "confirmed", "confirmed"),
        (kept(90.01), "stale", "stale"),
        (kept(s=["s1"]), "confirmed", "suggested"),
        (kept(91, s=["s1"]), "stale", "suggested"),
        (kept(also=[{"v": "Mark", "f": "f2", "m": "m"}]), "confirmed", "suggested"),
    ],
)
def test_a_value_is_as_sure_as_what_was_said_of_it(value, state, strictly):
    found = trust_of(value, KEYS, MONDAY)

    assert (found.state, found.strictly) == (state, strictly)


def test_it_says_who_said_it_when_and_for_how_long_it_stays_fresh():
    assert trust_of(kept(100), KEYS, MONDAY) == Trust(
        "stale", False, MONDAY - timedelta(days=100), 100, 90, "person", ANA, "f1"
    )


def test_what_reads_a_value_may_ask_for_a_fresher_one_than_the_map():
    assert trust_of(kept(10), KEYS, MONDAY, fresh_for=7).state == "stale"
    assert trust_of(kept(10), None, MONDAY).state == "confirmed"


def test_a_date_that_should_have_come_is_old_at_any_age():
    assert trust_of(kept(0), KEYS, MONDAY, over=True).state == "stale"


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ({"ch": "screen", "by": ANA}, "person"),
        ({"ch": "screen", "by": ANA, "i": "i1"}, "message"),
        ({"ch": "email", "i": "i1"}, "message"),
        ({"ch": "sheets", "by": ANA}, "table"),
        ({"ch": "import", "i": "i1", "by": ANA}, "table"),
        ({"ch": "api:nightly", "by": ANA}, "program"),
        ({"ch": "baton"}, "rule"),
        ({"ch": "email"}, "rule"),
    ],
)
def test_a_source_is_never_better_than_its_channel(value, source):
    assert source_of(value) == source
