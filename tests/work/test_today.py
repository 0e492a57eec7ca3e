"""Today answers: what do I owe, to whom, by when, and why; and what settles it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from baton.ledger.entries import Author, NewInteraction
from baton.ledger.recording import record
from baton.work import handoffs, next_steps, notes, passing_on, promises, questions
from baton.work.beside import checked, counts, receipts, waiting_for
from baton.work.models import Duty
from baton.work.today import duties_of, duties_on
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_london():
    with timezone.override("Europe/London"):
        yield


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    amount = {"minor": 8460000, "currency": "GBP"}
    deal = cast.deal(contact=cast.contact(company=company), company=company, amount=amount)
    next_steps.set_next(deal, "send the quote", due=WEDNESDAY, by=cast.ana, at=MONDAY)
    return fresh(deal)


def rows(member, at=TUESDAY, **more):
    return [(one.what, one.because, one.for_whom, one.due) for one in duties_of(member, at, **more)]


def test_a_mail_to_answer_says_who_wrote_when_and_by_when(cast, deal):
    cast.mail(deal, text="Could we start on 1 December rather than in the new year?")

    first, *_rest = duties_of(cast.ana, MONDAY + HOUR)

    assert (first.what, first.because, first.for_whom, first.for_why, first.due, first.state) == (
        "Reply to Dana Whitlock",
        "Because Dana Whitlock wrote, today 09:00",
        "Dana Whitlock",
        "customer",
        "by 11:00",
        "today",
    )
    assert (first.quote, first.deal, first.amount.minor, first.left, first.actions) == (
        "Could we start on 1 December rather than in the new year?",
        "Quayside Tower",
        8460000,
        0.5,
        ("reply", "log", "later", "pass_on"),
    )


def test_the_words_of_a_message_that_the_member_may_not_read_are_not_shown(cast, deal):
    filed = {"deal": str(deal.pk), "contact": str(deal.contact_id), "audience": "subject"}
    one = NewInteraction("email", "in", "email", MONDAY, text="Between us", filed=filed)
    record(interactions=[one], by=Author(None, "email"), at=MONDAY)

    first, *_rest = duties_of(cast.ana, MONDAY + HOUR)

    assert (first.what, first.quote) == ("Reply to Dana Whitlock", "")


def test_each_sort_of_duty_in_words(cast, deal):
    promises.make(deal, "send the method statement", due_at=WEDNESDAY, by=cast.ana, at=MONDAY)
    questions.ask(deal, "Is the price final?", of=cast.ana, by=cast.ben, at=MONDAY)
    cast.deal("Second deal")

    assert sorted(rows(cast.ana, MONDAY + 2 * HOUR)) == [
        ("Answer Ben: Is the price final?", "Because Ben asked, today 09:00", "Ben", "by 17:00"),
        (
            "Keep the promise: send the method statement",
            "Because you promised it to Dana Whitlock, today 09:00",
            "Dana Whitlock",
            "Wed 09:00",
        ),
        ("Send the quote", "Your next step, set today 09:00", "Dana Whitlock", "Wed 09:00"),
        ("Set the next step for Second deal", "Because an open deal always has a next step", "Sales", "by 17:00"),
    ]


def test_a_handoff_in_words_for_both_desks(cast, deal):
    handoff = handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)
    offered = rows(cast.ben, MONDAY + 2 * HOUR)
    handoffs.send_back(handoff, missing=["scope"], because="", by=cast.ben, at=MONDAY + HOUR)

    assert offered == [
        (
            "Accept or return Quayside Tower",
            "Because Ana offered it to Operations, today 09:00: 1 of 4 there",
            "Ana",
            "by 13:00",
        )
    ]
    assert rows(cast.ana, MONDAY + 3 * HOUR)[0][:3] == (
        "Fix what Quayside Tower came back for",
        "Because Ben returned it, today 10:00: Scope",
        "Operations",
    )


def test_a_changed_packet_in_words(cast, deal):
    cast.tell("deal", deal.pk, by=cast.ana, scope="Two sites")
    handoff = handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)
    handoffs.accept(handoff, by=cast.ben, at=MONDAY + HOUR)
    cast.tell("deal", deal.pk, by=cast.ana, at=MONDAY + 2 * HOUR, scope="Three sites")

    found = [one for one in duties_of(cast.ben, TUESDAY) if one.behavior == "baton:look-at-change"]

    assert [(one.what, one.because, one.item, one.actions[:2]) for one in found] == [
        (
            "Look at what changed on Quayside Tower: Scope",
            "Because Scope changed after it was accepted, yesterday 11:00: from Two sites to Three sites",
            "scope",
            ("note", "object"),
        )
    ]


def test_the_state_of_a_duty_follows_its_working_time(cast, deal):
    cast.mail(deal)

    def state(minutes: int) -> str:
        return duties_of(cast.ana, MONDAY + minutes * MINUTE)[0].state

    assert [state(minutes) for minutes in (0, 89, 91, 121)] == ["today", "today", "soon", "late"]
    assert duties_of(cast.ana, MONDAY)[-1].state == "later"


def test_no_duty_is_a_dead_end(cast, deal):
    cast.mail(deal)
    promises.make(deal, "x", by=cast.ana, at=MONDAY)
    questions.ask(deal, "x", of=cast.ana, by=cast.ben, at=MONDAY)
    handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)

    found = [one for who in (cast.ana, cast.ben) for one in duties_of(who, TUESDAY)]

    assert [one.what for one in found if set(one.actions) <= {"later", "pass_on"}] == []


def test_what_was_put_off_is_out_of_sight_until_then(cast, deal):
    cast.mail(deal)
    duty = Duty.objects.unscoped("tests").get(behavior="answer-enquiry")
    passing_on.put_off(duty, until=MONDAY + 90 * MINUTE, by=cast.ana, at=MONDAY)

    def seen(minutes: int) -> bool:
        return duty.pk in {one.id for one in duties_of(cast.ana, MONDAY + minutes * MINUTE)}

    assert (seen(10), seen(90)) == (False, True)
    assert counts(cast.ana, MONDAY + MINUTE).put_off == 1


def test_counts_are_of_late_today_and_later_and_say_so(cast, deal):
    cast.mail(deal)

    found = counts(cast.ana, MONDAY + 3 * HOUR)

    assert (found.late, found.today, found.later, found.all) == (1, 0, 1, 2)
    assert found.sentence == "You owe 2 things, 1 of them late."
    assert counts(cast.mia, MONDAY).sentence == "You owe nothing right now."


def test_a_desk_s_list_is_of_everybody_there(cast, deal):
    cast.deal("Bram's", owner=cast.bram)

    assert {one.owed_by_name for one in duties_of(cast.ana, MONDAY, desk="sales")} == {"Ana Horvat", "Bram Castell"}


def test_where_everyone_sees_their_own_a_colleague_s_duties_are_not_on_the_desk_s_list():
    cast = Cast(visibility="own")
    cast.deal("Ana's")

    assert duties_of(cast.bram, MONDAY, desk="sales") == []


def test_waiting_for_lists_what_was_asked_and_offered(cast, deal):
    questions.ask(deal, "Can the crew come?", of=cast.ben, by=cast.ana, at=MONDAY)
    handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)
    promises.make(deal, "send the order", who="them", due_at=WEDNESDAY, by=cast.ana, at=MONDAY)

    assert [(one.kind, one.what, one.from_whom) for one in waiting_for(cast.ana, TUESDAY)] == [
        ("handoff", "Quayside Tower", "Operations"),
        ("question", "Can the crew come?", "Ben Raman"),
        ("promise", "send the order", "Dana Whitlock"),
    ]


def test_receipts_of_a_week_are_shown_to_whoever_entered_the_facts(cast, deal):
    cast.tell("deal", deal.pk, by=cast.ana, scope="x", key_holder="y", start_date="2026-12-01")
    handoff = handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)
    handoffs.accept(handoff, by=cast.ben, at=TUESDAY)

    assert [(one.sentence, one.entries) for one in receipts(cast.ana, WEDNESDAY)] == [
        ("Ben accepted Quayside Tower, nothing missing", 3)
    ]
    assert receipts(cast.ana, TUESDAY + 24 * 8 * HOUR) == []


def test_an_empty_today_says_what_was_checked(cast):
    assert checked(cast.mia, MONDAY).sentence == "0 open deals, 0 handoffs, 0 promises checked at 09:00."


def test_the_duties_on_a_deal_are_those_of_everybody(cast, deal):
    questions.ask(deal, "Well?", of=cast.ben, by=cast.ana, at=MONDAY)

    assert {one.owed_by_name for one in duties_on(deal, cast.mia, TUESDAY)} == {"Ana Horvat", "Ben Raman"}


def test_a_next_step_says_who_set_it_last(cast, deal):
    next_steps.set_next(deal, "ring Dana", due=WEDNESDAY, by=cast.tomas, owed_by=cast.ana, at=MONDAY + HOUR)

    [(what, because, _for_whom, due)] = rows(cast.ana)

    assert (what, because, due) == ("Ring Dana", "The next step that Tomas set, yesterday 10:00", "Wed 09:00")


def _many(cast, count: int) -> None:
    for number in range(count):
        deal = cast.deal(f"Deal {number}", contact=cast.contact(f"C {number}", f"c{number}@x.example"))
        cast.mail(deal)
        promises.make(deal, f"promise {number}", by=cast.ana, at=MONDAY)
        questions.ask(deal, "Well?", of=cast.ana, by=cast.ben, at=MONDAY)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _many(cast, 2)
    with CaptureQueriesContext(connection) as few:
        duties_of(cast.ana, TUESDAY)
    _many(cast, 6)

    with django_assert_num_queries(len(few)):
        assert len(duties_of(cast.ana, TUESDAY)) == 32


def test_the_command_prints_what_record_for_whom_due_because_and_behavior(cast, deal):
    notes.log(deal, "note", "x", by=cast.ana, at=MONDAY)
    answer = StringIO()

    call_command("today", member="ana@lime.example", json=True, stdout=answer)

    [duty] = json.loads(answer.getvalue())["duties"]
    assert (duty["what"], duty["record"]["deal"], duty["for_whom"], duty["due"], duty["behavior"]) == (
        "Send the quote",
        str(deal.pk),
        "Dana Whitlock",
        "2026-11-18T09:00:00.000000Z",
        "baton:do-next-step",
    )
    assert duty["because"].startswith("Your next step, set ")


def test_the_command_says_plainly_that_nobody_has_the_address():
    Cast()

    with pytest.raises(CommandError, match=r"No member has the address nobody@lime\.example"):
        call_command("today", member="nobody@lime.example")


def test_the_deal_command_prints_what_the_page_shows(cast, deal):
    cast.mail(deal)
    promises.make(deal, "send the method statement", due_at=WEDNESDAY, by=cast.ana, at=MONDAY)
    answer, words = StringIO(), StringIO()

    call_command("deal", str(deal.pk), json=True, stdout=answer)
    call_command("deal", str(deal.pk), member="ana@lime.example", stdout=words)

    told = json.loads(answer.getvalue())
    assert (told["title"], told["amount"], told["rail"][0]["evidence"], told["packet"]["handoff"]) == (
        "Quayside Tower",
        "£84,600",
        "shown",
        "Sales → Operations",
    )
    assert [one["what"] for one in told["promises"]] == ["send the method statement"]
    assert "Quayside Tower  £84,600" in words.getvalue()


def test_accepting_a_handoff_takes_a_fixed_number_of_queries(cast, deal, django_assert_max_num_queries):
    _many(cast, 5)
    handoff = handoffs.offer(deal, to="sales-operations", by=cast.ana, at=MONDAY)

    with django_assert_max_num_queries(58):
        handoffs.accept(handoff, by=cast.ben, at=TUESDAY)
