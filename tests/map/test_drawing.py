"""The map laid out as lanes, stages and batons."""

import re
from itertools import combinations, pairwise

import pytest

from baton.map.drawing import draw
from baton.map.reading import read_as_far, read_map
from baton.map.ready import READY, demonstration_map, ready_map


def long_map(desks: int, stages: int) -> str:
    """A map whose work goes through many desks, with several stages at each."""
    names = [f"desk{number}" for number in range(desks)]
    lines = [
        "business: Long",
        "purpose: Far.",
        "owner: ada@sons.example",
        "hours: {zone: UTC, mon-fri: 09:00-17:00}",
        "desks:",
    ]
    lines += [f"  {name}: {{lead: ada}}" for name in names]
    lines += ["stages:"] + [
        f"  {name}_{n}: {{desk: {name}, entered_by: document out paper{n}}}" for name in names for n in range(stages)
    ]
    lines += ["handoffs:"] + [
        f"  {one}-{two}: {{from: {one}, to: {two}, at: {one}_{stages - 1}, carries: [amount], accept_within: 1 day}}"
        for one, two in pairwise(names)
    ]
    lines += [
        "behaviors:",
        "  answer:",
        "    {opens: email in, closes: email out, owed_by: desk lead, within: 1 day, so_that: nobody waits}",
    ]
    return "\n".join(lines)


TEXTS = {name: ready_map(name, "ana@firm.example", "Ana", "UTC") for name in READY}
TEXTS |= {
    "demonstration": demonstration_map(),
    "two by one": long_map(2, 1),
    "nine by six": long_map(9, 6),
    "one by twenty": long_map(1, 20).replace("handoffs:\n", ""),
}


@pytest.fixture(params=TEXTS)
def drawn(request):
    drawn, problems = read_map(TEXTS[request.param])
    assert problems == []
    return drawn


def test_everything_in_the_map_is_drawn_once(drawn):
    picture = draw(drawn)

    assert [lane.desk.key for lane in picture.lanes] == list(drawn.desks)
    assert [node.stage.key for node in picture.nodes] == list(drawn.stages)
    assert sorted(baton.handoff.key for baton in picture.batons) == sorted(drawn.handoffs)


def test_every_stage_stands_in_the_lane_of_its_desk(drawn):
    picture = draw(drawn)
    lanes = {lane.desk.key: lane for lane in picture.lanes}

    for node in picture.nodes:
        lane = lanes[node.stage.desk]
        assert lane.y < node.y
        assert node.y + node.height < lane.y + lane.height


def test_nothing_covers_anything_else_and_all_of_it_lies_inside(drawn):
    picture = draw(drawn)
    boxes = [(each.x, each.y, each.x + each.width, each.y + each.height) for each in [*picture.nodes, *picture.batons]]

    assert [pair for pair in combinations(boxes, 2) if overlap(*pair)] == []
    assert all(
        left >= 0 and right <= picture.width and top >= 0 and bottom <= picture.height
        for left, top, right, bottom in boxes
    )


def overlap(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_a_baton_has_a_segment_for_every_item_inside_itself(drawn):
    for baton in draw(drawn).batons:
        assert [segment.item.key for segment in baton.segments] == list(baton.handoff.carries)
        assert all(baton.x < each.x and each.x + each.width < baton.x + baton.width for each in baton.segments)


def test_a_renewal_leads_back_to_sales_along_a_dashed_track(harbour_lime):
    picture = draw(harbour_lime)

    assert [track.later for track in picture.tracks].count(True) == 1
    assert [note.text for note in picture.notes] == ["opens a linked", "deal at Sales"]


def test_the_demonstration_fits_the_page_and_says_what_shows_each_stage(harbour_lime):
    picture = draw(harbour_lime)

    assert (picture.width, picture.height) == (800, 640)
    assert [node.label for node in picture.nodes][:4] == [
        "a message or call",
        "meeting held",
        "quote sent",
        "yes in writing",
    ]


def test_work_turns_back_where_the_page_ends(harbour_lime):
    picture = draw(harbour_lime)

    assert picture.node("live").right < picture.node("mobilising").x
    assert picture.node("agreed").x > picture.node("quoted").right


def test_a_handoff_beside_the_way_of_work_has_a_column_of_its_own():
    back = "  accounts-intake: {from: accounts, to: intake, at: renewal, carries: [amount], accept_within: 1 day}\n"
    drawn, problems = read_map(demonstration_map().replace("\nbehaviors:", f"{back}\nbehaviors:"))
    picture = draw(drawn)
    [aside] = [baton for baton in picture.batons if baton.handoff.key == "accounts-intake"]

    assert problems == []
    assert aside.x > max(node.right for node in picture.nodes)
    assert aside.x + aside.width < picture.width


def test_a_draft_with_gaps_is_drawn_as_far_as_it_goes(small):
    text = (
        small.replace("desk: operations", "desk: nowhere")
        .replace("at: quoted", "at: gone")
        .replace("interaction in}", "x}")
    )
    drawn, problems = read_as_far(text)

    picture = draw(drawn)

    assert len(problems) > 2
    assert [each.key for each in picture.astray] == ["booked", "over"]
    assert picture.nodes[0].label == "nothing yet"


def test_where_no_handoff_leads_there_is_a_gap(small):
    drawn, _problems = read_as_far(small.replace("to: operations", "to: sales"))

    [gap] = draw(drawn).gaps

    assert (gap.from_desk.key, gap.to_desk.key) == ("sales", "operations")


def test_a_draft_in_which_any_word_is_wrong_can_still_be_drawn():
    text = demonstration_map()
    keys = list(re.finditer(r"(?<=[\s{,])\w+: ", text))

    for found in keys[::15]:
        drawn, _problems = read_as_far(f"{text[: found.start()]}x_{text[found.start() :]}")

        assert len(draw(drawn).lanes) == len(drawn.desks)
