"""A value that somebody calls wrong is answered for by somebody, in time, and the answer comes back."""

from datetime import timedelta

import pytest

from baton.kernel.clock import stamp
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Fact
from baton.ledger.recording import record
from baton.members.models import Member, Role
from baton.work import questions
from baton.work.checking import check
from baton.work.flags import flag, open_flags, told_lately
from baton.work.models import Duty, Question
from tests.cast import HOUR, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
EARLIER = MONDAY - timedelta(days=3)


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    made = cast.deal("Gantry Works", at=EARLIER)
    cast.tell("deal", made.pk, by=cast.bram, at=EARLIER, close_date="2026-11-27")
    return fresh(made)


def test_who_said_it_owes_an_answer_by_a_clock(cast, deal):
    asked = flag(deal, "close_date", by=cast.tomas, at=MONDAY, words="this closed yesterday")

    duty = Duty.objects.unscoped("tests").get(subject_id=asked.pk)
    assert asked.text == "Close date, 27 November 2026, is wrong: this closed yesterday"
    assert (asked.asked_of_id, duty.owed_by_id, duty.state) == (cast.bram.pk, cast.bram.pk, "open")
    assert duty.due_at > MONDAY
    assert asked.flagged == Fact.objects.unscoped("tests").get(field="close_date").pk


@pytest.mark.parametrize(
    ("gone", "expected"),
    [((), "bram"), (("bram",), "ana"), (("bram", "ana"), "tomas")],
    ids=["who said", "owner", "map"],
)
def test_somebody_answers_for_a_value_whoever_left(cast, deal, gone, expected):
    for name in gone:
        Member.objects.filter(pk=getattr(cast, name).pk).update(is_active=False)

    assert flag(deal, "close_date", by=cast.mia, at=MONDAY).asked_of_id == getattr(cast, expected).pk


def test_a_new_value_answers_the_flag_and_the_answer_comes_back(cast, deal):
    flag(deal, "close_date", by=cast.tomas, at=MONDAY)
    cast.tell("deal", deal.pk, by=cast.bram, at=MONDAY + HOUR, close_date="2026-11-15")

    [told] = told_lately(cast.tomas, TUESDAY)
    assert (told.answer, told.by, told.deal) == ("It is 15 November 2026 now.", "Bram Castell", "Gantry Works")
    assert list(open_flags(deal, cast.tomas)) == []
    assert Duty.objects.unscoped("tests").get(subject_kind="question").state == "closed"
    assert check().differences == []


def test_an_answer_in_words_comes_back_as_well(cast, deal):
    asked = flag(deal, "close_date", by=cast.tomas, at=MONDAY)
    questions.answer(asked, "It is right, she moved it on Friday.", by=cast.bram, at=MONDAY + HOUR)

    assert [told.answer for told in told_lately(cast.tomas, TUESDAY)] == ["It is right, she moved it on Friday."]
    assert told_lately(cast.tomas, MONDAY + timedelta(days=9)) == []


def test_another_field_or_another_deal_answers_nothing(cast, deal):
    flag(deal, "close_date", by=cast.tomas, at=MONDAY)
    other = cast.deal("Other", at=EARLIER)
    cast.tell("deal", deal.pk, at=MONDAY + HOUR, service="gritting")
    cast.tell("deal", other.pk, at=MONDAY + HOUR, close_date="2026-12-01")

    assert open_flags(deal, cast.tomas).count() == 1


def test_flagging_twice_is_one_flag_and_two_people_are_two(cast, deal):
    first = flag(deal, "close_date", by=cast.tomas, at=MONDAY)

    assert flag(deal, "close_date", by=cast.tomas, at=MONDAY + HOUR) == first
    flag(deal, "close_date", by=cast.mia, at=MONDAY + HOUR)
    assert Question.objects.unscoped("tests").count() == 2


@pytest.mark.parametrize(
    ("who", "field", "sentence"),
    [
        ("bram", "close_date", "You answer for this value yourself"),
        ("tomas", "scope", "Nobody has said it yet"),
    ],
)
def test_what_can_not_be_flagged_says_why(cast, deal, who, field, sentence):
    with pytest.raises(Refusal, match=sentence):
        flag(deal, field, by=getattr(cast, who), at=MONDAY)


def test_nobody_flags_what_they_do_not_see():
    cast = Cast("own")
    deal = cast.deal("Theirs", at=EARLIER, owner=cast.ben, desk="operations")

    with pytest.raises(Refusal, match="There is no such deal"):
        flag(deal, "title", by=cast.ana, at=MONDAY)


def test_a_read_only_member_may_call_a_value_wrong_and_ask_or_answer_nothing_else(cast, deal):
    asked = flag(deal, "close_date", by=cast.rita, at=MONDAY, words="it closed")

    assert (asked.asked_by_id, asked.asked_of_id) == (cast.rita.pk, cast.bram.pk)
    for entries in (
        questions.said_question(deal.pk, "When?", of=cast.bram, by=cast.rita),
        [Entry("question", asked.pk, "answer", {"text": "Now", "by": str(cast.rita.pk), "at": stamp(MONDAY)})],
    ):
        with pytest.raises(Refusal, match="read only"):
            record(entries, by=Author(cast.rita), at=MONDAY + HOUR)


def test_a_read_only_member_flags_nothing_on_a_deal_that_they_do_not_see():
    cast = Cast("own")
    hidden = cast.deal("Canary", at=EARLIER, close_date="2026-11-27")

    with pytest.raises(Refusal, match="no such deal"):
        flag(fresh(hidden), "close_date", by=cast.rita, at=MONDAY)


def test_who_may_only_read_by_now_is_not_asked_to_answer(cast, deal):
    Member.objects.filter(pk=cast.bram.pk).update(role=Role.READ_ONLY)

    assert flag(deal, "close_date", by=cast.mia, at=MONDAY).asked_of_id == cast.ana.pk
