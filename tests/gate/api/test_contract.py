"""A sample of `make prove ONLY=contract`: as every role, no fault and no answer that the description doesn't name."""

import pytest

from tests.gate.api.contract import hold
from tests.gate.api.scene import Scene, ids_of, program

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["tomas", "ana", "rita"], ids=["owner", "member", "read-only"])
def test_whatever_a_program_sends_the_answer_is_one_that_was_announced(who, settings):
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 1_000_000
    scene = Scene("own deals")
    client = program(getattr(scene.cast, who))
    secret = client.defaults.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")

    statuses, faults = hold(secret, ids_of(scene), examples=2)

    assert not faults, "\n\n".join(faults)
    assert statuses[200] > 10
