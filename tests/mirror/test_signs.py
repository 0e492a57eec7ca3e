"""Signs and drift, by tallies alone: told apart from chance, from holidays, and from too few cases."""

from datetime import date, timedelta

from baton.map.elements import Field
from baton.mirror.drift import mixed_fields, outside_meaning, stages_apart
from baton.mirror.meaning import kind_of
from baton.mirror.signs import Series, enough, fallen, overdispersion
from baton.mirror.tally import Tally

MONDAY = date(2026, 11, 16)


def of(*weeks: tuple[int, int]) -> Series:
    return Series("late", "sales", weeks)


def test_a_share_that_fell_is_told_with_the_week_in_which_it_began():
    sign = fallen(of(*[(18, 20)] * 20, (9, 20), (8, 20)), MONDAY)

    assert sign is not None
    assert sign.since == MONDAY - timedelta(weeks=1)
    assert sign.chance < 0.001
    assert (sign.hits, sign.cases) == (17, 40)


def test_weeks_that_always_scattered_make_one_more_bad_week_no_sign():
    steady, uneven = [(16, 20)] * 20, [(20, 20), (12, 20)] * 10

    calm, wild = fallen(of(*steady, (10, 20)), MONDAY), fallen(of(*uneven, (10, 20)), MONDAY)

    assert overdispersion(uneven) > 2
    assert calm is not None
    assert wild is not None
    assert calm.chance < wild.chance / 5


def test_of_too_short_a_past_or_too_few_cases_nothing_is_said():
    assert not enough(of(*[(9, 10)] * 8))
    assert not enough(of(*[(1, 1)] * 26))
    assert enough(of(*[(9, 10)] * 26))


def test_a_stage_that_one_person_shows_unlike_the_rest_is_found_and_two_alike_are_not():
    tally = Tally()
    for member, shown in (("ana", 27), ("bram", 8), ("dario", 26), ("lena", 28)):
        tally.add("move", "quoted", "shown", member, "sales", count=shown)
        tally.add("move", "quoted", "said", member, "sales", count=30 - shown)

    assert [(one.element, one.member) for one in stages_apart(tally)] == [("quoted", "bram")]


def test_five_deals_of_one_person_say_nothing_of_how_they_use_a_stage():
    tally = Tally([(("move", "quoted", "said", "bram", "sales"), 5), (("move", "quoted", "shown", "ana", "sales"), 40)])

    assert stages_apart(tally) == []


def test_a_field_that_holds_dates_and_words_is_used_for_several_things():
    field = Field(key="note", name="Note", id="note", type="text")
    tally = Tally()
    for value in ["12.11.2026", "1 Dec", "3/12/2026", *["ring first"] * 9, "n/a"]:
        tally.add("value", "note", kind_of(value, field), "ana")

    assert [name for name, _kinds in mixed_fields(tally)] == ["note"]
    assert outside_meaning(tally) == [("note", 1, 13)]


def test_a_choice_that_is_none_of_the_choices_is_outside_its_meaning():
    field = Field(key="often", name="Often", id="often", type="choice", choices=("weekly", "monthly"))

    assert [kind_of(value, field) for value in ("weekly", "ask Bob", "-")] == ["as meant", "outside", "nothing"]
