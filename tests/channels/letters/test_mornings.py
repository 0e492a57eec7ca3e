"""The morning digest: once each working day, on the reader's clock, in their language, and only if it says anything."""

from datetime import UTC, datetime, timedelta

import pytest

from baton.channels.letters.models import MemberLetter, Morning
from baton.channels.letters.mornings import next_morning, write_mornings
from baton.members.models import Member
from baton.work import next_steps, promises
from tests.cast import HOUR, MONDAY, TUESDAY, fresh

SEVEN = MONDAY - 2 * HOUR
FRIDAY, SATURDAY = MONDAY - timedelta(days=3), MONDAY - timedelta(days=2)


@pytest.fixture
def deal(cast):
    deal = cast.deal(contact=cast.contact(), at=MONDAY - timedelta(days=4))
    next_steps.set_next(deal, "Send the quote", by=cast.ana, at=MONDAY - timedelta(days=4), due=MONDAY + HOUR)
    return deal


def mornings(at, *others):
    """Wake up before seven, and at each of these moments."""
    for moment in (at - HOUR, at, *others):
        write_mornings(moment)


def test_it_says_what_is_owed_why_and_by_when_with_a_number_to_answer_by(cast, deal, letters):
    promises.make(deal, "Revised quote", by=cast.ana, at=FRIDAY, due_at=FRIDAY + HOUR)
    mornings(SEVEN)

    [letter] = letters(SEVEN)

    text = letter.get_body(("plain",)).get_content()
    assert (letter["To"], letter["Subject"]) == (
        "Ana Horvat <ana@lime.example>", "Monday 16 November: 2 things today, 1 late",
    )  # fmt: skip
    assert [word in text for word in ("1. ", "2. ", "Quayside Tower", "by 10:00", "“1 done”")] == [True] * 5
    assert (letter["Auto-Submitted"], letter["Reply-To"].startswith("answer.")) == ("auto-generated", True)
    assert "<b>2</b>" in letter.get_body(("html",)).get_content()


def test_it_comes_once_a_day_however_often_anybody_looks(cast, deal, letters):
    mornings(SEVEN, SEVEN, SEVEN + HOUR, SEVEN + 8 * HOUR)

    assert len(letters(SEVEN + 9 * HOUR)) == 1


def test_it_does_not_come_on_a_day_on_which_nobody_works(cast, deal, letters):
    write_mornings(SATURDAY - 9 * HOUR)
    write_mornings(SATURDAY)

    assert letters(SATURDAY) == []
    assert Morning.objects.get(member=cast.ana).due_at == SEVEN


def test_who_owes_nothing_today_gets_none(cast, letters):
    mornings(SEVEN)

    assert letters(SEVEN) == []


def test_who_switched_it_off_gets_none_and_gets_it_again_when_it_is_on(cast, deal, letters):
    Member.objects.update(wants_digest=False)
    mornings(SEVEN)
    off = len(letters(SEVEN))
    Member.objects.update(wants_digest=True)
    write_mornings(SEVEN + HOUR)
    write_mornings(TUESDAY - 2 * HOUR)

    assert (off, len(letters(TUESDAY))) == (0, 1)


def test_it_is_in_the_reader_s_language_and_on_their_clock(cast, deal, letters):
    Member.objects.filter(pk=cast.ana.pk).update(zone="Asia/Tokyo", language="de")
    seven_in_tokyo = datetime(2026, 11, 15, 22, 0, tzinfo=UTC)

    write_mornings(seven_in_tokyo - HOUR)
    write_mornings(seven_in_tokyo)

    [letter] = letters(seven_in_tokyo)
    assert letter["Subject"].startswith("Montag, 16. November") or "16 November" in letter["Subject"]
    assert "19:00" in letter.get_body(("plain",)).get_content()


def test_a_lead_is_told_what_is_late_at_their_desk_with_others(cast, deal, letters):
    other = cast.deal("Kestrel House", owner=cast.bram, at=MONDAY - timedelta(days=4))
    next_steps.set_next(other, "Call Colin", by=cast.bram, at=MONDAY - timedelta(days=4), due=FRIDAY)
    mornings(SEVEN)

    texts = {str(one["To"]): one.get_body(("plain",)).get_content() for one in letters(SEVEN)}

    assert "Late at Sales, with others" in texts["Ana Horvat <ana@lime.example>"]
    assert "Bram Castell: " in texts["Ana Horvat <ana@lime.example>"]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/London", SEVEN), ("Asia/Tokyo", datetime(2026, 11, 15, 22, 0, tzinfo=UTC))],
)
def test_the_next_morning_is_the_next_working_day_at_seven(cast, zone, expected):
    cast.ana.zone = zone

    assert next_morning(cast.ana, SATURDAY) == expected


def test_without_a_way_to_send_nothing_is_written(cast, deal, settings):
    settings.EMAIL_BACKEND = "baton.kernel.mailing.CheckedBackend"
    mornings(SEVEN)

    assert (MemberLetter.objects.count(), Morning.objects.count()) == (0, 0)
    assert fresh(deal).next_step == "Send the quote"
