"""The rules of the rollout, pure: who starts when, how closely somebody is looked after, what a desk's page says."""

from datetime import date, timedelta

import pytest

from baton.map.reading import read_map
from baton.map.settled import by_id
from baton.mirror.rollout.oversight import LASTS, Week, oversight
from baton.mirror.rollout.planning import propose, proposed_end
from baton.mirror.rollout.protocol import protocol_of, running
from baton.mirror.rollout.seen import abilities
from baton.work.behaviors import behaviors_of
from tests.cast import FIRM

MON = date(2026, 11, 16)
WEEK = timedelta(days=7)
BIG = FIRM.replace("{lead: mia,", "{lead: mia, members: [ida],").replace("{lead: ben}", "{lead: ben, members: [cy]}")


def drawn(text: str = FIRM):
    found, problems = read_map(text)
    assert found is not None, problems
    return by_id(found)


def name(start) -> str:
    return start.email.split("@")[0]


# Who starts when


def test_whoever_leads_starts_first_and_then_desk_by_desk_as_the_work_flows():
    starts = propose(drawn(BIG), MON, {})

    assert [(name(one), (one.on - MON).days, one.why) for one in starts] == [
        ("tomas", 0, "owner"), ("mia", 0, "leads"), ("ana", 0, "leads"), ("ben", 0, "leads"),
        ("ida", 7, "desk"), ("bram", 14, "desk"), ("cy", 21, "desk"),
    ]  # fmt: skip


def test_five_people_start_together():
    assert {one.on for one in propose(drawn(), MON, {})} == {MON}


def test_a_day_that_nobody_works_on_moves_to_the_next_one():
    assert {one.on for one in propose(drawn(), date(2026, 12, 26), {})} == {date(2026, 12, 28)}
    closed = BIG.replace("mon-fri: 09:00-17:00}", "mon-fri: 09:00-17:00, holidays: GB}")

    assert propose(drawn(closed), date(2026, 12, 25), {})[0].on == date(2026, 12, 29)


def test_a_day_that_the_owner_chose_holds():
    chosen = {"bram@lime.example": MON + timedelta(days=3)}

    bram = next(one for one in propose(drawn(BIG), MON, {}, chosen) if name(one) == "bram")

    assert (bram.on, bram.chosen) == (MON + timedelta(days=3), True)


def test_who_was_seated_besides_is_in_the_plan_and_who_sits_nowhere_comes_last():
    starts = propose(drawn(BIG), MON, {"zoe@lime.example": ["intake"], "nia@lime.example": []})
    found = {name(one): (one.on - MON).days for one in starts}

    assert (found["zoe"], found["nia"]) == (7, 21)


def test_the_old_spreadsheet_is_proposed_to_go_four_weeks_after_the_last_start():
    starts = propose(drawn(BIG), MON, {})

    assert proposed_end(starts, drawn(BIG).hours) == MON + timedelta(days=21 + 28)


# How closely


def weeks(*made_of: tuple[int, int]) -> list[Week]:
    return [Week(MON + n * WEEK, made, of) for n, (made, of) in enumerate(made_of)]


@pytest.mark.parametrize(
    ("so_far", "phase"),
    [
        ([], "daily"),
        ([(4, 5)], "weekly"),
        ([(3, 5)], "daily"),
        ([(3, 5), (8, 10)], "weekly"),
        ([(5, 5), (4, 5)], "over"),
        ([(5, 5), (1, 5)], "daily"),
        ([(5, 5), (1, 5), (5, 5), (5, 5)], "over"),
        ([(5, 5), (5, 5), (1, 5)], "daily"),
        ([(0, 2)], "daily"),
        ([(5, 5), (0, 2)], "weekly"),
        ([(5, 5), (0, 2), (5, 5)], "over"),
    ],
)
def test_oversight_thins_out_as_the_behavior_holds_and_comes_back_when_it_slides(so_far, phase):
    assert oversight(MON, weeks(*so_far), MON + len(so_far) * WEEK).phase == phase


def test_it_says_which_week_decided_and_that_it_came_back():
    found = oversight(MON, weeks((5, 5), (5, 5), (1, 5)), MON + 3 * WEEK)

    assert (found.back, found.because, found.since) == (True, Week(MON + 2 * WEEK, 1, 5), MON + 3 * WEEK)


def test_after_a_quarter_it_is_over_whatever_happens():
    bad = weeks(*[(0, 5)] * 13)

    assert oversight(MON, bad, MON + LASTS - timedelta(days=1)).phase == "daily"
    assert oversight(MON, bad, MON + LASTS).phase == "over"


def test_nobody_is_looked_after_before_they_start():
    assert oversight(MON, [], MON - timedelta(days=1)).phase == "ahead"


# A desk's page


def page(desk: str, text: str = FIRM):
    found = drawn(text)
    return protocol_of(found.desks[desk], found, behaviors_of(found))


def test_a_desk_s_page_says_what_it_takes_gives_and_writes_down():
    sales = page("sales")

    assert [one.name for one in sales.stages] == ["Visited", "Quoted", "Agreed"]
    assert [one.id for one in sales.takes] == ["intake-sales"]
    assert [one.id for one in sales.gives] == ["sales-operations"]
    assert [one.key for one in sales.fields] == ["scope", "start_date", "key_holder"]
    assert [one.id for one in sales.decisions] == ["monday-review"]


def test_only_the_receiving_desk_accepts_a_handoff_and_only_the_sender_fixes_what_came_back():
    owed = {desk: {one.id for one in page(desk).yours} for desk in ("intake", "sales", "operations")}

    assert [desk for desk, ids in owed.items() if "baton:accept:sales-operations" in ids] == ["operations"]
    assert [desk for desk, ids in owed.items() if "baton:fix-returned" in ids] == ["intake", "sales"]


def test_a_duty_of_a_stage_is_that_of_its_desk():
    text = FIRM.replace(
        "decisions:", "  book-start:\n    opens: stage entered mobilising\n    closes: start booked\n"
        "    owed_by: deal owner\n    within: 1 working day\n    so_that: crews know\n\ndecisions:",
    )  # fmt: skip

    assert [desk for desk in ("intake", "sales", "operations")
            if "book-start" in {one.id for one in page(desk, text).yours}] == ["operations"]  # fmt: skip


def test_whoever_runs_it_owes_the_mending_of_behaviors_and_sees_every_decision():
    found = drawn()

    told = running(found, behaviors_of(found))

    assert [one.id for one in told.owes] == ["baton:mend-behavior"]
    assert [one.id for one in told.decisions] == ["monday-review"]


def test_what_somebody_must_be_able_to_do_follows_from_where_they_sit():
    found = drawn()

    keys = [one.key for one in abilities("bram@lime.example", ["sales"], found, behaviors_of(found))]

    assert {"duty/answer-enquiry", "take/intake-sales", "give/sales-operations", "suggestion", "line", "phone"} <= set(
        keys
    )
    assert not any(key.startswith("duty/baton:accept") for key in keys)
    assert len(keys) == len(set(keys))
