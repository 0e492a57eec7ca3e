"""A quick line becomes record in one go, exactly once, and at worst the note that it is."""

import pytest

from baton.channels.quick.chips import Chip
from baton.channels.quick.drafts import Line
from baton.channels.quick.known import LedgerDirectory
from baton.channels.quick.line import read_line
from baton.channels.quick.saving import save
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact, Deal, Fact, Interaction
from baton.work.models import Duty, ExceptionCase, Promise, Question
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
LINE = "Called Dana at Marlowe, quote by Friday, only outside tenant hours, about 12k, call back Tue 10:00"


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    return cast.deal(contact=cast.contact(company=company), company=company)


def read(text, member, deal=None, at=TUESDAY):
    directory = LedgerDirectory(member, deal)
    return read_line(text, now=at, zone="Europe/London", language="en", currency="GBP", known=directory).chips


def typed(text, member, *, deal=None, key="one", at=TUESDAY, chips=None, **more):
    told = read(text, member, deal, at) if chips is None else chips
    return save(Line(text, told, key, at, deal.pk if deal else None, **more), by=member, at=at + MINUTE)


def all_of(model):
    return list(model.objects.unscoped("tests").order_by("recorded_at", "pk"))


def test_one_line_is_a_call_a_promise_an_exception_an_amount_and_a_next_step(cast, deal):
    saved = typed(LINE, cast.ana)

    [call], [promise], [case] = all_of(Interaction), all_of(Promise), all_of(ExceptionCase)
    after = fresh(deal)
    assert (call.kind, call.direction, call.deal_id, call.happened_at) == ("call", "out", deal.pk, TUESDAY)
    assert (promise.what, promise.promised_by_id, promise.made_in_id) == ("quote", cast.ana.pk, call.pk)
    assert f"{promise.due_at:%a %d %H:%M}" == "Fri 20 17:00"
    assert (case.what, case.category) == ("only outside tenant hours", "hours")
    assert (after.amount, after.currency, after.next_step) == (1_200_000, "GBP", "call back")
    assert f"{after.next_step_at:%a %d %H:%M}" == "Tue 17 10:00"
    assert saved.deal == deal.pk


def test_the_words_that_a_value_was_read_from_are_kept_with_it(cast, deal):
    typed(LINE, cast.ana)

    amount = fresh(deal).values["amount"]
    fact = Fact.objects.unscoped("tests").get(pk=amount["f"])
    assert fact.words in LINE
    assert "12k" in fact.words
    assert str(fact.interaction_id) == amount["i"]


def test_a_line_that_a_phone_sends_twice_is_recorded_once(cast, deal):
    first = typed(LINE, cast.ana)

    again = typed(LINE, cast.ana, at=TUESDAY)

    assert (again.interaction, again.already) == (first.interaction, True)
    assert [len(all_of(model)) for model in (Interaction, Promise, ExceptionCase)] == [1, 1, 1]


def test_two_lines_of_one_form_are_two(cast, deal):
    typed("Called Dana, quote by Friday", cast.ana, deal=deal)

    typed("Called Dana, plans by Friday", cast.ana, deal=deal)

    assert {promise.what for promise in all_of(Promise)} == {"quote", "plans"}


def test_a_line_typed_without_a_connection_keeps_its_time(cast, deal):
    line = Line("Called Dana", read("Called Dana", cast.ana), "one", TUESDAY)

    save(line, by=cast.ana, at=TUESDAY + 5 * HOUR)

    [call] = all_of(Interaction)
    assert (call.happened_at, call.recorded_at) == (TUESDAY, TUESDAY + 5 * HOUR)


def test_unknown_people_and_a_deal_can_begin_with_a_line(cast):
    chips = (*read("Called Colin Hart at Kestrel, quote by Friday", cast.ana),)
    told = (*chips, Chip("deal", "", {"new": "Kestrel"}, (0, 0), 0.6))

    saved = typed("Called Colin Hart at Kestrel, quote by Friday", cast.ana, chips=told)

    deal = Deal.objects.unscoped("tests").get(pk=saved.deal)
    contact = Contact.objects.unscoped("tests").get(pk=deal.contact_id)
    assert (deal.title, deal.stage, deal.owner_id) == ("Kestrel", "enquiry", cast.ana.pk)
    assert (contact.name, contact.company_id) == ("Colin Hart", deal.company_id)
    assert [promise.deal_id for promise in all_of(Promise)] == [deal.pk]


def test_a_line_that_names_nobody_waits_in_inbox_with_who_typed_it(cast):
    typed("the lift is broken again", cast.ana)

    [note] = Interaction.objects.visible_to(cast.ana).unfiled()
    assert (note.kind, note.unfiled_because) == ("note", "The line doesn’t say whom it is about.")
    assert list(Interaction.objects.visible_to(cast.bram)) == []


def test_what_needs_a_deal_stays_in_the_note_where_there_is_none(cast):
    cast.contact()

    saved = typed("Called Dana, quote by Friday", cast.ana)

    assert (all_of(Promise), saved.recorded, saved.deal) == ([], (), None)
    assert [row.contact_id is not None for row in all_of(Interaction)] == [True]


@pytest.mark.parametrize(
    ("text", "status", "stage"),
    [("won", "won", "agreed"), ("lost: went with cheaper", "lost", "enquiry")],
)
def test_an_outcome_in_a_word_moves_the_deal(cast, deal, text, status, stage):
    typed(text, cast.ana, deal=deal)

    after = fresh(deal)
    assert (after.status, after.stage, after.shown) == (status, stage, False)
    assert after.lost_reason == ("went with cheaper" if status == "lost" else "")


def test_done_closes_the_next_step_and_what_follows_is_the_next_one(cast, deal):
    cast.tell("deal", deal.pk, next_step={"what": "Ring Dana", "at": None, "by": str(cast.ana.pk)})

    typed("done, call back Tue 10:00", cast.ana, deal=fresh(deal))

    open_steps = Duty.objects.unscoped("tests").open().filter(behavior="baton:do-next-step")
    assert fresh(deal).next_step == "call back"
    assert [f"{duty.due_at:%a %H:%M}" for duty in open_steps] == ["Tue 10:00"]


def test_moved_to_friday_moves_the_next_step(cast, deal):
    cast.tell("deal", deal.pk, next_step={"what": "Visit", "at": None, "by": str(cast.bram.pk)})

    typed("moved to Friday", cast.ana, deal=fresh(deal))

    after = fresh(deal)
    assert (after.next_step, f"{after.next_step_at:%a}", after.next_step_by_id) == ("Visit", "Fri", cast.bram.pk)


def test_a_day_goes_to_the_field_that_goes_by_its_words(cast, deal):
    typed("Called Dana, start 1 Dec", cast.ana, deal=deal)

    assert fresh(deal).value("start_date") == "2026-12-01"


def test_a_colleague_named_with_an_at_sign_is_asked(cast, deal):
    typed("Called Dana, can we do nights @ben", cast.ana, deal=deal)

    assert [(one.asked_of_id, one.asked_by_id) for one in all_of(Question)] == [(cast.ben.pk, cast.ana.pk)]


def test_a_yes_on_the_phone_shows_nothing(cast, deal):
    typed("Called Dana, yes to the quote", cast.ana, deal=deal)

    assert "agreed" not in fresh(deal).evidence


def test_an_email_that_somebody_says_they_sent_is_no_evidence_that_it_went_out(cast, deal):
    cast.mail(deal, at=MONDAY + HOUR)

    typed("Emailed Dana, all fine", cast.ana, deal=deal)

    open_duties = Duty.objects.unscoped("tests").open().filter(behavior="answer-enquiry")
    assert open_duties.count() == 1


def test_what_cannot_be_recorded_as_read_is_kept_as_the_note(cast, deal):
    wrong = Chip("amount", "too much", {"minor": 10**16, "currency": "GBP"}, (0, 3), 0.9)

    saved = typed("far too much money", cast.ana, deal=deal, chips=(wrong,))

    [note] = all_of(Interaction)
    assert saved.left_out == "That is not an amount of money. Write it like 12,500 or 12.5k."
    assert (note.kind, note.deal_id, fresh(deal).amount) == ("note", deal.pk, None)


def test_a_deal_that_somebody_cannot_see_takes_no_line_of_theirs(db):
    own = Cast(visibility="own")
    hidden = own.deal(desk="operations", owner=own.ben)

    with pytest.raises(Refusal, match="no such deal"):
        save(Line("won", (), "one", TUESDAY, hidden.pk), by=own.mia, at=TUESDAY)

    assert all_of(Interaction) == []


def test_who_may_only_read_records_nothing(cast, deal):
    with pytest.raises(Refusal, match="read only"):
        typed("Called Dana", cast.rita)

    assert all_of(Interaction) == []


@pytest.mark.parametrize("line", ["12.5k, close 15 Dec", "12.5k, close date 15 Dec", "now closes 15 Dec, 12.5k"])
def test_the_day_on_which_a_deal_closes_is_its_close_date(cast, deal, line):
    typed(line, cast.ana, deal=deal)

    assert fresh(deal).value("close_date") == "2026-12-15"
    assert fresh(deal).value("amount") == {"minor": 1_250_000, "currency": "GBP"}
    assert all_of(Promise) == []


def test_a_day_on_which_something_else_closes_is_none_of_the_deal(cast, deal):
    typed("Called Dana, their office closes 20 Dec", cast.ana, deal=deal)

    assert fresh(deal).value("close_date") is None
