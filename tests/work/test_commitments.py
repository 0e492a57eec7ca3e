"""Promises, next steps, questions, exceptions and notes: small verbs, each with its duty."""

import pytest

from baton.kernel.verdict import Conflict, Refusal
from baton.ledger.models import Interaction, InteractionText
from baton.work import exceptions, next_steps, notes, passing_on, promises, questions
from baton.work.models import Duty
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def owed(behavior: str) -> list[tuple]:
    rows = Duty.objects.unscoped("tests").filter(behavior=behavior).order_by("opened_at", "id")
    return [(duty.owed_by.short_name, duty.state, duty.due_at) for duty in rows]


# Promises


def test_a_promise_is_owed_by_whoever_made_it_by_its_time(cast, deal):
    promises.make(deal, "send the method statement", due_at=WEDNESDAY, promised_by=cast.bram, by=cast.ana, at=MONDAY)

    assert owed("baton:keep-promise") == [("Bram", "open", WEDNESDAY)]


def test_a_promise_that_was_kept_is_settled_once(cast, deal):
    promise = promises.make(deal, "call back", due_at=WEDNESDAY, by=cast.ana, at=MONDAY)

    promises.keep(promise, by=cast.ana, at=TUESDAY)

    assert (fresh(promise).state, fresh(promise).settled_at) == ("kept", TUESDAY)
    assert owed("baton:keep-promise") == [("Ana", "closed", WEDNESDAY)]
    with pytest.raises(Refusal, match="already settled: kept"):
        promises.break_(promise, because="Too late", by=cast.ana, at=WEDNESDAY)


def test_a_promise_that_was_moved_is_due_at_its_new_time(cast, deal):
    promise = promises.make(deal, "call back", due_at=TUESDAY, by=cast.ana, at=MONDAY)

    promises.move(promise, WEDNESDAY, because="Dana asked for it", by=cast.ana, at=MONDAY + HOUR)

    assert owed("baton:keep-promise") == [("Ana", "open", WEDNESDAY)]


@pytest.mark.parametrize("settle", [promises.break_, promises.release])
def test_breaking_and_releasing_a_promise_say_why(cast, deal, settle):
    promise = promises.make(deal, "call back", due_at=TUESDAY, by=cast.ana, at=MONDAY)
    with pytest.raises(Refusal):
        settle(promise, because="", by=cast.ana, at=TUESDAY)

    settle(promise, because="They found it", by=cast.ana, at=TUESDAY)

    assert [state for _who, state, _due in owed("baton:keep-promise")] == ["closed"]


def test_what_a_customer_asked_or_promised_is_owed_by_nobody_until_somebody_promises_it(cast, deal):
    promises.make(deal, "pay on Friday", who="them", by=cast.ana, at=MONDAY)
    asked = promises.make(deal, "come on Sunday", who="asked", by=cast.ana, at=MONDAY)
    before = owed("baton:keep-promise")

    promises.take_on(asked, due_at=WEDNESDAY, by=cast.bram, at=TUESDAY)

    assert (before, owed("baton:keep-promise")) == ([], [("Bram", "open", WEDNESDAY)])


# Next steps


def test_done_and_next_writes_the_outcome_ends_the_step_and_sets_the_next_in_one(cast, deal):
    next_steps.set_next(deal, "call Dana", due=TUESDAY, by=cast.ana, at=MONDAY + MINUTE)

    next_steps.done_and_next(
        deal, outcome="She wants two sites", kind="call", next_what="quote", next_due=WEDNESDAY, by=cast.ana, at=TUESDAY
    )

    assert owed("baton:do-next-step") == [("Ana", "closed", TUESDAY), ("Ana", "open", WEDNESDAY)]
    [call] = Interaction.objects.unscoped("tests")
    assert (call.kind, call.direction, call.author, fresh(deal).next_step) == ("call", "out", cast.ana, "quote")
    assert [state for _who, state, _due in owed("set-next-step")] == ["closed"]


def test_an_open_deal_always_has_a_next_step(cast, deal):
    with pytest.raises(Refusal, match="what comes next"):
        next_steps.done_and_next(deal, outcome="Done", by=cast.ana, at=TUESDAY)


def test_a_step_set_in_the_place_of_another_moves_the_duty(cast, deal):
    next_steps.set_next(deal, "call", due=TUESDAY, by=cast.ana, at=MONDAY + MINUTE)
    next_steps.set_next(deal, "call again", due=WEDNESDAY, by=cast.ana, at=MONDAY + HOUR)

    assert owed("baton:do-next-step") == [("Ana", "open", WEDNESDAY)]


def test_two_people_who_set_the_step_at_once_are_told(cast, deal):
    seen = deal.version
    next_steps.set_next(deal, "call", by=cast.ana, at=TUESDAY, expected=seen)

    with pytest.raises(Conflict):
        next_steps.set_next(deal, "visit", by=cast.bram, at=TUESDAY, expected=seen)


# Questions


def test_a_question_is_the_duty_of_whoever_is_asked_within_a_working_day(cast, deal):
    questions.ask(deal, "Can the crew come on Sunday?", of=cast.ben, by=cast.ana, at=MONDAY)

    assert [(who, state) for who, state, _due in owed("baton:answer-question")] == [("Ben", "open")]


def test_an_answer_about_a_field_becomes_its_fact(cast, deal):
    question = questions.ask(deal, "Who has the keys?", of=cast.ben, about_field="key_holder", by=cast.ana, at=MONDAY)

    questions.answer(question, "Colin Hart", by=cast.ben, at=TUESDAY)

    kept = fresh(deal).values["key_holder"]
    assert (kept["v"], kept["by"], Interaction.objects.unscoped("tests").count()) == ("Colin Hart", str(cast.ben.pk), 0)
    assert [state for _who, state, _due in owed("baton:answer-question")] == ["closed"]


def test_any_other_answer_becomes_a_note(cast, deal):
    question = questions.ask(deal, "Did they sound sure?", of=cast.ben, by=cast.ana, at=MONDAY)

    questions.answer(question, "Not quite.", by=cast.ben, at=TUESDAY)

    text = InteractionText.objects.unscoped("tests").get()
    assert (text.own, fresh(question).answer) == ("Did they sound sure?\nNot quite.", "Not quite.")


def test_a_value_that_the_field_can_not_hold_is_refused_and_the_question_stays(cast, deal):
    question = questions.ask(deal, "When?", of=cast.ben, about_field="start_date", by=cast.ana, at=MONDAY)

    with pytest.raises(Refusal, match="not a date"):
        questions.answer(question, value="soon", by=cast.ben, at=TUESDAY)

    assert [state for _who, state, _due in owed("baton:answer-question")] == ["open"]


def test_a_question_is_answered_once(cast, deal):
    question = questions.ask(deal, "When?", of=cast.ben, by=cast.ana, at=MONDAY)
    questions.answer(question, "Soon", by=cast.ben, at=TUESDAY)

    with pytest.raises(Refusal, match="answered meanwhile"):
        questions.answer(question, "Later", by=cast.bram, at=TUESDAY)


# Exceptions and notes


def test_an_exception_keeps_who_decided_and_why_and_is_reviewed_once(cast, deal):
    case = exceptions.record_exception(
        deal, "No survey", category="client won't wait", reason="Frost on Friday", by=cast.ana, at=MONDAY
    )

    reviewed = exceptions.review(case, by=cast.tomas, at=TUESDAY)
    again = exceptions.review(reviewed, by=cast.tomas, at=WEDNESDAY)

    assert (case.decided_by, case.reason, reviewed.reviewed_at, again.reviewed_at) == (
        cast.ana,
        "Frost on Friday",
        TUESDAY,
        TUESDAY,
    )


def test_a_call_that_was_logged_settles_the_answer_that_was_owed(cast, deal):
    cast.mail(deal)

    notes.log(deal, "call", "Told her the price holds", minutes=4, by=cast.ana, at=MONDAY + HOUR)

    assert [state for _who, state, _due in owed("answer-enquiry")] == ["closed"]


def test_a_note_settles_nothing_and_shows_nothing(cast, deal):
    cast.mail(deal)

    notes.log(deal, "note", "I told her", by=cast.ana, at=MONDAY + HOUR)

    assert [state for _who, state, _due in owed("answer-enquiry")] == ["open"]


def test_a_meeting_that_was_held_shows_the_visit(cast, deal):
    notes.log(deal, "meeting", "Two entrances, one alarm", by=cast.ana, at=TUESDAY, happened_at=MONDAY)

    assert fresh(deal).evidence["visited"]["kind"] == "meeting.held"


def test_what_has_not_happened_and_what_says_nothing_is_refused(cast, deal):
    with pytest.raises(Refusal, match="hasn’t happened yet"):
        notes.log(deal, "meeting", "will be good", by=cast.ana, at=MONDAY, happened_at=TUESDAY)
    with pytest.raises(Refusal, match="what happened"):
        notes.log(deal, "note", "  ", by=cast.ana, at=MONDAY)


VERBS = {
    "a promise": lambda deal, by: promises.make(deal, "x", by=by, at=TUESDAY),
    "a next step": lambda deal, by: next_steps.set_next(deal, "x", by=by, at=TUESDAY),
    "an exception": lambda deal, by: exceptions.record_exception(deal, "x", category="y", by=by, at=TUESDAY),
    "a note": lambda deal, by: notes.log(deal, "note", "x", by=by, at=TUESDAY),
    "a question": lambda deal, by: questions.ask(deal, "x", of=by, by=by, at=TUESDAY),
}


@pytest.mark.parametrize("verb", list(VERBS))
@pytest.mark.parametrize(
    ("who", "may"), [("tomas", True), ("ana", True), ("bram", False), ("ben", False), ("rita", False)]
)
def test_who_may_write_on_a_deal_where_everyone_sees_their_own(verb, who, may):
    cast = Cast(visibility="own")
    deal = cast.deal()

    assert _allowed(lambda: VERBS[verb](deal, getattr(cast, who))) is may


# What is done to a duty


@pytest.fixture
def duty(cast, deal):
    cast.mail(deal)
    return Duty.objects.unscoped("tests").get(behavior="answer-enquiry")


def test_a_duty_that_was_passed_on_is_owed_by_the_colleague_even_when_the_deal_changes_hands(cast, deal, duty):
    passing_on.pass_on(duty, to=cast.bram, by=cast.ana, at=MONDAY + MINUTE)
    cast.tell("deal", deal.pk, at=TUESDAY, owner=str(cast.tomas.pk))

    assert fresh(duty).owed_by == cast.bram


@pytest.mark.parametrize(
    ("who", "may"), [("tomas", True), ("ana", True), ("bram", True), ("ben", False), ("rita", False)]
)
def test_who_may_pass_on_a_duty_of_sales(cast, duty, who, may):
    by = getattr(cast, who)

    assert _allowed(lambda: passing_on.pass_on(duty, to=cast.tomas, by=by, at=TUESDAY)) is may


def test_a_duty_is_not_passed_to_somebody_who_can_not_act(cast, duty):
    with pytest.raises(Refusal, match="Rita Only can’t act on it"):
        passing_on.pass_on(duty, to=cast.rita, by=cast.ana, at=TUESDAY)


def test_putting_a_duty_off_moves_no_due_time(cast, duty):
    later = passing_on.put_off(duty, until=MONDAY + HOUR, by=cast.ana, at=MONDAY + MINUTE)

    assert (later.later_until, later.due_at) == (MONDAY + HOUR, duty.due_at)


@pytest.mark.parametrize(("who", "may"), [("ana", True), ("tomas", False), ("bram", False), ("rita", False)])
def test_only_whoever_owes_a_duty_puts_it_off(cast, duty, who, may):
    by = getattr(cast, who)

    assert _allowed(lambda: passing_on.put_off(duty, until=WEDNESDAY, by=by, at=TUESDAY)) is may


def test_a_duty_whose_mail_was_taken_off_the_deal_and_put_back_keeps_whom_it_was_passed_to(cast, deal, duty):
    from baton.ledger.entries import Author, Entry
    from baton.ledger.recording import record

    passing_on.pass_on(duty, to=cast.bram, by=cast.ana, at=MONDAY + MINUTE)
    mail = Interaction.objects.unscoped("tests").get()
    here = mail.values["filed"]["v"]

    def file(value, at):
        record([Entry("interaction", mail.pk, "filed", value)], by=Author(cast.ana), at=at)

    file(None, TUESDAY)
    withdrawn = fresh(duty).state
    file(here, TUESDAY + HOUR)
    passing_on.put_off(duty, until=WEDNESDAY, by=cast.bram, at=TUESDAY + 2 * HOUR)

    assert (withdrawn, fresh(duty).state, fresh(duty).owed_by) == ("withdrawn", "open", cast.bram)


def _allowed(act) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True
