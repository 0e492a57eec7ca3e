"""What begins to slide is told to the owner of the map, with its cases, once for each sign; to nobody else."""

from datetime import date, timedelta

import pytest

from baton.channels.letters.signs import write_signs
from baton.map.publishing import publish
from baton.mirror.keeping import keep_days
from baton.mirror.models import Week
from baton.mirror.signs import Sign, Warnings
from baton.work.absence import be_away
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
LAST_WEEK = date(2026, 11, 9)
LATE = Sign("late", "sales", date(2026, 11, 2), 9, 20, 180, 200, 0.001)
ELSEWHERE = Sign("elsewhere", "", date(2026, 11, 2), 2, 12, 90, 100, 0.0005)


def warned(*signs: Sign, week: date = LAST_WEEK) -> None:
    while keep_days(TUESDAY):
        pass
    Week.objects.filter(monday=week).update(warned=Warnings(list(signs), []).as_data())


def a_duty_that_was_missed(cast: Cast) -> None:
    deal = cast.deal("Quayside Tower", contact=cast.contact(), at=MONDAY - timedelta(days=6))
    cast.mail(deal, at=MONDAY - timedelta(days=6))


def test_a_new_sign_is_told_to_the_owner_with_its_cases(letters, settings):
    settings.BATON_URL = "https://baton.lime.example"
    cast = Cast()
    a_duty_that_was_missed(cast)
    warned(LATE)

    assert write_signs(TUESDAY) == 1

    (letter,) = letters(TUESDAY)
    text = letter.get_body(("plain",)).get_content()
    assert (str(letter["To"]), str(letter["Subject"])) == (
        "Tomas Okafor <tomas@lime.example>",
        "Sales lets duties go late: 9 of 20 kept, 90 % of 200 before",
    )
    assert "Use is starting to slide, since the week of Mon 2 Nov" in text
    assert "Quayside Tower" in text
    assert "https://baton.lime.example/mirror/findings/sign/late/sales/" in text


def test_a_sign_is_told_once_and_a_second_one_by_itself(letters):
    Cast()
    warned(LATE)
    write_signs(TUESDAY)
    warned(LATE, ELSEWHERE)

    assert (write_signs(TUESDAY + HOUR), write_signs(TUESDAY + 2 * HOUR)) == (1, 0)
    assert [str(one["Subject"])[:24] for one in letters(TUESDAY + 2 * HOUR)] == [
        "Sales lets duties go lat",
        "Decisions are leaving Ba",
    ]


def test_a_sign_that_the_weeks_before_had_is_no_news(letters):
    Cast()
    warned(LATE)
    Week.objects.filter(monday=LAST_WEEK - timedelta(weeks=1)).update(warned=Warnings([LATE], []).as_data())

    assert write_signs(TUESDAY) == 0


def test_while_the_owner_is_away_their_deputy_is_told(letters):
    cast = Cast()
    publish(FIRM.replace("owner: tomas", "deputy: ana\nowner: tomas"), by=cast.tomas, at=MONDAY - timedelta(days=30))
    be_away(cast.tomas, since=MONDAY, until=TUESDAY + 40 * HOUR, deputy=None, by=cast.tomas, at=MONDAY)
    warned(LATE)

    write_signs(TUESDAY)

    assert [str(one["To"]) for one in letters(TUESDAY)] == ["Ana Horvat <ana@lime.example>"]


def test_who_wants_no_notices_finds_it_on_their_desk_alone(letters):
    cast = Cast()
    cast.tomas.wants_notices = False
    cast.tomas.save()
    warned(LATE)

    assert write_signs(TUESDAY) == 0
    assert letters(TUESDAY) == []
