"""Receipts of requests and of paid statements are worked out anew by the check; whatever is wrong with one is named."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from baton.decide.checking import check_uses
from baton.decide.commission.statements import close
from baton.decide.requests import keeping
from baton.kernel.ids import uuid7
from baton.ledger.checking import Report
from baton.work.models import Use
from tests.cast import HOUR, MONDAY, TUESDAY, Cast
from tests.decide.commission.test_statements import DECEMBER, cast, won  # noqa: F401 - a fixture
from tests.templates import workbook

pytestmark = pytest.mark.django_db
ROWS = [["Rep", "Open pipeline Nov", "Won"], ["Ana", "", ""], ["Bram", "", ""]]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def firm(cast: Cast) -> Cast:  # noqa: F811
    """A firm with an answered request and a closed statement, both of which rest on entries of Ana's."""
    paid = won(cast)
    open_deal = cast.deal("Portside", "visited", at=MONDAY, close_date="2026-11-27")
    cast.tell("deal", open_deal.pk, by=cast.ana, at=MONDAY + HOUR, amount={"minor": 30_000, "currency": "GBP"})
    request = keeping.ask(by=cast.tomas, at=TUESDAY, file_name="Pack.xlsx", raw=workbook(("S", ROWS)))
    keeping.note_what_was_used(keeping.answer(request, TUESDAY + HOUR))
    close(cast.mia, "2026-11", by=cast.tomas, at=DECEMBER)
    cast.tell("deal", paid.pk, by=cast.ana, at=DECEMBER + HOUR, amount={"minor": 1, "currency": "GBP"})
    return cast


def uses(where):
    return Use.objects.unscoped("tests").filter(used_in=where)


def found():
    report = Report()
    check_uses(report)
    return [(one.kind, one.what) for one in report.differences]


def test_what_was_paid_on_and_answered_is_found_again_though_its_values_went_on(firm, capsys):
    call_command("check", "--json")

    assert min(uses("request").count(), uses("commission").count()) > 1
    assert json.loads(capsys.readouterr().out)["differences"] == 0


def lost(use):
    Use.objects.unscoped("tests").filter(pk=use.pk).delete()


def made_up(use):
    use.pk, use.used_in_id = uuid7(), uuid7()
    use.save(force_insert=True)


def taken_from_whom_it_is(use):
    Use.objects.unscoped("tests").filter(pk=use.pk).update(said_by=None)


def moved_in_time(use):
    Use.objects.unscoped("tests").filter(pk=use.pk).update(used_at=use.used_at + timedelta(days=9))


@pytest.mark.parametrize("where", ["request", "commission"])
@pytest.mark.parametrize(
    ("spoil", "what"),
    [(lost, "row"), (made_up, "row"), (taken_from_whom_it_is, "said_by"), (moved_in_time, "used_at")],
)
def test_a_receipt_that_is_lost_made_up_or_changed_is_named(firm, where, spoil, what):
    assert found() == []

    spoil(uses(where).exclude(said_by=None).first())

    assert found() == [("use", what)]


def test_an_answer_that_was_corrected_keeps_the_receipts_of_the_first(firm):
    request = keeping.Request.objects.get()
    before = set(uses("request").values_list("fact", flat=True))

    keeping.correct(request, {"open pipeline nov": {"nothing": True}}, keep=True, by=firm.tomas, at=TUESDAY + 2 * HOUR)
    keeping.note_what_was_used(request)

    assert before - set(uses("request").values_list("fact", flat=True)) == set()
    assert found() == []
