"""Goals: a metric of the catalog, where it stands, where it should be, and by when. All else is sent back."""

from datetime import date

import pytest

from baton.map.elements import Charter, Goal
from baton.map.goals import METRICS, amount_in, amount_written, measuring_until, nearest_metrics, reached, share_of_way
from baton.map.reading import read_map
from baton.map.writing import write_map
from tests.map.conftest import SMALL

BY = date(2027, 3, 31)


def problems_of(goal: str) -> list[str]:
    return [str(problem) for problem in read_map(f"{SMALL}\ngoals:\n  - {goal}\n")[1]]


def test_a_goal_of_the_catalog_with_baseline_target_and_date_is_taken():
    assert problems_of("{metric: first_response_p80, baseline: 9 h, target: 2 h, by: 2027-03-31}") == []


def test_a_baseline_may_still_be_measured_until_a_day_before_the_goals_own():
    until = "baseline: measuring until {day}, target: 90%, by: 2027-03-31"

    assert problems_of(f"{{metric: duties_on_time, {until.format(day='2026-12-31')}}}") == []
    assert problems_of(f"{{metric: duties_on_time, {until.format(day='2027-04-01')}}}") == [
        "line 30: what is measured until 2027-04-01 leaves no time until 2027-03-31"
    ]


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("{metric: control, baseline: 1, target: 2, by: 2027-03-31}", "can’t be measured"),
        ("{metric: duties_on_time, baseline: low, target: 90%, by: 2027-03-31}", "isn’t a share like `90%`"),
        ("{metric: duties_on_time, baseline: 40%, target: 190%, by: 2027-03-31}", "isn’t a share like `90%`"),
        ("{metric: first_response_p80, baseline: 9 h, target: 20%, by: 2027-03-31}", "isn’t a time like `4 h`"),
        ("{metric: first_response_p80, baseline: 2 h, target: 9 h, by: 2027-03-31}", "here less is better"),
        ("{metric: duties_on_time, baseline: 40%, target: 40%, by: 2027-03-31}", "here more is better"),
        ("{metric: duties_on_time, baseline: 40%, target: 90%}", "has no `by`"),
        ("{metric: duties_on_time, target: 90%, by: 2027-03-31}", "has no `baseline`"),
    ],
)
def test_what_can_t_be_missed_is_no_goal(goal, said):
    found = problems_of(goal)

    assert len(found) == 1
    assert said in found[0]


def test_two_goals_about_one_thing_are_one_too_many():
    goal = "{metric: duties_on_time, baseline: 40%, target: 90%, by: 2027-03-31}"

    assert problems_of(f"{goal}\n  - {goal}") == ["line 31: two goals are about `duties_on_time`"]


@pytest.mark.parametrize(
    ("wish", "nearest"),
    [
        ("we want control", ["duties_on_time", "stage_evidence", "next_step_set"]),
        ("Wir wollen mehr Kontrolle", ["duties_on_time", "stage_evidence", "next_step_set"]),
        ("želimo kontrolu", ["duties_on_time", "stage_evidence", "next_step_set"]),
        ("faster answers", ["first_response_p80"]),
        ("schneller antworten", ["first_response_p80"]),
        ("brži odgovori kupcima", ["first_response_p80"]),
        ("nobody should be forgotten", ["customers_waiting"]),
        ("better team communication", ["handoffs_first_time"]),
        ("keep our promises", ["promises_kept"]),
        ("obećanja", ["promises_kept"]),
        ("synergy", ["first_response_p80", "duties_on_time", "handoffs_first_time"]),
    ],
)
def test_a_wish_in_anybody_s_words_is_answered_with_what_can_be_measured(wish, nearest):
    assert [metric.key for metric in nearest_metrics(wish)] == nearest


def test_a_refused_wish_names_the_nearest_goals():
    assert (
        "`duties_on_time` (Duties kept on time)"
        in problems_of("{metric: control, baseline: 1, target: 2, by: 2027-03-31}")[0]
    )


def test_amounts_are_read_as_they_are_written():
    for unit, text, amount in (
        ("hours", "9 h", 9.0),
        ("hours", "2.5 h", 2.5),
        ("percent", "71%", 71.0),
        ("count", "5", 5),
    ):
        assert amount_in(text, unit) == amount
        assert amount_in(amount_written(amount, unit), unit) == amount


def test_the_way_of_a_goal_is_a_share_and_less_may_be_better():
    goal = Goal("first_response_p80", "9 h", "4 h", BY)

    assert [share_of_way(goal, hours) for hours in (9, 6.5, 4, 1, 12)] == [0.0, 0.5, 1.0, 1.0, 0.0]
    assert [reached(goal, hours) for hours in (4.1, 4.0)] == [False, True]
    assert share_of_way(Goal("duties_on_time", "measuring until 2026-12-31", "90%", BY), 50) is None
    assert measuring_until("measuring until 2026-12-31") == date(2026, 12, 31)


def test_an_old_version_with_goals_of_its_own_stays_readable():
    text = SMALL + "\ngoals: [{metric: happiness, baseline: low, target: high, by: 2027-03-31}]\n"

    assert read_map(text, trusted=True)[1] == []


def test_every_metric_has_a_word_for_people_and_says_how_it_is_measured():
    assert all(str(metric.name) and str(metric.how) for metric in METRICS.values())


def test_the_charter_survives_being_written_and_read():
    text = SMALL + (
        "\ncharter:\n  supports: [which jobs to quote first, whom to call]\n"
        "  facts_begin: Mails to hello@, and calls.\n"
        "  needed_next: Operations\n  decided_from: The Monday list.\n  breaks_at: Sales to Operations\n"
    )
    drawn, problems = read_map(text)

    assert problems == []
    assert drawn.charter == Charter(
        ("which jobs to quote first", "whom to call"), "Mails to hello@, and calls.", "Operations", "The Monday list.",
        "Sales to Operations",
    )  # fmt: skip
    assert read_map(write_map(drawn)) == (drawn, [])
