"""A map is read from YAML, and every problem is a sentence at its line."""

from datetime import date, time
from time import perf_counter

import pytest

from baton.map.elements import Cadence, Consumer, IfForgotten, OwedBy, Who
from baton.map.reading import check_map, read_map
from baton.map.writing import write_map
from tests.cast import FIRM
from tests.map.conftest import SMALL


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in check_map(text)]


def changed(text: str, *pairs: str) -> str:
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_map_that_can_be_worked_by_has_no_problems(small):
    drawn, problems = read_map(small)

    assert problems == []
    assert drawn.business == "Ada & Sons"
    assert list(drawn.stages) == ["enquiry", "quoted", "booked"]


def test_people_are_named_by_the_part_before_the_at(small):
    drawn, _ = read_map(changed(small, "{lead: ben}", "{lead: ben, members: [cy@else.example, Ben]}"))

    assert drawn.desks["operations"].lead == "ben@sons.example"
    assert drawn.desks["operations"].members == ("ben@sons.example", "cy@else.example")


def test_the_words_of_the_demonstration_mean_what_they_say(harbour_lime):
    stage, behavior = harbour_lime.stages["quoted"], harbour_lime.behaviors["answer-customer"]

    assert (stage.weight, stage.entered_by.kind, stage.entered_by.detail) == (0.4, "document.out", "quote")
    assert behavior.owed_by == OwedBy((Who("deal owner"), Who("desk lead")))
    assert behavior.if_forgotten[0] == IfForgotten("remind", 0.75)
    assert harbour_lime.decisions["monday-review"].every == Cadence("week", 0, time(10))
    assert harbour_lime.fields["key_holder"].needed_by == (Consumer("handoff", "sales-operations"),)
    assert harbour_lime.stages["renewal"].opens == "sales"
    assert harbour_lime.goals[0].by == date(2027, 3, 31)
    assert harbour_lime.shares("chat") == "subject"
    assert harbour_lime.shares("note") == "everything"


def test_words_are_never_mistaken_for_numbers_times_or_truth(small):
    drawn, _ = read_map(changed(small, "Ada & Sons", "no", "type: date,", "type: choice, choices: [no, 1.10, 08:00],"))

    assert drawn.business == "no"
    assert drawn.fields["start_date"].choices == ("no", "1.10", "08:00")


def test_a_stage_that_nothing_shows_is_refused_at_its_line(small):
    assert problems_of(changed(small, ", entered_by: document out quote", "")) == [
        "line 12: stage “quoted” has no `entered_by`: say which event shows it, e.g. `document out quote`"
    ]


def test_a_stage_that_is_a_mood_is_refused(small):
    [problem] = problems_of(changed(small, "document out quote", "they are keen"))

    assert problem.startswith("line 12: stage “quoted”: “they are keen” isn’t an event that Baton can see.")


def test_a_stage_shown_by_a_mere_entry_is_refused(small):
    assert problems_of(changed(small, "document out quote", "next step set")) == [
        (
            "line 12: stage “quoted” is entered by `next step set`, which proves nothing: "
            "name something that happens, e.g. `document out quote`"
        )
    ]


def test_a_field_that_no_handoff_and_no_decision_needs_is_refused(small):
    assert problems_of(changed(small, "carries: [start_date, amount]", "carries: [amount]")) == [
        (
            "line 16: field “start_date” is needed by no handoff and no decision: "
            "let a handoff carry it or a decision read it, or leave it out"
        )
    ]


def test_a_field_must_say_what_breaks(small):
    assert problems_of(changed(small, ", breaks: The crew comes in the wrong week.", "")) == [
        (
            "line 16: field “start_date” has no `breaks`: "
            "say what goes wrong when it is wrong; if nothing does, leave the field out"
        )
    ]


def test_a_field_can_not_claim_a_reader_who_does_not_read_it(small):
    claimed = changed(small, "caught_at: quoted,", "caught_at: quoted, needed_by: [decision review],")
    review = "\ndecisions:\n  review: {who: [ada], every: Monday 10:00, reads: [amount]}\n"

    assert problems_of(claimed) == [
        "line 16: field “start_date” names the decision “review”, which doesn’t exist: there are none"
    ]
    assert problems_of(claimed + review) == [
        (
            "line 16: field “start_date” says that decision review needs it, which doesn’t name it: "
            "add it there, or take it out here"
        )
    ]


def test_a_handoff_that_nobody_accepts_is_refused(small):
    assert problems_of(changed(small, "operations: {lead: ben}", "operations: {capture: jobs@}")) == [
        "line 8: desk “operations” has no `lead`: name who leads it, or nobody accepts what is handed to it"
    ]


def test_a_behavior_without_a_person_is_refused(small):
    assert problems_of(changed(small, "    owed_by: deal owner, else desk lead\n", "")) == [
        "line 22: behavior “answer” has no `owed_by`: say who owes it, e.g. `deal owner, else desk lead`"
    ]


def test_a_behavior_owed_by_nobody_in_particular_is_refused(small):
    [problem] = problems_of(changed(small, "deal owner, else desk lead", "everyone"))

    assert problem.startswith("line 25: behavior “answer”: “everyone” isn’t a person that Baton can find.")


@pytest.mark.parametrize(
    ("owner", "problem"),
    [
        ("", "The map has no `owner`: name the one person who answers for it, by address"),
        (
            "owner: [ada@sons.example, ben@sons.example]\n",
            "A map has exactly one owner: name one person here, the other as `deputy`",
        ),
        ("owner: ada and ben\n", "The map: “ada and ben” isn’t an email address."),
    ],
)
def test_a_map_without_exactly_one_owner_is_refused(small, owner, problem):
    assert problem in [
        each.split(": ", 1)[1] for each in problems_of(changed(small, "owner: ada@sons.example\n", owner))
    ]


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one(small):
    assert problems_of(changed(small, ", at: quoted", ", at: qouted")) == [
        "line 19: handoff “over” names the stage “qouted”, which doesn’t exist: did you mean `quoted`?"
    ]
    assert problems_of(changed(small, "{desk: operations, entered", "{desk: operation, entered")) == [
        "line 13: stage “booked” names the desk “operation”, which doesn’t exist: did you mean `operations`?"
    ]
    assert problems_of(changed(small, "weight: 40%", "wieght: 40%")) == [
        "line 12: stage “quoted” has an unknown entry `wieght`: did you mean `weight`?"
    ]


def test_an_event_must_name_what_exists(small):
    assert problems_of(changed(small, "start booked", "fact confirmed start_dat")) == [
        "line 13: stage “booked” names the field “start_dat”, which doesn’t exist: did you mean `start_date`?"
    ]


def test_a_packet_carries_only_what_is_defined(small):
    [problem] = problems_of(changed(small, "[start_date, amount]", "[start_date, amount, scope]"))

    assert problem.startswith(
        "line 19: handoff “over” names the field “scope”, which doesn’t exist: there are `start_date`"
    )


def test_promises_exceptions_files_and_contact_details_can_be_carried(small):
    assert (
        problems_of(changed(small, "[start_date, amount]", "[start_date, promises, exceptions, files, contact.phone]"))
        == []
    )


def test_a_deal_must_find_its_way_to_the_last_stage(small):
    text = changed(small, "from: sales, to: operations, at: quoted", "from: operations, to: sales, at: booked")

    assert problems_of(text) == [
        (
            "line 13: nothing passes a deal from sales to operations, so none reaches stage “booked”: "
            "add a handoff from sales to operations"
        )
    ]


def test_a_handoff_leaves_from_a_stage_of_its_own_desk(small):
    assert problems_of(changed(small, ", at: quoted", ", at: booked")) == [
        (
            "line 19: handoff “over” leaves sales at “booked”, a stage of operations: "
            "name a stage of the desk that passes the deal on"
        )
    ]


def test_a_handoff_may_lead_back(small):
    back = "  back: {from: operations, to: sales, at: booked, carries: [amount], accept_within: 1 day}\n"

    assert problems_of(changed(small, "\nbehaviors:", back + "\nbehaviors:")) == []


def test_a_desk_that_nothing_reaches_is_refused(small):
    assert problems_of(
        changed(small, "  operations: {lead: ben}", "  operations: {lead: ben}\n  attic: {lead: ada}")
    ) == [
        "line 9: desk “attic” has no stage and nothing is handed to it: give it a stage or a handoff, or leave it out"
    ]


def test_two_things_with_one_name_are_refused(small):
    assert problems_of(changed(small, "  booked: {", "  booked: {name: Quoted, ")) == [
        "line 13: two stages are called “quoted”"
    ]
    assert problems_of(changed(small, "  booked: {", "  booked: {id: quoted, ")) == [
        "line 13: two stages have the id “quoted”"
    ]


def test_a_key_written_twice_is_refused(small):
    assert problems_of(changed(small, "  booked:", "  quoted:")) == [
        "line 13: “quoted” stands here twice, first in line 12."
    ]


def test_a_key_is_a_plain_word(small):
    assert problems_of(changed(small, "  booked:", "  Booked in:"))[0] == (
        "line 13: “Booked in” can’t be a key: use small letters, digits, `_` and `-`, at most 60, a letter first."
    )


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        ("{zone: Europe/Londn, mon-fri: 09:00-17:00}", "isn’t a time zone: did you mean `Europe/London`?"),
        (
            "{zone: Europe/London, mon-fri: 17:00-09:00}",
            "hours: “17:00-09:00” aren’t hours: write for instance `08:00-17:30`.",
        ),
        ("{zone: Europe/London}", "hours name no open day, so nothing could ever fall due"),
        ("{zone: Europe/London, mon-fri: 09:00-17:00, wed: 09:00-12:00}", "hours: Wednesday is given twice"),
        ("{zone: Europe/London, mon-fri: [09:00-12:00, 11:00-17:00]}", "hours: the times of mon-fri overlap"),
        ("{zone: Europe/London, mon-fri: 09:00-17:00, holidays: ZZ}", "the holidays of “ZZ” aren’t known"),
        ("{zone: Europe/London, mon-fri: 09:00-17:00, mo: 1}", "hours have an unknown entry `mo`"),
        ("{zone: Europe/London, mon-fri: 09:00-17:00, closed: [soon]}", "hours: “soon” isn’t a date"),
    ],
)
def test_hours_that_make_no_sense_are_refused(small, hours, problem):
    found = problems_of(changed(small, "{zone: Europe/London, mon-fri: 09:00-17:00}", hours))

    assert [each for each in found if problem in each] != []
    assert {each.partition(":")[0] for each in found} == {"line 4"}


def test_hours_can_have_a_break_a_closed_day_and_a_special_one(small):
    week = "mon-thu: [08:00-12:00, 13:00-16:00], fri: 08:00-13:00"
    days = "holidays: hr, closed: 2026-12-24, extra: {2026-12-19: 09:00-12:00}"
    hours = f"{{zone: Europe/Zagreb, {week}, {days}}}"
    drawn, problems = read_map(changed(small, "{zone: Europe/London, mon-fri: 09:00-17:00}", hours))

    assert problems == []
    assert drawn.hours.week == (((480, 720), (780, 960)),) * 4 + (((480, 780),), (), ())
    assert drawn.hours.closed == {date(2026, 12, 24)}
    assert drawn.hours.extra == ((date(2026, 12, 19), ((540, 720),)),)
    assert drawn.hours.holidays == "HR"


def test_a_conflict_check_must_be_what_opens_the_work(small):
    assert problems_of("conflict_check: yes\n" + small) == [
        (
            "line 1: a conflict check is asked for, but no stage is entered by it: "
            "let the first stage be `entered_by: conflict check cleared`"
        )
    ]


def test_an_element_of_several_lines_is_meant_by_the_line_of_its_name():
    unowed = changed(FIRM, "    owed_by: deal owner, else desk lead\n", "")
    unused = changed(FIRM, "fields:\n", "fields:\n  color:\n    type: text\n    breaks: The wrong paint is bought.\n")

    for text, element in ((unowed, "answer-enquiry"), (unused, "color")):
        [problem] = check_map(text)
        assert text.splitlines()[problem.line - 1] == f"  {element}:"


def test_every_problem_is_told_at_once_and_in_the_order_of_lines(small):
    text = changed(
        small, ", entered_by: document out quote", "", ", at: quoted", ", at: qouted", "2 working hours", "soon"
    )

    assert [problem.line for problem in check_map(text)] == [12, 19, 26]


def test_a_published_version_stays_readable_when_the_rules_grow(small):
    unfit = changed(small, "carries: [start_date, amount]", "carries: [amount]")

    drawn, problems = read_map(unfit, trusted=True)

    assert problems == []
    assert list(drawn.fields) == ["start_date"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: The map has no `business`: say whose map it is"),
        ("- a\n- b", "line 1: A map begins with `business:` and its name."),
        ("a: 1\n\tb: 2", "line 2: This line isn’t YAML"),
        ("a: &x [1]\nb: *x", "line 1: Anchors and aliases"),
        ("a: !!python/object:os.system x", "line 1: Tags (`!`) have no place in a map."),
        ("a: 1\n---\nb: 2", "line 2: A map is one document"),
        ("{a: 1}: 2", "line 1: A name is expected here, before the colon."),
        ("business: \x00", "line 1: This isn’t text that a map can be read from"),
        ("business: [a, b]", "line 1: The map: `business` is one thing, not a list."),
        ("stages: [a, b]", "line 1: The map: `stages` is a group of entries: write them indented below it."),
        ("x" * 1_000_001, "This file is larger than a map may be: 1000000 bytes."),
        ("[" * 100_000, "line 1: This is nested deeper than a map ever is."),
        ("- " * 100_000 + "x", "line 1: This is nested deeper than a map ever is."),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]", "line 1: Anchors and aliases"),
    ],
)
def test_text_that_is_no_map_is_refused_quickly_and_in_plain_words(text, problem):
    began = perf_counter()

    found = problems_of(text)

    assert any(each.startswith(problem) for each in found)
    assert perf_counter() - began < 2


@pytest.mark.parametrize(
    ("key", "said", "page"),
    [
        ("monday-review", "", "review"),
        ("friday-forecast", "", "forecast"),
        ("board_pack", "", "requests"),
        ("crew-plan", "", None),
        ("crew-plan", ", page: review", "review"),
        ("monday-review", ", page: nowhere", None),
    ],
)
def test_a_decision_is_taken_on_the_page_that_its_key_or_the_map_says(key, said, page):
    drawn, problems = read_map(
        f"{SMALL}\ndecisions:\n  {key}: {{who: [ada], every: Monday 10:00, reads: [amount]{said}}}\n"
    )

    assert problems == []
    assert drawn.decisions[key].page == page
    assert [each.key for each in drawn.decisions_on("review")] == ([key] if page == "review" else [])


def test_who_else_sees_a_person_s_own_figures_is_named_by_the_map_and_nobody_is_unless_it_says_so():
    drawn, problems = read_map(FIRM + "own_figures: [owner, desk lead]\n")
    assert drawn, problems

    assert drawn.own_figures == ("owner", "desk lead")
    assert read_map(write_map(drawn))[0] == drawn
    assert read_map(FIRM)[0].own_figures == ()  # type: ignore[union-attr]
    _none, (problem,) = read_map(FIRM + "own_figures: everybody\n")
    assert "“everybody” can’t be let see a person’s own figures" in str(problem)
