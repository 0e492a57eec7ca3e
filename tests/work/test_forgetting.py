"""What happens when somebody forgets, and when nothing happens at all."""

from datetime import timedelta

import pytest

from baton.ledger.models import Event, Fact
from baton.map.publishing import publish
from baton.work import chasing, moves, next_steps, notes, passing_on, watches
from baton.work.models import Duty, Watch
from tests.cast import FIRM, HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


@pytest.fixture
def duty(cast, deal):
    """Two working hours from Monday 09:00, owed by Bram; its desk is led by Ana."""
    cast.tell("deal", deal.pk, owner=str(cast.bram.pk))
    cast.mail(deal)
    return Duty.objects.unscoped("tests").get(behavior="answer-enquiry")


def said_about(duty: Duty) -> list[str]:
    facts = Fact.objects.unscoped("tests").filter(record_id=duty.pk).order_by("seq")
    return list(facts.values_list("field", flat=True))


def test_nobody_is_chased_before_the_time(duty):
    assert (chasing.chase(MONDAY + 89 * MINUTE), said_about(duty)) == (0, [])


def test_at_three_quarters_of_the_time_baton_reminds_once(duty):
    chased = [chasing.chase(MONDAY + minutes * MINUTE) for minutes in (90, 91, 119)]

    assert (chased, said_about(duty), fresh(duty).reminded_at) == ([1, 0, 0], ["reminded"], MONDAY + 90 * MINUTE)


def test_past_its_time_it_goes_up_to_the_lead_once(cast, duty):
    for hours in (1, 2, 3, 30):
        chasing.chase(MONDAY + hours * HOUR + MINUTE)

    duty = fresh(duty)
    assert said_about(duty) == ["reminded", "escalated"]
    assert (duty.escalated_to, duty.owed_by, duty.chase_at) == (cast.ana, cast.bram, None)
    assert [d.pk for d in Duty.objects.of_member(cast.ana).filter(behavior="answer-enquiry")] == [duty.pk]


def test_a_lead_who_forgot_is_not_told_by_themselves_but_the_owner_is(cast, deal):
    cast.mail(deal)

    chasing.chase(MONDAY + 3 * HOUR)

    assert Duty.objects.unscoped("tests").get(behavior="answer-enquiry").escalated_to == cast.tomas


def test_what_was_answered_in_time_is_chased_by_nobody(cast, deal, duty):
    cast.mail(deal, "out", at=MONDAY + HOUR)

    assert (chasing.chase(MONDAY + 5 * HOUR), said_about(duty)) == (0, [])


def test_a_duty_put_off_is_still_taken_up_past_its_time(cast, duty):
    passing_on.put_off(duty, until=TUESDAY, by=cast.bram, at=MONDAY + MINUTE)

    chasing.chase(MONDAY + 3 * HOUR)

    assert fresh(duty).escalated_to == cast.ana


def test_reassigning_gives_the_duty_away(cast, deal):
    publish(FIRM.replace("escalate to desk lead]", "reassign to owner]"), by=None, at=MONDAY)
    cast.mail(deal)

    chasing.chase(MONDAY + 3 * HOUR)

    assert Duty.objects.unscoped("tests").get(behavior="answer-enquiry").owed_by == cast.tomas


def test_many_are_chased_in_few_queries(cast, deal, django_assert_max_num_queries):
    for number in range(30):
        cast.mail(cast.deal(f"Deal {number}", contact=cast.contact(f"C {number}", f"c{number}@x.example")))

    with django_assert_max_num_queries(190):
        assert chasing.chase(MONDAY + 3 * HOUR) == 30


# Silence

QUIET = """
  wake-up:
    opens: nothing for 14 days
    closes: interaction out to customer
    owed_by: deal owner, else desk lead
    within: 1 working day
    so_that: no deal is forgotten
"""
STALE = """
  keep-fresh:
    opens: fact stale key_holder
    closes: fact confirmed key_holder
    owed_by: deal owner, else desk lead
    within: 1 working day
    so_that: the first crew gets in
"""


def with_behavior(text: str) -> None:
    publish(FIRM.replace("\ndecisions:", f"{text.rstrip()}\n\ndecisions:"), by=None, at=MONDAY - DAY)


def woken() -> list[str]:
    return _states("wake-up")


def test_a_deal_on_which_nothing_happens_for_the_time_the_map_gives_becomes_a_duty_once(cast):
    with_behavior(QUIET)
    cast.deal()

    noticed = [watches.notice(MONDAY + days * DAY) for days in (13, 15, 16, 40)]

    assert (noticed, woken()) == ([0, 1, 0, 0], ["open"])


def test_whatever_happens_on_the_deal_starts_the_time_again(cast):
    with_behavior(QUIET)
    deal = cast.deal()
    notes.log(deal, "call", "Talked", by=cast.ana, at=MONDAY + 10 * DAY)

    assert [watches.notice(MONDAY + days * DAY) for days in (15, 23, 25)] == [0, 0, 1]


def test_a_silence_that_ended_can_come_again(cast):
    with_behavior(QUIET)
    deal = cast.deal()
    watches.notice(MONDAY + 15 * DAY)
    notes.log(deal, "call", "Talked", by=cast.ana, at=MONDAY + 16 * DAY)

    watches.notice(MONDAY + 31 * DAY)

    assert woken() == ["closed", "open"]


def test_late_mail_doesn_t_move_the_time_back(cast):
    with_behavior(QUIET)
    deal = cast.deal()
    cast.mail(deal, at=MONDAY - 20 * DAY, received=MONDAY + DAY, live=False)

    assert Watch.objects.unscoped("tests").get().since == MONDAY


def test_nobody_is_woken_for_a_deal_that_ended(cast):
    with_behavior(QUIET)
    deal = cast.deal()
    moves.lose(deal, because="Price", by=cast.ana, at=TUESDAY)

    assert (watches.notice(MONDAY + 30 * DAY), Watch.objects.unscoped("tests").count()) == (0, 0)


def test_a_deal_that_was_there_before_the_map_spoke_of_silence_is_watched_too(cast):
    cast.deal()
    with_behavior(QUIET)

    assert [watches.notice(MONDAY + days * DAY) for days in (1, 15)] == [0, 1]


def test_the_silence_of_one_sort_of_event_is_not_ended_by_another(cast):
    with_behavior(QUIET.replace("nothing for 14 days", "no interaction out for 14 days"))
    deal = cast.deal()
    next_steps.set_next(deal, "think", by=cast.ana, at=MONDAY + 10 * DAY)

    assert watches.notice(MONDAY + 15 * DAY) == 1


def test_a_fact_that_went_stale_is_a_duty_until_it_is_confirmed_again(cast):
    with_behavior(STALE)
    deal = cast.deal(stage="agreed")
    cast.tell("deal", deal.pk, key_holder="Colin Hart", at=TUESDAY)
    noticed = [watches.notice(TUESDAY + days * DAY) for days in (89, 91, 95)]
    before = _states("keep-fresh")

    cast.tell("deal", deal.pk, key_holder="Colin Hart", at=TUESDAY + 96 * DAY)

    assert (noticed, before, _states("keep-fresh")) == ([0, 1, 0], ["open"], ["closed"])


def test_what_baton_notices_is_a_fact_from_which_the_event_can_be_made_again(cast):
    with_behavior(QUIET)
    deal = cast.deal()
    watches.notice(MONDAY + 15 * DAY)

    fact = Fact.objects.unscoped("tests").get(field="quiet")
    event = Event.objects.unscoped("tests").get(kind="quiet")
    assert (event.fact_id, event.deal_id, event.detail, fact.channel) == (fact.pk, deal.pk, "14 days", "baton")


def _states(behavior: str) -> list[str]:
    rows = Duty.objects.unscoped("tests").filter(behavior=behavior).order_by("opened_at")
    return list(rows.values_list("state", flat=True))


def test_a_check_finds_a_watch_and_a_use_that_differ_from_what_the_ledger_gives(cast):
    from baton.work import handoffs
    from baton.work.checking import check
    from baton.work.models import Use

    with_behavior(QUIET)
    deal = cast.deal(stage="agreed")
    cast.tell("deal", deal.pk, by=cast.ana, scope="x")
    handoffs.accept(handoffs.offer(fresh(deal), by=cast.ana, at=MONDAY), by=cast.ben, at=TUESDAY)
    watches.notice(MONDAY + 20 * DAY)
    before = check().differences
    Watch.objects.unscoped("tests").update(since=MONDAY)
    Use.objects.unscoped("tests").delete()

    assert (before, sorted({(one.kind, one.what) for one in check().differences})) == (
        [],
        [("use", "row"), ("watch", "since")],
    )
