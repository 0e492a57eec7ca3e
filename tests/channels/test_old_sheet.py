"""The old spreadsheet: compared with the records day by day, and what is left told when its day has come."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from baton.capture.models import ImportJob
from baton.channels.letters.models import MemberLetter
from baton.channels.sheets import retiring
from baton.kernel.verdict import Refusal
from baton.ledger.models import Company, Deal
from baton.mirror.rollout.dates import set_day
from baton.web.rollout.burning import drawn, table
from tests.cast import HOUR, MONDAY, Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SHEET = b"""Deal,Company,Stage,Amount
Quayside Tower,Marlowe,Quoted,1200
Old Mill,Marlowe,Enquiry,300
Harbour Wall,Tyne View,Enquiry,900
Lost One,Tyne View,lost,900
"""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path: Path):
    settings.FILES_DIR = tmp_path


def kept(cast: Cast, raw: bytes = SHEET, at=MONDAY):
    return retiring.keep("deals.csv", raw, by=cast.tomas, at=at, kind="deals")


def test_what_is_not_here_is_counted_as_an_import_would_match_it_and_nothing_is_written():
    cast = Cast()
    cast.deal("Quayside Tower", company=cast.company())

    old = kept(cast)

    counts = {name: old.found[name] for name in ("total", "there", "left", "open", "bad")}
    assert counts == {"total": 4, "there": 1, "left": 3, "open": 2, "bad": 0}
    assert [one["called"] for one in old.found["missing"]] == ["Old Mill", "Harbour Wall", "Lost One"]
    assert Deal.objects.unscoped("tests").count() == 1
    assert Company.objects.unscoped("tests").count() == 1
    assert ImportJob.objects.count() == 0


def test_when_a_row_came_to_be_here_is_read_from_its_record():
    cast = Cast()
    company = cast.company()
    cast.deal("Quayside Tower", company=company, at=MONDAY - 7 * DAY)
    cast.deal("Old Mill", company=company, at=MONDAY + DAY)

    found = kept(cast, at=MONDAY + 2 * DAY).found
    left = dict(retiring.left_by_day(found, MONDAY.date(), MONDAY.date() + 2 * DAY))

    assert left == {date(2026, 11, 16): 3, date(2026, 11, 17): 2, date(2026, 11, 18): 2}


def test_a_row_that_stands_there_twice_is_not_here_twice():
    cast = Cast()

    old = kept(cast, SHEET + b"Old Mill,Marlowe,Enquiry,300\n")

    assert (old.found["there"], old.found["left"]) == (0, 5)


def test_it_is_compared_again_each_day_until_nothing_is_left():
    cast = Cast()
    company = cast.company()
    first = b"Deal,Company,Stage,Amount\nOld Mill,Marlowe,Enquiry,300\n"
    old = kept(cast, first)
    cast.deal("Old Mill", company=company, at=MONDAY + HOUR)

    assert retiring.compare_due(MONDAY + HOUR) == 0
    assert retiring.compare_due(MONDAY + DAY) == 1

    old.refresh_from_db()
    assert (old.found["left"], old.due_at) == (0, None)


def test_only_the_newest_copy_is_compared_again():
    cast = Cast()
    kept(cast)
    kept(cast, SHEET + b"One More,Marlowe,Enquiry,300\n", at=MONDAY + HOUR)

    assert [retiring.compare_due(MONDAY + 2 * DAY) for _turn in range(3)] == [1, 1, 0]
    found = retiring.newest()

    assert found is not None
    assert found.found["total"] == 5


def test_when_the_day_comes_the_owner_is_told_once_what_is_left(monkeypatch):
    cast = Cast()
    monkeypatch.setattr("baton.channels.letters.retired.can_post", lambda: True)
    kept(cast)
    set_day("off", (MONDAY + 2 * DAY).date(), by=cast.tomas, at=MONDAY, note="deals.csv")

    told = []
    for days in (1, 2, 3):
        retiring.compare_due(MONDAY + days * DAY)
        told.append([(one.member, one.subject) for one in MemberLetter.objects.all()])

    letter = (cast.tomas, "The old spreadsheet is switched off: 4 rows aren’t in Baton yet")
    assert told == [[], [letter], [letter]]


def test_today_tells_the_owner_and_nobody_else_what_is_left(monkeypatch):
    cast = Cast()
    kept(cast)
    set_day("off", (MONDAY + DAY).date(), by=cast.tomas, at=MONDAY)
    seen = {}
    for days in (0, 1):
        monkeypatch.setattr("baton.web.today.page.now", lambda days=days: MONDAY + days * DAY)
        for member in (cast.tomas, cast.ana):
            client = Client()
            client.force_login(member)
            seen[member.short_name, days] = "The old spreadsheet is switched off" in (
                client.get(reverse("today")).content.decode()
            )

    assert seen == {("Tomas", 0): False, ("Ana", 0): False, ("Tomas", 1): True, ("Ana", 1): False}


@pytest.mark.parametrize(("who", "status"), [("tomas", 302), ("ana", 422), ("rita", 403)])
def test_who_gives_a_copy_compares_it_and_lets_the_rest_in(who, status):
    cast = Cast()
    kept(cast)
    client = Client()
    client.force_login(getattr(cast, who))

    answers = [client.post(reverse(f"rollout-sheet{what}")) for what in ("-comparison", "-entry")]

    assert [answer.status_code for answer in answers] == [status, status]
    assert Deal.objects.unscoped("tests").count() == 0


def test_a_copy_of_what_is_no_sheet_and_of_invoices_is_refused():
    cast = Cast()

    with pytest.raises(Refusal):
        retiring.keep("x.pdf", b"%PDF-1.4", by=cast.tomas, at=MONDAY)
    with pytest.raises(Refusal):
        retiring.keep("x.csv", b"Invoice number,Client,Total\n1,Marlowe,3\n", by=cast.tomas, at=MONDAY, kind="invoices")
    with pytest.raises(Refusal):
        retiring.keep("deals.csv", SHEET, by=cast.ana, at=MONDAY)


def test_the_plan_shows_the_burn_down_and_the_same_as_a_table(monkeypatch):
    cast = Cast()
    for place in ("page", "sheet"):
        monkeypatch.setattr(f"baton.web.rollout.{place}.now", lambda: MONDAY + DAY)
    client = Client()
    client.force_login(cast.tomas)
    set_day("begins", MONDAY.date(), by=cast.tomas, at=MONDAY)
    kept(cast)

    page = client.get(reverse("rollout")).content.decode()

    assert "4 of 4 rows aren’t in Baton yet, 3 of them open deals." in page
    label = re.search(r'aria-label="(Rows of the old[^"]*)"', page)
    assert label
    assert label[1] == "Rows of the old spreadsheet that aren’t in Baton: 4 on Mon 16 Nov, 4 on Tue 17 Nov"


# The drawing, pure


def test_the_drawing_falls_in_steps_beside_the_line_that_ends_on_the_day():
    left = [(date(2026, 11, 16), 10), (date(2026, 11, 17), 5), (date(2026, 11, 18), 5)]

    found = drawn(left, date(2026, 11, 20))

    assert found is not None
    assert found["path"] == "M8.0 18.0H279.0V93.0H550.0V93.0"
    assert found["plan"] == "M8.0 18.0L1092.0 168.0"
    assert drawn([], None) is None


def test_the_table_has_a_row_a_week_the_first_and_the_last_day():
    left = [(date(2026, 11, 1) + timedelta(days=n), 20 - n) for n in range(17)]

    assert [day.day for day, _count in table(left)] == [1, 3, 10, 17]
