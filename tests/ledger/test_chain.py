"""What is sealed is a fact as a list in JSON, whatever letters stand in it."""

import hashlib
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from baton.kernel.clock import stamp
from baton.ledger.chain import digest

ONE = UUID("01a2151b-be3a-7f35-8c40-0713ad27b5a0")
AT = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["plain", 'with "quotes" \\ and\nlines', "Šarić €", "\x00\u2028", 12, 1.5, None, True, {"b": [1, "ž"], "a": {}}],
)
def test_the_digest_is_over_everything_that_a_fact_says(value):
    said = [str(ONE), "deal", str(ONE), 3, "amount", value, "confirmed", str(ONE), "screen", "", "it's “so”", stamp(AT)]
    said += [stamp(AT), "", str(ONE)]
    fact = SimpleNamespace(
        id=ONE, record_kind="deal", record_id=ONE, seq=3, field="amount", value=value, status="confirmed",
        said_by_id=ONE, channel="screen", interaction_id=None, words="it's “so”", happened_at=AT, recorded_at=AT,
        settles_id=None, replaces_id=ONE,
    )  # fmt: skip

    body = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    assert digest(b"before", b"salt", fact) == hashlib.sha256(b"beforesalt" + body.encode()).digest()
