"""A behavior missed more than one time in four for a month chases nobody until its owner has decided."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.map.publishing import publish
from baton.work import chasing, lapsing
from baton.work.checking import check
from baton.work.models import Duty, Lapse
from baton.work.today import duties_of
from tests.cast import FIRM, HOUR, MONDAY, Cast, fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SLOWER = FIRM.replace("within: 2 working hours", "within: 2 working days")
GONE = FIRM.replace(FIRM[FIRM.index("  answer-enquiry:") : FIRM.index("  set-next-step:")], "")


@pytest.fixture
def cast() -> Cast:
    return Cast()


def month(cast: Cast, late: int, kept: int) -> None:
    """So many enquiries that were answered late, and so many in time; none is open at the end but one."""
    for number in range(late + kept):
        deal = dealt(cast, f"D{number}", f"c{number}@x.example")
        cast.mail(deal, at=MONDAY + number * HOUR)
        hours = 30 if number < late else 1
        cast.mail(deal, "out", at=MONDAY + (number + hours) * HOUR, received=MONDAY + (number + hours) * HOUR)
    cast.mail(dealt(cast, "Last", "last@x.example"), at=MONDAY + 20 * DAY)


def dealt(cast: Cast, title: str, address: str) -> Deal:
    """A deal with its next step, so that nothing else is missed on it."""
    return cast.deal(title, contact=cast.contact(title, address), next_step={"what": "x", "at": None, "by": None})


def open_one() -> Duty:
    return Duty.objects.unscoped("tests").get(behavior="answer-enquiry", state="open")


AT = MONDAY + 21 * DAY


def test_one_in_four_is_borne_and_one_more_is_not(cast):
    month(cast, late=4, kept=12)
    before = lapsing.look(MONDAY + 5 * DAY)

    deal = dealt(cast, "More", "m@x.example")
    cast.mail(deal, at=MONDAY + 6 * DAY)
    cast.mail(deal, "out", at=MONDAY + 9 * DAY)

    assert (before, lapsing.look(MONDAY + 10 * DAY)) == (0, 1)


def test_few_cases_say_nothing(cast):
    month(cast, late=10, kept=0)

    assert lapsing.look(MONDAY + 5 * DAY) == 0


def test_it_becomes_the_owner_s_duty_and_nobody_else_is_chased(cast):
    month(cast, late=12, kept=2)

    found = [lapsing.look(AT), lapsing.look(AT + HOUR)]
    chasing.chase(AT + 3 * DAY)

    row = next(one for one in duties_of(cast.tomas, AT + HOUR) if one.opener == "behavior.lapsed")
    assert found == [1, 0]
    assert (open_one().chase_at, open_one().reminded_at, open_one().escalated_at) == (None, None, None)
    assert row.what == "Change or retire “Answer enquiry”"
    assert row.because.startswith("Because 12 of 14 were late in a month")
    assert check().differences == []


def test_a_rule_that_is_new_is_given_a_month(cast):
    month(cast, late=12, kept=2)
    publish(SLOWER, by=None, at=MONDAY + 10 * DAY)

    assert lapsing.look(AT) == 0


@pytest.mark.parametrize(("text", "outcome"), [(SLOWER, "changed"), (GONE, "retired")])
def test_changing_or_retiring_it_in_the_map_settles_it(cast, text, outcome):
    month(cast, late=12, kept=2)
    lapsing.look(AT)

    publish(text, by=None, at=AT + HOUR)
    lapsing.look(AT + 2 * HOUR)

    lapse = Lapse.objects.unscoped("tests").get()
    asked = Duty.objects.unscoped("tests").get(behavior="baton:mend-behavior")
    assert (lapse.outcome, asked.state) == (outcome, "closed")
    assert check().differences == []


def test_changing_the_words_around_it_settles_nothing(cast):
    month(cast, late=12, kept=2)
    lapsing.look(AT)

    publish(FIRM.replace("so_that: nobody waits until tomorrow", "so_that: all hear from us"), by=None, at=AT + HOUR)

    assert lapsing.look(AT + 2 * HOUR) == 0


def test_the_owner_keeps_it_for_a_reason_and_people_are_chased_again_for_a_month(cast):
    month(cast, late=12, kept=2)
    lapsing.look(AT)
    lapse = Lapse.objects.unscoped("tests").get()

    with pytest.raises(Refusal, match="Say why"):
        lapsing.keep(lapse, because=" ", by=cast.tomas, at=AT + HOUR)
    lapsing.keep(lapse, because="It was the flu", by=cast.tomas, at=AT + HOUR)

    assert (fresh(lapse).outcome, open_one().chase_at is not None, lapsing.look(AT + DAY)) == ("kept", True, 0)
    assert check().differences == []


def test_nobody_else_decides(cast):
    month(cast, late=12, kept=2)
    lapsing.look(AT)

    for who in (cast.ana, cast.rita):
        with pytest.raises(Refusal, match="Only the owner of the map"):
            lapsing.keep(Lapse.objects.unscoped("tests").get(), because="x", by=who, at=AT + HOUR)


def test_the_cases_are_those_that_the_reader_sees(cast):
    month(cast, late=12, kept=2)
    lapsing.look(AT)

    shown = lapsing.missed_in(Lapse.objects.unscoped("tests").get(), cast.tomas)

    assert len(shown) == 12
    assert {one.behavior for one in shown} == {"answer-enquiry"}
