"""The receipts of calls are found again by the check, and one that is missing or made up is named."""

import json

import pytest
from django.core.management import call_command

from baton.decide.forecast.calls import call
from baton.decide.forecast.checking import check_uses
from baton.kernel.ids import uuid7
from baton.ledger.checking import Report
from baton.work.models import Use
from tests.cast import HOUR, MONDAY, Cast
from tests.decide.forecast.scene import Q4, deal, decide_by_it, gbp

pytestmark = pytest.mark.django_db


@pytest.fixture
def called():
    cast = decide_by_it(Cast())
    one = deal(cast, "Pier 9", 1000, owner=cast.ben)
    cast.tell("deal", one.pk, by=cast.ana, at=MONDAY, amount=gbp(1200))
    call(Q4, 100_000, by=cast.ben, at=MONDAY + HOUR)
    cast.tell("deal", one.pk, by=cast.ana, at=MONDAY + 2 * HOUR, amount=gbp(1300))
    call(Q4, 110_000, by=cast.ben, at=MONDAY + 3 * HOUR)
    return Use.objects.unscoped("tests").filter(used_in="forecast")


def differences():
    report = Report()
    check_uses(report)
    return [(one.kind, one.what) for one in report.differences]


def test_what_calls_used_is_found_again_also_where_a_later_call_rests_on_the_same(called, capsys):
    call_command("check", "--json")

    assert called.count() > 2
    assert json.loads(capsys.readouterr().out)["differences"] == 0


def test_a_missing_and_a_made_up_use_are_named(called):
    gone = called.first()
    made_up = Use.objects.unscoped("tests").get(pk=gone.pk)
    Use.objects.unscoped("tests").filter(pk=gone.pk).delete()
    made_up.pk = uuid7()
    made_up.save(force_insert=True)

    assert differences() == [("use", "row"), ("use", "row")]
