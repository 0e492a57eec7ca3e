"""Edits of the map's text: what they are about changes, all else keeps its letters, each step can be taken back."""

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.kernel.verdict import Refusal
from baton.map import editing
from baton.map.patching import patched, said, same
from baton.map.reading import read_map
from baton.map.undoing import Step

FIRM = """\
# The map of Ada & Sons
business: Ada & Sons
purpose: Nobody waits.   # said by Ada herself
owner: ada@sons.example
hours: {zone: Europe/London, mon-fri: 09:00-17:00}

# who sits where
desks:
  # they answer the telephone
  sales: {lead: ada}  # since 2019
  operations:
    lead: ben
    # Carla too, from May
    members: [carla,   "dora"]


stages:
  enquiry: {desk: sales, entered_by: interaction in}
  quoted: {desk: sales, entered_by: 'document out quote', weight: 40%}

  # the crew has a date
  booked: {desk: operations, entered_by: start booked}

fields:
  start_date: {type: date, caught_at: quoted, needed_by: [handoff over], breaks: The crew comes in the wrong week.}
  scope:
    type: text
    breaks: >-
      The crew does
      what wasn't sold.
    heard_as:
      - scope   # the word itself
      - "quote for"

handoffs:
  over:
    from: sales
    to: operations
    at: quoted
    carries: [
      start_date,   # when
      # what
      scope,
      amount
    ]
    accept_within: 4 working hours

behaviors:
  answer:
    opens: interaction in from customer
    closes: interaction out to same customer
    owed_by: deal owner, else lead of sales
    within: 2 working hours
    so_that: nobody waits
  plan:
    opens: stage entered booked
    closes: fact confirmed start_date
    owed_by: operations in turn
    within: 1 working day
    so_that: the crew knows
# the end
"""


def changed(text: str) -> list[tuple[str, str]]:
    """What an edit took out and put in, line by line."""
    was, now = FIRM.splitlines(), text.splitlines()
    return [("-", line) for line in was if line not in now] + [("+", line) for line in now if line not in was]


def test_the_text_is_one_that_a_map_can_be_read_from():
    assert read_map(FIRM)[1] == []


def test_a_new_name_is_a_name_and_nothing_else_changes():
    assert changed(editing.rename(FIRM, "stages", "quoted", "Offer made")) == [
        ("-", "  quoted: {desk: sales, entered_by: 'document out quote', weight: 40%}"),
        ("+", "  quoted: {name: Offer made, desk: sales, entered_by: 'document out quote', weight: 40%}"),
    ]
    assert editing.rename(editing.rename(FIRM, "stages", "quoted", "Offer"), "stages", "quoted", "Quoted") == FIRM


def test_a_new_key_keeps_the_id_and_whoever_named_it_follows():
    text = editing.rekey(FIRM, "stages", "booked", "dated")

    assert changed(text) == [
        ("-", "  booked: {desk: operations, entered_by: start booked}"),
        ("-", "    opens: stage entered booked"),
        ("+", "  dated: {name: Booked, id: booked, desk: operations, entered_by: start booked}"),
        ("+", "    opens: stage entered dated"),
    ]
    assert [stage.id for stage in read_map(text)[0].stages.values()] == ["enquiry", "quoted", "booked"]
    assert editing.rekey(text, "stages", "dated", "booked") == FIRM


def test_a_desk_with_another_key_is_followed_by_people_in_turn_and_by_its_lead():
    text = editing.rekey(editing.rekey(FIRM, "desks", "operations", "crews"), "desks", "sales", "office")

    drawn, problems = read_map(text)
    assert problems == []
    assert [who.name for who in drawn.behaviors["plan"].owed_by.chain] == ["crews"]
    assert [who.name for who in drawn.behaviors["answer"].owed_by.chain] == ["", "office"]
    assert [desk.id for desk in drawn.desks.values()] == ["sales", "operations"]
    assert "  # they answer the telephone\n  office: {name: Sales, id: sales, lead: ada}  # since 2019\n" in text


def test_a_stage_takes_its_comment_along():
    text = editing.place_stage(FIRM, "booked", "sales", before="enquiry")

    assert (
        "stages:\n  # the crew has a date\n  booked: {desk: sales, entered_by: start booked}\n"
        "  enquiry: {desk: sales, entered_by: interaction in}\n"
    ) in text
    assert text.count("#") == FIRM.count("#")


def test_a_handoff_leaves_from_another_stage_where_its_own_has_moved_away():
    drawn, _problems = read_map(editing.place_stage(FIRM, "quoted", "operations", before="booked"))

    assert drawn.handoffs["over"].at == "enquiry"


def test_what_is_added_is_written_as_its_neighbors_are():
    text = editing.add(FIRM, "stages", "visited", {"desk": "sales", "entered_by": "meeting held"}, before="quoted")

    assert changed(text) == [("+", "  visited: {desk: sales, entered_by: meeting held}")]
    assert list(read_map(text)[0].stages) == ["enquiry", "visited", "quoted", "booked"]


def test_a_first_decision_opens_its_section_where_it_belongs():
    entries = {"who": ["ada"], "every": "Monday 10:00", "reads": ["amount"]}

    text = editing.add(FIRM, "decisions", "monday-review", entries)

    assert changed(text)[1:] == [("+", "  monday-review: {who: [ada], every: Monday 10:00, reads: [amount]}")]
    assert editing.remove(text, "decisions", "monday-review").rstrip("\n") == FIRM.rstrip("\n")


def test_items_of_a_packet_keep_their_comments_when_they_change_places():
    text = editing.carry(FIRM, "over", "amount", before="start_date")

    assert read_map(text)[0].handoffs["over"].carries == ("amount", "start_date", "scope")
    assert "start_date,   # when\n      # what\n      scope" in text


def test_a_field_goes_with_all_that_asked_for_it():
    text = editing.remove(FIRM, "fields", "start_date")

    assert read_map(text)[0] is None
    assert "carries: [\n      # what\n      scope,\n      amount\n    ]" in text
    assert "start_date" not in text.replace("fact confirmed start_date", "")


def test_who_needs_a_field_is_kept_up_with_what_carries_it():
    text = editing.leave_out(FIRM, "over", "start_date")

    assert "needed_by" not in text
    assert editing.need(FIRM, "start_date", [], []) == text


def test_a_stage_that_goes_names_its_successor():
    text = editing.remove(FIRM, "stages", "quoted", "enquiry", deals_follow=True)

    drawn, problems = read_map(text)
    assert problems == []
    assert (dict(drawn.successors), drawn.handoffs["over"].at) == ({"quoted": "enquiry"}, "enquiry")
    assert drawn.fields["start_date"].caught_at == "enquiry"


def test_a_desk_that_goes_leaves_its_work_to_another_and_no_handoff_to_itself():
    text = editing.remove(FIRM, "desks", "operations", "sales")

    assert said(text)["stages"]["booked"]["desk"] == "sales"
    assert "handoffs" not in said(text)
    assert said(text)["behaviors"]["plan"]["owed_by"] == "sales in turn"


def test_a_comment_that_stands_apart_outlives_what_was_below_it():
    text = FIRM.replace("  quoted: {", "  # how far we are\n\n  quoted: {")

    assert "# how far we are" in editing.remove(text, "stages", "quoted", "enquiry")


def test_a_folded_text_and_a_list_with_remarks_are_changed_in_place():
    text = editing.put(
        FIRM, "fields", "scope", {"breaks": "They do: more, or less.", "heard_as": ["quote for", "scope", "job"]}
    )

    assert '    breaks: "They do: more, or less."\n' in text
    assert '    heard_as:\n      - "quote for"\n      - scope   # the word itself\n      - job\n' in text
    assert editing.put(FIRM, "fields", "scope", {"breaks": "The crew does what wasn't sold."}) == FIRM


def test_a_key_that_is_taken_or_is_none_is_refused():
    with pytest.raises(Refusal, match="is there already"):
        editing.add(FIRM, "stages", "quoted", {"desk": "sales"})
    with pytest.raises(Refusal, match="can’t be a key"):
        editing.rekey(FIRM, "stages", "quoted", "Größe")
    with pytest.raises(Refusal, match="isn’t in this draft"):
        editing.rename(FIRM, "stages", "gone", "Gone")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Site visited", "site_visited"),
        ("Größe", "grosse"),
        ("2nd visit", "nd_visit"),
        ("Quoted", "quoted_2"),
        ("訪問", "stage"),
    ],
)
def test_a_key_is_made_of_a_name(name, key):
    assert editing.free_key(FIRM, "stages", name) == key


# Any edits, in any order

KEYS = {"desks": ("sales", "operations"), "stages": ("enquiry", "quoted", "booked"), "fields": ("start_date", "scope"),
        "handoffs": ("over",), "behaviors": ("answer", "plan")}  # fmt: skip
ELEMENTS = [(group, key) for group, keys in KEYS.items() for key in keys]
NEW = ("one", "two", "three")
words = st.text(max_size=12).map(lambda text: " ".join(text.split()))
names = st.sampled_from([key for keys in KEYS.values() for key in keys] + list(NEW))
groups = st.sampled_from(list(KEYS))
attributes = st.dictionaries(
    st.sampled_from(["name", "lead", "desk", "breaks", "carries", "so_that", "at"]),
    words | st.lists(words.filter(bool), max_size=3),
    max_size=3,
)
EDITS = st.one_of(
    st.tuples(st.just(editing.rename), groups, names, words),
    st.tuples(st.just(editing.rekey), groups, names, names),
    st.tuples(st.just(editing.move), groups, names, names),
    st.tuples(st.just(editing.add), groups, names, attributes, names),
    st.tuples(st.just(editing.put), groups, names, st.dictionaries(st.sampled_from(["name", "id"]), words, max_size=2)),
    st.tuples(st.just(editing.remove), groups, names, names | st.just("")),
    st.tuples(st.just(editing.place_stage), names, names, names),
    st.tuples(st.just(editing.carry), names, names, names),
    st.tuples(st.just(editing.hand_item), names, names, names, names),
    st.tuples(st.just(editing.leave_out), names, names),
    st.tuples(st.just(editing.put_whole), st.fixed_dictionaries({"purpose": words, "review": words})),
)  # fmt: skip


@given(st.lists(EDITS, max_size=8))
@settings(max_examples=40)
def test_any_edits_say_what_was_meant_and_are_taken_back_to_the_letter(edits):
    text, steps = FIRM, []
    for edit, *arguments in edits:
        try:
            after = edit(text, *arguments)
        except Refusal:
            continue
        steps.append(Step.between(text, after))
        assert steps[-1].done(text) == after
        text = after

    for step in reversed(steps):
        text = step.undone(text)
    assert text == FIRM


plain_values = st.recursive(
    words,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=40)
def test_a_text_can_be_made_to_say_anything_and_every_line_that_it_still_says_stays(data):
    target = deepcopy(said(FIRM))
    for _time in range(data.draw(st.integers(1, 3))):
        group = data.draw(
            st.sampled_from([key for key, value in target.items() if isinstance(value, dict)] or ["desks"])
        )
        holder = target.setdefault(group, {}) if data.draw(st.booleans()) else target
        if not isinstance(holder, dict):
            continue
        key = data.draw(st.sampled_from([*holder, "new_one"]))
        holder[key] = data.draw(plain_values)
        order = data.draw(st.permutations(list(holder)))
        for name in order:
            holder[name] = holder.pop(name)

    text = patched(FIRM, target)

    assert same(said(text), target)
    for key in ("business", "owner"):
        if target.get(key) == said(FIRM)[key]:
            assert f"{key}: {target[key]}\n" in text
