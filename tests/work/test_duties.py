"""A behavior is a pair of events: one opens a duty, the other closes it."""

from datetime import timedelta

import pytest

from baton.work.models import Duty
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def duties(behavior: str = "answer-enquiry") -> list[Duty]:
    return list(Duty.objects.unscoped("tests").filter(behavior=behavior).order_by("opened_at"))


def test_a_customer_s_mail_opens_a_duty_of_the_deal_s_owner_within_two_working_hours(cast, deal):
    cast.mail(deal, at=MONDAY)

    [duty] = duties()

    assert (duty.owed_by, duty.state, duty.due_at) == (cast.ana, "open", MONDAY + 2 * HOUR)


def test_our_answer_closes_it(cast, deal):
    cast.mail(deal, at=MONDAY)
    cast.mail(deal, "out", at=MONDAY + HOUR)

    [duty] = duties()

    assert (duty.state, duty.closed_at) == ("closed", MONDAY + HOUR)


def test_the_order_of_arrival_changes_nothing(cast, deal):
    cast.mail(deal, "out", at=MONDAY + HOUR)
    cast.mail(deal, at=MONDAY, received=MONDAY + 2 * HOUR)

    [duty] = duties()

    assert (duty.state, duty.opened_at, duty.closed_at) == ("closed", MONDAY, MONDAY + HOUR)


def test_an_answer_written_before_the_question_settles_nothing(cast, deal):
    cast.mail(deal, at=MONDAY)
    cast.mail(deal, "out", at=MONDAY - HOUR, received=MONDAY + MINUTE)

    assert [duty.state for duty in duties()] == ["open"]


def test_two_mails_before_an_answer_are_one_duty(cast, deal):
    cast.mail(deal, at=MONDAY)
    cast.mail(deal, at=MONDAY + MINUTE)

    assert [duty.opened_at for duty in duties()] == [MONDAY]


def test_a_late_first_mail_becomes_the_one_that_opened_the_duty(cast, deal):
    cast.mail(deal, at=MONDAY + HOUR)
    cast.mail(deal, at=MONDAY, received=MONDAY + 2 * HOUR)

    assert [(duty.opened_at, duty.state) for duty in duties()] == [(MONDAY, "open")]


def test_back_fill_opens_none_but_may_close(cast, deal):
    cast.mail(deal, at=MONDAY)
    cast.mail(deal, at=MONDAY - timedelta(days=3), live=False)
    cast.mail(deal, "out", at=MONDAY + MINUTE, live=False)

    assert [(duty.opened_at, duty.state) for duty in duties()] == [(MONDAY, "closed")]


def test_automatic_mail_neither_opens_nor_closes(cast, deal):
    cast.mail(deal, automatic="auto-reply")
    cast.mail(deal, at=MONDAY + HOUR)
    cast.mail(deal, "out", at=MONDAY + 2 * HOUR, automatic="auto-reply")

    assert [(duty.opened_at, duty.state) for duty in duties()] == [(MONDAY + HOUR, "open")]


def test_a_from_line_that_only_claims_to_be_ours_closes_nothing(cast, deal):
    cast.mail(deal)
    from baton.ledger.entries import Author, NewInteraction
    from baton.ledger.recording import record

    forged = NewInteraction("email", "out", "email", MONDAY + HOUR, trust="unverified", filed={"deal": str(deal.pk)})
    record(interactions=[forged], by=Author(None, "email"), at=MONDAY + HOUR)

    assert [duty.state for duty in duties()] == ["open"]


def test_the_clock_runs_from_receipt_not_from_the_date_header(cast, deal):
    cast.mail(deal, at=MONDAY - timedelta(days=2), received=MONDAY)

    assert [duty.due_at for duty in duties()] == [MONDAY + 2 * HOUR]


def test_an_open_deal_without_a_next_step_is_a_duty_until_one_is_set(cast, deal):
    assert [duty.state for duty in duties("set-next-step")] == ["open"]

    cast.tell("deal", deal.pk, at=TUESDAY, next_step={"what": "call Dana", "at": "2026-11-20T10:00:00Z"})

    assert [duty.state for duty in duties("set-next-step")] == ["closed"]
    assert [(d.state, d.due_at.isoformat()) for d in duties("baton:do-next-step")] == [
        ("open", "2026-11-20T10:00:00+00:00")
    ]


def test_a_deal_that_changes_hands_takes_its_open_duties_along(cast, deal):
    cast.mail(deal)

    cast.tell("deal", deal.pk, at=TUESDAY, owner=str(cast.bram.pk))

    assert {duty.owed_by for duty in duties()} == {cast.bram}


def test_mail_on_a_deal_shows_the_stage_that_it_is_evidence_of(cast, deal):
    assert deal.shown is False

    cast.mail(deal)

    deal = fresh(deal)
    assert (deal.shown, deal.evidence["enquiry"]["kind"], deal.last_heard_at) == (True, "interaction.in", MONDAY)
