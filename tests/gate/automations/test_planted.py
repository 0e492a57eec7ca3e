"""Against every ready automation: dirty records, of which none is acted on, and the same ones clean, which are.

A sample of the thousand that the issue asks for; `BATON_PLANTED=1000` plants them all and prints what came of them.
"""

import os
import time
from collections import Counter
from statistics import median

import pytest

from baton.gate.automations.acting import act_due
from baton.gate.automations.models import AutomationRun
from baton.gate.automations.needing import standing_on
from baton.kernel.clock import now
from baton.map.current import current_map
from tests.cast import MINUTE, MONDAY
from tests.gate.automations.planted import DAY, DIRTS, READY, Planting, planted, ready_firm
from tests.gate.automations.scene import act, runs

pytestmark = pytest.mark.django_db
WHOLE = int(os.environ.get("BATON_PLANTED", "0"))
SAMPLE = DIRTS[::4]
CLEAN = max(len(READY), WHOLE // 2)


def settle() -> None:
    for days in range(6):
        act(MONDAY + MINUTE + days * DAY)


def run_of(deal, automation) -> AutomationRun:
    return AutomationRun.objects.unscoped("tests").get(deal=deal.pk, automation=automation)


def test_no_dirty_record_is_acted_on_and_each_refusal_names_the_fact_that_is_wrong():
    planting = Planting(ready_firm())
    dirts = planted(WHOLE) if WHOLE else SAMPLE
    cases = [(dirt, planting.deal(dirt.automation, dirt)) for dirt in dirts]

    settle()

    found = [(dirt, run_of(deal, dirt.automation)) for dirt, deal in cases]
    said = Counter((dirt, run.state, run.field) for dirt, run in found)
    print(f"{len(cases)} planted:", Counter(run.state for _dirt, run in found))
    assert {key: count for key, count in said.items() if key[1:] != ("refused", key[0].field)} == {}
    acted = {(run.deal_id, run.automation) for run in runs() if run.acted_at}
    wrong = {(deal.pk, each.id) for dirt, deal in cases for each in standing_on(dirt.field, current_map())}
    assert acted & wrong == set()


def test_the_same_records_when_they_are_clean_are_acted_on_within_two_seconds_of_the_event():
    planting = Planting(ready_firm())
    cases = [(READY[number % len(READY)], planting) for number in range(CLEAN)]
    deals = [(automation, planting.deal(automation)) for automation, planting in cases]

    settle()

    states = Counter(run_of(deal, automation).state for automation, deal in deals)
    print(f"{CLEAN} clean:", states)
    assert states["acted"] >= 0.99 * CLEAN


@pytest.mark.django_db(transaction=True)
def test_from_the_event_to_the_deed_it_takes_less_than_two_seconds(transactional_db):
    planting = Planting(ready_firm())
    took = []
    for _number in range(5):
        planting.deal("hand-over")
        began = time.perf_counter()
        act_due(now)
        took.append(time.perf_counter() - began)

    assert median(took) <= 2
