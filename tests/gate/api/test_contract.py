"""A sample of `make prove ONLY=contract`: as every role, no fault and no answer that the description doesn't name."""

import pytest

from baton.ledger.models import Fact
from baton.work.models import Duty
from tests.gate.api.contract import hold
from tests.gate.api.scene import Scene, program

pytestmark = pytest.mark.django_db


def ids_of(scene: Scene) -> dict[str, list[str]]:
    """What is there, seen or not, by kind."""
    cast, deals = scene.cast, [scene.deal, scene.other, scene.gone]
    return {
        "company": [str(scene.company.pk)],
        "contact": [str(scene.contact.pk)],
        "deal": [str(one.pk) for one in deals],
        "owner": [str(one.pk) for one in (cast.ana, cast.ben, cast.rita)],
        "by": [str(one.pk) for one in (cast.ana, cast.ben)],
        "interaction": [str(scene.mail.pk)],
        "handoff": [str(scene.handoff.pk)],
        "fact": [str(pk) for pk in Fact.objects.unscoped("tests").values_list("pk", flat=True)[:20]],
        "dutie": [str(pk) for pk in Duty.objects.unscoped("tests").values_list("pk", flat=True)[:20]],
    }


@pytest.mark.parametrize("who", ["tomas", "ana", "rita"], ids=["owner", "member", "read-only"])
def test_whatever_a_program_sends_the_answer_is_one_that_was_announced(who, settings):
    settings.BATON_PROGRAM_REQUESTS_A_MINUTE = 1_000_000
    scene = Scene("own deals")
    client = program(getattr(scene.cast, who))
    secret = client.defaults.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")

    statuses, faults = hold(secret, ids_of(scene), examples=2)

    assert not faults, "\n\n".join(faults)
    assert statuses[200] > 20
