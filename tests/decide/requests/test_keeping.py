"""A request is kept before anything of it is read; answered once; corrected, remembered, and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from baton.capture import store
from baton.decide.requests import keeping
from baton.decide.requests.models import Request, RequestTemplate
from baton.decide.requests.workbook.reading import read_workbook
from baton.kernel.verdict import Refusal
from baton.ledger.models import Fact
from baton.work.models import Question, Use
from tests.cast import HOUR, MONDAY, TUESDAY, Cast
from tests.templates import workbook

pytestmark = pytest.mark.django_db
ROWS = [["Rep", "Open pipeline Nov", "Revenue"], ["Ana", "", ""], ["Bram", "", ""]]


def gbp(major):
    return {"minor": major * 100, "currency": "GBP"}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_DIR = tmp_path


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    cast.deal("Quayside", "visited", amount=gbp(1_000), close_date="2026-11-27")
    cast.deal("Portside", "agreed", amount=gbp(300), status="won", owner=cast.bram)
    return cast


def asked(cast, rows=ROWS, at=MONDAY, **more) -> Request:
    told = {"by": cast.tomas, "file_name": "Board pack.xlsx", "raw": workbook(("S", rows))} | more
    return keeping.answer(keeping.ask(at=at, **told), at + HOUR)


def test_a_dropped_template_is_answered_with_a_file_and_counts_who_was_not_interrupted(cast):
    request = asked(cast, words="Need this by 4pm")

    assert (request.state, request.cells, request.left, request.spared, request.asked) == ("answered", 2, 2, 1, 0)
    assert request.wanted_by == MONDAY.replace(hour=16)
    assert request.filled_name == "Board pack (Baton).xlsx"
    assert read_workbook(store.get(request.filled)).sheets[0].cells[2, 2].value == 1_000


def test_the_same_mail_twice_is_one_request(cast):
    one = keeping.ask(by=cast.tomas, at=MONDAY, words="open deals", key="mail:1")
    two = keeping.ask(by=cast.tomas, at=TUESDAY, words="open deals", key="mail:1")

    assert (one.pk, Request.objects.count()) == (two.pk, 1)


def test_what_a_person_said_of_a_label_is_remembered_for_the_next_time(cast):
    first = asked(cast)
    keeping.correct(first, {"revenue": {"status": "won", "base": "amount"}}, keep=True, by=cast.tomas, at=TUESDAY)
    second = asked(cast, [["Rep", "Open pipeline Dec", "Revenue"], ["Bram", "", ""], ["Ana", "", ""]], at=TUESDAY)

    assert second.template == first.template
    assert (RequestTemplate.objects.count(), second.left) == (1, 0)
    assert second.told["filled"]["S"]["C2"]["v"] == 300


def test_a_correction_can_be_taken_back_and_who_only_reads_corrects_nothing(cast):
    first = asked(cast)
    keeping.correct(first, {"revenue": {"status": "won"}}, keep=True, by=cast.tomas, at=TUESDAY)
    again = keeping.correct(first, {"revenue": {}}, keep=True, by=cast.tomas, at=TUESDAY)

    assert (again.template.answers, again.left) == ({}, 2)
    with pytest.raises(Refusal):
        keeping.correct(first, {}, keep=True, by=cast.rita, at=TUESDAY)


def test_the_owners_of_what_is_unsure_are_asked_once_and_the_rest_are_spared(cast):
    late = MONDAY + timedelta(days=20)
    for _time in range(2):
        asked(cast, [["Rep", "Open pipeline Nov 2026"], ["Ana", ""]], at=late)

    (question,) = Question.objects.visible_to(cast.tomas)
    newest = Request.objects.latest("asked_at")
    assert (question.asked_of, question.about_field) == (cast.ana, "close_date")
    assert (
        question.text
        == "Tomas needs it for “Board pack.xlsx”: is the close date of Quayside still right, or what is it?"
    )
    assert (newest.asked, newest.spared) == (1, 0)


def test_every_fact_behind_an_answer_is_a_use_for_whoever_entered_it(cast):
    request = asked(cast, by=cast.ana)
    keeping.note_what_was_used(request)

    uses = Use.objects.unscoped("tests").filter(used_in="request", used_in_id=request.pk)
    assert {use.said_by for use in uses} == {cast.tomas}
    facts = Fact.objects.unscoped("tests").filter(pk__in=[use.fact_id for use in uses])
    assert sorted(fact.field for fact in facts) == ["amount", "close_date", "owner"]


def test_a_question_is_kept_with_its_answer_and_the_deals_behind_it(cast):
    request = keeping.answer(keeping.ask(by=cast.tomas, at=MONDAY, words="How many open deals has Ana?"), MONDAY)

    assert (request.state, request.because) == ("answered", "1 deal is open, worth £1,000.")
    assert [one["title"] for one in request.told["deals"]] == ["Quayside"]


def test_what_cannot_be_understood_or_read_is_refused_with_the_reason(cast):
    question = keeping.answer(keeping.ask(by=cast.tomas, at=MONDAY, words="Where is Bielefeld?"), MONDAY)
    file = keeping.answer(keeping.ask(by=cast.tomas, at=MONDAY, raw=b"%PDF-1.7", file_name="x.pdf"), MONDAY)

    assert (question.state, file.state) == ("refused", "refused")
    assert file.because == "That is no spreadsheet. XLSX, XLSM, ODS, XLS and CSV are filled."
    assert (question.due_at, file.due_at, question.noted) == (None, None, True)


def test_only_the_asker_opening_the_page_counts_as_opened(cast):
    request = asked(cast)

    keeping.opened(request, by=cast.ana, at=MONDAY)
    untouched = Request.objects.get(pk=request.pk).opened_at
    keeping.opened(request, by=cast.tomas, at=TUESDAY)

    assert (untouched, Request.objects.get(pk=request.pk).opened_at) == (None, TUESDAY)


def test_one_s_own_requests_are_seen_and_all_of_them_by_who_leads(cast):
    asked(cast, by=cast.ana)

    assert [Request.objects.visible_to(one).count() for one in (cast.ana, cast.tomas, cast.bram)] == [1, 1, 0]
