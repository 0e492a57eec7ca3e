"""Nobody owes what they can't do: away, read only, not at the desk, blind to the deal; it falls to the next in line."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.map.publishing import publish
from baton.members.models import Member, Role
from baton.work import absence, passing_on
from baton.work.checking import check
from baton.work.models import Absence, Duty
from baton.work.today import duties_of
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    """A deal of Bram's; the lead of its desk is Ana."""
    return cast.deal(contact=cast.contact(), owner=cast.bram)


def owed(behavior: str = "answer-enquiry") -> list[tuple]:
    rows = Duty.objects.unscoped("tests").filter(behavior=behavior).order_by("opened_at", "id")
    return [(row.owed_by, row.instead_of) for row in rows]


def away(cast: Cast, who: Member, deputy: Member | None, since=MONDAY, until=MONDAY + 5 * DAY, at=MONDAY) -> Absence:
    return absence.be_away(who, since=since, until=until, deputy=deputy, by=who, at=at)


def test_what_comes_while_somebody_is_away_falls_to_their_deputy(cast, deal):
    away(cast, cast.bram, cast.mia)

    cast.mail(deal, at=MONDAY + HOUR)

    assert owed() == [(cast.mia, cast.bram)]
    assert check().differences == []


def test_without_a_deputy_it_falls_to_the_next_in_line(cast, deal):
    away(cast, cast.bram, None)

    cast.mail(deal, at=MONDAY + HOUR)

    assert owed() == [(cast.ana, cast.bram)]


def test_a_deputy_who_is_away_too_is_passed_over(cast, deal):
    away(cast, cast.mia, cast.ben)
    away(cast, cast.bram, cast.mia)

    cast.mail(deal, at=MONDAY + HOUR)

    assert owed() == [(cast.ben, cast.bram)]


def test_two_who_stand_in_for_each_other_leave_it_to_the_next(cast, deal):
    away(cast, cast.mia, cast.bram)
    away(cast, cast.bram, cast.mia)

    cast.mail(deal, at=MONDAY + HOUR)

    assert owed() == [(cast.ana, cast.bram)]


def test_what_is_open_goes_when_they_go_and_comes_back_with_them(cast, deal):
    cast.mail(deal, at=MONDAY)
    away(cast, cast.bram, cast.mia, since=TUESDAY, until=WEDNESDAY)
    seen = [owed()[0]]
    for at in (TUESDAY, WEDNESDAY):
        absence.turn(at)
        seen.append(owed()[0])

    assert seen == [(cast.bram, None), (cast.mia, cast.bram), (cast.bram, None)]
    assert check().differences == []


def test_what_was_settled_meanwhile_stays_with_who_settled_it(cast, deal):
    row = away(cast, cast.bram, cast.mia)
    cast.mail(deal, at=MONDAY + HOUR)
    cast.mail(deal, "out", at=MONDAY + 2 * HOUR)

    absence.come_back(row, by=cast.bram, at=TUESDAY)

    assert owed() == [(cast.mia, cast.bram)]
    assert check().differences == []


def test_whoever_stands_in_reads_why(cast, deal):
    away(cast, cast.bram, cast.mia)
    cast.mail(deal, at=MONDAY + HOUR)

    row = next(one for one in duties_of(cast.mia, MONDAY + 2 * HOUR) if one.behavior == "answer-enquiry")

    assert row.because.endswith("Bram would owe it, but is away until Sat 21 Nov")


def test_the_sweep_turns_each_absence_once(cast):
    away(cast, cast.bram, cast.mia, since=TUESDAY, until=WEDNESDAY)

    assert [absence.turn(at) for at in (MONDAY, TUESDAY, TUESDAY, WEDNESDAY, WEDNESDAY)] == [0, 1, 0, 1, 0]


def test_an_absence_that_lies_ahead_is_called_off(cast, deal):
    row = away(cast, cast.bram, cast.mia, since=TUESDAY, until=WEDNESDAY)

    absence.come_back(row, by=cast.bram, at=MONDAY + HOUR)

    assert (absence.turn(TUESDAY), absence.absences(cast.bram, seen_by=cast.ana)) == (0, [])


def test_nobody_says_for_a_colleague_that_they_are_away_but_who_looks_after_people(cast):
    told = {"since": TUESDAY, "until": WEDNESDAY, "deputy": None, "at": MONDAY}
    with pytest.raises(Refusal, match="Only the owner and managers"):
        absence.be_away(cast.bram, by=cast.ana, **told)

    assert absence.be_away(cast.bram, by=cast.tomas, **told).member == cast.bram


@pytest.mark.parametrize(
    ("deputy", "since", "until", "why"),
    [
        ("rita", TUESDAY, WEDNESDAY, "a colleague who may act"),
        ("bram", TUESDAY, WEDNESDAY, "a colleague who may act"),
        ("mia", WEDNESDAY, TUESDAY, "ends before it begins"),
    ],
)
def test_an_absence_that_can_t_be_is_refused(cast, deputy, since, until, why):
    with pytest.raises(Refusal, match=why):
        away(cast, cast.bram, getattr(cast, deputy), since=since, until=until)


def test_nobody_is_away_twice_at_once(cast):
    away(cast, cast.bram, None)

    with pytest.raises(Refusal, match="away then already"):
        away(cast, cast.bram, None, since=TUESDAY)


def test_nothing_is_passed_on_to_who_is_away(cast, deal):
    cast.mail(deal)
    away(cast, cast.mia, None)
    [duty] = Duty.objects.unscoped("tests").filter(behavior="answer-enquiry")

    with pytest.raises(Refusal, match="Mia Lind is away"):
        passing_on.pass_on(duty, to=cast.mia, by=cast.bram, at=MONDAY + HOUR)


def test_what_was_passed_on_goes_further_while_they_are_away_and_comes_back(cast, deal):
    cast.mail(deal)
    [duty] = Duty.objects.unscoped("tests").filter(behavior="answer-enquiry")
    passing_on.pass_on(duty, to=cast.mia, by=cast.bram, at=MONDAY + HOUR)

    row = away(cast, cast.mia, cast.ben, at=MONDAY + 2 * HOUR)
    gone = owed()
    absence.come_back(row, by=cast.mia, at=TUESDAY)

    assert (gone, owed()) == ([(cast.ben, cast.mia)], [(cast.mia, None)])
    assert check().differences == []


# Read only


def test_whoever_may_only_read_from_now_on_owes_nothing(cast, deal):
    cast.mail(deal)

    absence.change_role(cast.bram, Role.READ_ONLY, by=cast.tomas, at=TUESDAY)
    reading = owed()
    cast.mail(deal, "out", at=TUESDAY + HOUR)
    absence.change_role(cast.bram, Role.MEMBER, by=cast.tomas, at=WEDNESDAY)
    cast.mail(deal, at=WEDNESDAY + HOUR)

    assert (reading, owed()) == ([(cast.ana, cast.bram)], [(cast.ana, cast.bram), (cast.bram, None)])
    assert check().differences == []


def test_whoever_was_only_let_in_to_read_never_owed_anything_and_may_from_now_on(cast):
    deal = cast.deal(contact=cast.contact(), owner=cast.rita)
    cast.mail(deal, at=MONDAY)
    cast.mail(deal, "out", at=MONDAY + HOUR)

    absence.change_role(cast.rita, Role.MEMBER, by=cast.tomas, at=TUESDAY)
    cast.mail(deal, at=TUESDAY + HOUR)

    assert owed() == [(cast.ana, cast.rita), (cast.rita, None)]
    assert check().differences == []


# By name and in turn


def test_whom_the_map_names_owes_nothing_on_deals_that_they_may_not_see():
    cast = Cast("own")
    rule = FIRM.replace("owed_by: deal owner, else desk lead", "owed_by: member ben, else deal owner", 1)
    publish(rule + "\nvisibility: own desk, own deals; leaders see their desk\n", by=None, at=MONDAY - DAY)
    deal = cast.deal(contact=cast.contact(), owner=cast.bram)

    cast.mail(deal)

    assert owed() == [(cast.bram, cast.ben)]


def test_a_desk_takes_turns_and_the_order_of_arrival_changes_nothing(cast):
    publish(FIRM.replace("owed_by: deal owner, else desk lead", "owed_by: sales in turn", 1), by=None, at=MONDAY - DAY)
    for number in range(24):
        cast.mail(cast.deal(f"D{number}", contact=cast.contact(f"C{number}", f"c{number}@x.example")), at=MONDAY)

    shares = [sum(who == one for who, _instead in owed()) for one in (cast.ana, cast.bram)]

    assert sum(shares) == 24
    assert min(shares) >= 5
    assert check().differences == []


def test_whoever_is_away_misses_their_turn(cast):
    publish(FIRM.replace("owed_by: deal owner, else desk lead", "owed_by: desk in turn", 1), by=None, at=MONDAY - DAY)
    row = away(cast, cast.bram, None)
    for number in range(8):
        cast.mail(cast.deal(f"D{number}", contact=cast.contact(f"C{number}", f"c{number}@x.example")), at=MONDAY)
    gone = {who for who, _instead in owed()}

    absence.come_back(row, by=cast.bram, at=TUESDAY)

    assert (gone, {who for who, _instead in owed()}) == ({cast.ana}, {cast.ana, cast.bram})
    assert check().differences == []
    assert fresh(row).ended_at == TUESDAY
