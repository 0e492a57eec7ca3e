"""Answering Baton by mail: what is sure is done by the same verbs as on Today, what isn't is asked back."""

from datetime import timedelta

import pytest

from baton.channels.letters.models import MemberLetter
from baton.channels.letters.mornings import write_mornings
from baton.channels.letters.notices import write_notices
from baton.ledger.models import Interaction
from baton.members.models import Member
from baton.work import handoffs, next_steps, promises, questions
from baton.work.chasing import chase
from baton.work.models import Duty
from tests.cast import HOUR, MINUTE, MONDAY, fresh

SEVEN = MONDAY - 2 * HOUR
BEFORE = MONDAY - timedelta(days=4)


@pytest.fixture
def deal(cast):
    deal = cast.deal(contact=cast.contact(), at=BEFORE)
    next_steps.set_next(deal, "Send the quote", by=cast.ana, at=BEFORE, due=MONDAY + HOUR)
    return deal


@pytest.fixture
def digest(deal, letters):
    write_mornings(SEVEN - HOUR)
    write_mornings(SEVEN)
    return letters(SEVEN)[-1]


@pytest.fixture
def written_back(letters):
    """Return the last letter in words."""

    def last(at=MONDAY):
        letter = letters(at)[-1]
        return letter, letter.get_body(("plain",)).get_content()

    return last


def test_done_is_done_and_asks_what_comes_next(cast, deal, digest, answer, written_back):
    answer(digest, "done", MONDAY)

    letter, text = written_back()
    assert (fresh(deal).next_step, letter["Auto-Submitted"]) == ("", "auto-replied")
    assert [word in text for word in ("Understood, and done.", "Done", "Still open")] == [True] * 3
    assert letter["In-Reply-To"]

    answer(letter, "call Dana Tue 10:00", MONDAY + MINUTE)
    assert fresh(deal).next_step == "call Dana"


def test_moved_to_friday_moves_the_step(cast, deal, digest, answer):
    answer(digest, "moved to Friday", MONDAY)

    assert (fresh(deal).next_step, fresh(deal).next_step_at) == ("Send the quote", MONDAY + timedelta(days=4, hours=8))


def test_an_amount_is_the_deal_s_amount(cast, deal, digest, answer):
    answer(digest, "12.5k", MONDAY)

    assert (fresh(deal).amount, fresh(deal).currency) == (1_250_000, "GBP")


def test_lost_and_why_ends_the_deal(cast, deal, digest, answer):
    answer(digest, "lost: went with cheaper", MONDAY)

    assert (fresh(deal).status, fresh(deal).value("lost_reason")) == ("lost", "went with cheaper")


def test_it_is_read_in_the_reader_s_language(cast, deal, digest, answer):
    Member.objects.filter(pk=cast.ana.pk).update(language="de")

    answer(digest, "verschoben auf Freitag", MONDAY)

    assert fresh(deal).next_step_at == MONDAY + timedelta(days=4, hours=8)


def test_what_is_not_understood_is_asked_back_and_changes_nothing(cast, deal, digest, answer, written_back):
    before = fresh(deal).version, Interaction.objects.unscoped("tests").count()

    answer(digest, "I have no idea, really", MONDAY)

    _letter, text = written_back()
    assert (fresh(deal).version, Interaction.objects.unscoped("tests").count()) == before
    assert [w in text for w in ("Nothing was changed by this.", "I didn’t understand it.", "moved to Friday")] == [
        True
    ] * 3


def test_of_several_things_each_is_meant_by_its_number(cast, deal, letters, answer, written_back):
    promise = promises.make(deal, "Revised quote", by=cast.ana, at=BEFORE, due_at=MONDAY + 2 * HOUR)
    write_mornings(SEVEN - HOUR), write_mornings(SEVEN)
    digest = letters(SEVEN)[-1]

    answer(digest, "done", MONDAY)
    asked, text = written_back()
    unchanged = fresh(deal).next_step
    answer(asked, "2 kept\n1 moved to Friday", MONDAY + MINUTE)

    assert ("Which one? Begin the line with its number." in text, unchanged) == (True, "Send the quote")
    assert (fresh(promise).state, fresh(deal).next_step_at) == ("kept", MONDAY + timedelta(days=4, hours=8))


@pytest.mark.parametrize(
    ("sender", "state"),
    [("Mallory <mallory@evil.example>", "parked"), ("Bram Castell <bram@lime.example>", "parked")],
)
def test_an_answer_from_another_address_does_not_count(cast, deal, digest, answer, letters, sender, state):
    before = len(letters(MONDAY))

    delivery = answer(digest, "lost: haha", MONDAY, sender)

    assert (delivery.state, fresh(deal).status, len(letters(MONDAY))) == (state, "open", before)


def test_a_made_up_token_is_no_address(cast, digest, answer):
    del digest["Reply-To"]
    digest["Reply-To"] = "answer.abcdefghijkmnpqrstuvwxyz@localhost"

    with pytest.raises(LookupError):
        answer(digest, "done", MONDAY)


def test_a_letter_older_than_a_month_is_not_answered_any_more(cast, deal, digest, answer):
    delivery = answer(digest, "done", MONDAY + timedelta(days=31))

    assert (delivery.state, fresh(deal).next_step) == ("parked", "Send the quote")


@pytest.mark.parametrize(
    ("headers", "envelope"),
    [({"Auto-Submitted": "auto-replied"}, None), ({"Precedence": "bulk"}, None), ({}, "")],
)
def test_a_machine_is_neither_obeyed_nor_answered(cast, deal, digest, answer, letters, headers, envelope):
    before = len(letters(MONDAY))

    answer(digest, "done", MONDAY, envelope=envelope, **headers)

    assert (fresh(deal).next_step, len(letters(MONDAY))) == ("Send the quote", before)


def test_two_machines_that_look_like_people_are_held_after_twenty_rounds(cast, deal, digest, answer, letters):
    for n in range(25):
        delivery = answer(digest, f"what is this, number {n}?", MONDAY + n * MINUTE)

    answers = MemberLetter.objects.filter(kind="answer").count()
    assert (answers, delivery.state) == (20, "parked")
    assert delivery.because == "More than 20 answers in two hours: held back."


def test_the_same_answer_by_two_ways_counts_once(cast, deal, digest, answer, letters):
    answer(digest, "12.5k", MONDAY)
    before = len(letters(MONDAY))

    answer(digest, "12.5k", MONDAY)

    assert (len(letters(MONDAY)), Interaction.objects.unscoped("tests").filter(deal=deal.pk).count()) == (before, 1)


def test_an_answer_never_becomes_an_interaction_with_a_customer(cast, deal, digest, answer):
    answer(digest, "no idea", MONDAY)

    assert Interaction.objects.unscoped("tests").count() == 0


def test_who_may_only_read_changes_nothing_by_mail_either(cast, deal, digest, answer, written_back):
    Member.objects.filter(pk=cast.ana.pk).update(role="read-only")

    answer(digest, "12.5k", MONDAY)

    assert fresh(deal).amount is None
    assert "Your role is read only" in written_back()[1]


class TestNotices:
    """Told of at once, to whoever must act, and answered in the same way."""

    def test_a_question_is_told_and_its_answer_is_the_words(self, cast, deal, letters, answer):
        asked = questions.ask(deal, "Can we start before the lifts are done?", of=cast.ben, by=cast.ana, at=MONDAY)
        write_notices(MONDAY)
        [letter] = letters(MONDAY)

        answer(letter, "Yes, from the second floor up.", MONDAY + MINUTE)

        assert letter["To"] == "Ben Raman <ben@lime.example>"
        assert fresh(asked).answer == "Yes, from the second floor up."

    @pytest.mark.parametrize("word", ["Accepted.", "angenommen", "Prihvaćeno."])
    def test_a_handoff_is_told_to_the_desk_that_gets_it_and_accepted_by_a_word(self, cast, deal, letters, answer, word):
        handoff = handoffs.offer(deal, by=cast.ana, at=MONDAY)
        write_notices(MONDAY)
        [letter] = letters(MONDAY)

        unclear = answer(letter, "hm, later", MONDAY + MINUTE)
        waiting = fresh(handoff).state
        answer(letter, word, MONDAY + 2 * MINUTE)

        assert (letter["To"], unclear.state, waiting) == ("Ben Raman <ben@lime.example>", "read", "offered")
        assert fresh(handoff).state == "accepted"

    def test_a_handoff_that_comes_back_is_told_to_who_sent_it(self, cast, deal, letters):
        handoff = handoffs.offer(deal, by=cast.ana, at=MONDAY)
        handoffs.send_back(handoff, missing=["scope"], because="no floor plan", by=cast.ben, at=MONDAY + HOUR)
        write_notices(MONDAY + HOUR)

        told = [(str(one["To"]), one.get_body(("plain",)).get_content()) for one in letters(MONDAY + HOUR)]

        assert [to for to, text in told if "came back" in text] == ["Ana Horvat <ana@lime.example>"]

    def test_what_was_forgotten_is_told_to_whom_it_came_up_to(self, cast, letters):
        deal = cast.deal(contact=cast.contact(), owner=cast.bram)
        cast.mail(deal)
        chase(MONDAY + 5 * HOUR)
        write_notices(MONDAY + 5 * HOUR)

        told = [(str(one["To"]), str(one["Subject"])) for one in letters(MONDAY + 5 * HOUR)]

        assert [to for to, _subject in told] == ["Ana Horvat <ana@lime.example>"]

    def test_nobody_is_told_of_what_they_did_themselves_or_when_they_do_not_want_to_be(self, cast, deal, letters):
        questions.ask(deal, "Remember to look?", of=cast.ana, by=cast.ana, at=MONDAY)
        Member.objects.filter(pk=cast.ben.pk).update(wants_notices=False)
        questions.ask(deal, "Start?", of=cast.ben, by=cast.ana, at=MONDAY)
        write_notices(MONDAY)

        assert letters(MONDAY) == []

    def test_what_was_settled_before_the_notice_was_written_is_not_told(self, cast, deal, letters):
        asked = questions.ask(deal, "Start?", of=cast.ben, by=cast.ana, at=MONDAY)
        questions.answer(asked, "Yes", by=cast.ben, at=MONDAY)
        write_notices(MONDAY)

        assert (letters(MONDAY), Duty.objects.unscoped("tests").filter(behavior="x").count()) == ([], 0)
