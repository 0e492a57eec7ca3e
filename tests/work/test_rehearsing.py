"""A rehearsal says what a map would have asked, by the rules by which it asks."""

from datetime import timedelta

import pytest

from baton.ledger.entries import Author, NewInteraction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.map.publishing import publish
from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.work import moves, next_steps, notes, promises, questions, watches
from baton.work import past as past_rows
from baton.work.models import Duty
from baton.work.rehearsed import names, sentence
from baton.work.rehearsing import Case, rehearse
from tests.cast import FIRM, HOUR, MINUTE, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SILENT = """
  wake-up:
    opens: nothing for 8 days
    closes: interaction out to customer
    owed_by: deal owner, else desk lead
    within: 1 working day
    so_that: no deal is forgotten
  ring-round:
    opens: no interaction out for 5 working days
    closes: interaction out to customer
    owed_by: lead of sales
    within: 2 working days
    so_that: everybody hears from us

decisions:"""
QUIET = FIRM.replace("\ndecisions:", SILENT)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def drawn(text: str = FIRM):
    found, problems = read_map(text)
    assert found, problems
    return by_id(found)


def asked(cases: list[Case]) -> list[tuple]:
    return sorted(
        (case.behavior, past_rows.key(case.opener.deal_id), case.opened_at, case.due_at, case.closed_at, case.owed_by)
        for case in cases
    )


def owed() -> list[tuple]:
    rows = Duty.objects.unscoped("tests").exclude(state="withdrawn")
    return sorted((d.behavior, d.deal_id, d.opened_at, d.due_at, d.closed_at, d.owed_by_id) for d in rows)


def rehearsed(text: str, until, since=MONDAY - DAY, **more) -> list[Case]:
    return [case for tally in rehearse(drawn(text), since=since, until=until, **more).tallies for case in tally.cases]


def two_weeks(cast: Cast) -> None:
    """Mail to and fro on two deals, a promise kept, a question, a step done, a deal lost, and silence."""
    first = cast.deal("First", contact=cast.contact())
    second = cast.deal("Second", contact=cast.contact("Ines Ort", "ines@x.example"), owner=cast.bram)
    for deal, hours in ((first, 1), (second, 3), (first, 4)):
        cast.mail(deal, at=MONDAY + hours * HOUR)
    cast.mail(first, "out", at=MONDAY + 5 * HOUR)
    cast.mail(second, "out", at=TUESDAY + 5 * HOUR)
    promise = promises.make(first, "a price", by=cast.ana, at=TUESDAY, due_at=TUESDAY + 3 * HOUR)
    promises.keep(promise, by=cast.ana, at=TUESDAY + 2 * HOUR)
    questions.answer(
        questions.ask(second, "x?", of=cast.ben, by=cast.ana, at=TUESDAY), "y", by=cast.ben, at=TUESDAY + 2 * DAY
    )
    next_steps.set_next(first, "ring", by=cast.ana, at=TUESDAY)
    next_steps.done_and_next(first, by=cast.ana, at=TUESDAY + DAY, outcome="x", next_what="write")
    moves.move(second, "agreed", by=cast.ana, at=TUESDAY + DAY)
    third = cast.deal("Third", at=TUESDAY)
    watches.notice(MONDAY + 13 * DAY)
    notes.log(first, "call", "Talked", by=cast.ana, at=MONDAY + 14 * DAY)
    moves.lose(third, because="price", by=cast.ana, at=MONDAY + 15 * DAY)


def test_rehearsing_the_map_in_force_gives_the_duties_that_it_did_open(cast):
    two_weeks(cast)

    assert asked(rehearsed(FIRM, MONDAY + 16 * DAY)) == owed()


def test_silences_are_rehearsed_as_the_sweep_notices_them(cast):
    publish(QUIET, by=None, at=MONDAY - 2 * DAY)
    first = cast.deal("First", contact=cast.contact())
    cast.deal("Second", at=MONDAY + 2 * HOUR)
    cast.mail(first, "out", at=MONDAY + 3 * DAY)
    for day in range(40):
        for hour in (0, 2, 8):
            watches.notice(MONDAY + day * DAY + hour * HOUR)
        if day == 20:
            cast.mail(first, "out", at=MONDAY + 20 * DAY + 4 * HOUR)

    live = [(one[0], one[1], one[2].date(), one[5]) for one in owed() if one[0] in {"wake-up", "ring-round"}]
    found = rehearsed(QUIET, MONDAY + 40 * DAY, only=["wake-up", "ring-round"])
    assert [(one[0], one[1], one[2].date(), one[5]) for one in asked(found)] == live
    assert len(live) > 4


def test_a_silence_that_began_before_the_rehearsal_counts_when_it_becomes_one(cast):
    cast.deal("Old", at=MONDAY - 6 * DAY)
    cast.deal("Older", at=MONDAY - 60 * DAY)

    found = rehearsed(QUIET, MONDAY + 20 * DAY, since=MONDAY, only=["wake-up"])

    assert [case.opened_at for case in found] == [MONDAY + 2 * DAY]


def test_history_that_was_imported_counts_as_if_it_had_been_heard_of_when_it_happened(cast):
    deal = cast.deal(contact=cast.contact(), at=MONDAY - 30 * DAY)
    cast.mail(deal, at=MONDAY, received=MONDAY + 20 * DAY, live=False)
    cast.mail(deal, "out", at=MONDAY + HOUR, received=MONDAY + 20 * DAY, live=False)

    [case] = rehearsed(FIRM, MONDAY + 21 * DAY, only=["answer-enquiry"])

    assert (case.opened_at, case.due_at, case.closed_at, case.late) == (
        MONDAY, MONDAY + 2 * HOUR, MONDAY + HOUR, False,
    )  # fmt: skip


def test_a_case_is_owed_by_whoever_owned_the_deal_then(cast):
    deal = cast.deal(contact=cast.contact())
    cast.mail(deal, at=MONDAY + HOUR)
    cast.tell("deal", deal.pk, owner=str(cast.bram.pk), at=TUESDAY)

    [case] = rehearsed(FIRM, TUESDAY + HOUR, only=["answer-enquiry"])

    assert (case.owed_by, case.late) == (cast.ana.pk, True)


def test_what_came_at_the_same_second_is_paired_as_it_is_live(cast):
    deal = cast.deal(contact=cast.contact())
    for way in ("in", "out", "in", "out", "in"):
        filed = {"deal": str(deal.pk), "contact": str(deal.contact_id), "audience": "full"}
        one = NewInteraction("email", way, "email", MONDAY + HOUR, text="x", trust="own", filed=filed)
        record(interactions=[one], by=Author(None, "email"), at=MONDAY + HOUR + MINUTE)

    assert asked(rehearsed(FIRM, MONDAY + DAY)) == owed()


def test_the_answer_is_one_sentence(cast):
    first = cast.deal(contact=cast.contact())
    for hours in (1, 3):
        cast.mail(first, at=MONDAY + hours * HOUR)
        cast.mail(first, "out", at=MONDAY + (hours + 1) * HOUR)
    cast.mail(cast.deal("Late", owner=cast.bram, contact=cast.contact("I", "i@x.example")), at=MONDAY + HOUR)

    found = rehearse(drawn(), since=MONDAY - 29 * DAY, until=MONDAY + DAY, only=["answer-enquiry"])

    said = "Over the last 30 days this would have opened 3 duties, 1 of them late, mostly for "
    assert sentence(found, names()) == said + "Ana Horvat (2), Bram Castell (1)."


def test_nothing_to_ask_is_said_too(cast):
    found = rehearse(current_map(), since=MONDAY - 400 * DAY, until=MONDAY - 399 * DAY)

    assert sentence(found, names()) == "Over the last day this would have opened no duty."


def test_too_much_for_one_person_is_said(cast):
    for number in range(31):
        contact = cast.contact(f"C {number}", f"c{number}@x.example")
        cast.mail(cast.deal(f"Deal {number}", contact=contact), at=MONDAY + number * MINUTE)

    [ana] = rehearse(drawn(), since=MONDAY - DAY, until=TUESDAY, only=["answer-enquiry"]).loads

    assert (ana.member, ana.opened, ana.at_once, ana.too_many) == (cast.ana.pk, 31, 31, True)


def test_what_a_member_may_not_see_is_not_counted():
    cast = Cast("own")
    cast.mail(cast.deal(contact=cast.contact()), at=MONDAY + HOUR)

    counts = [len(rehearsed(FIRM, TUESDAY, seen_by=who, only=["answer-enquiry"])) for who in (cast.ana, cast.ben)]

    assert counts == [1, 0]


def test_rehearsing_writes_nothing_and_asks_few_questions(cast, django_assert_max_num_queries):
    two_weeks(cast)
    before = owed()

    with django_assert_max_num_queries(20):
        rehearse(drawn(QUIET), since=MONDAY - DAY, until=MONDAY + 16 * DAY)

    assert owed() == before
