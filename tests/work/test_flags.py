"""A value that somebody calls wrong is answered for by somebody, in time, and the answer comes back."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.ledger.models import Fact
from baton.members.models import Member
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
        ("rita", "close_date", "Your role is read only"),
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
