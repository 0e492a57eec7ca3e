"""What differs between two maps, for the person who publishes."""

from baton.map.diff import Change, compare, objections, stages_without_successor
from baton.map.reading import read_map


def read(text: str, *pairs: str):
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    drawn, problems = read_map(text)
    assert problems == []
    return drawn


def test_a_map_does_not_differ_from_itself(small):
    assert compare(read(small), read(small)) == []


def test_a_changed_value_is_told_with_what_it_was(small):
    changes = compare(read(small), read(small, "within: 2 working hours", "within: 4 working hours"))

    assert changes == [
        Change(
            "changed",
            "behaviors.answer.within",
            "Behavior “Answer”: the time allowed was 2 working hours, is 4 working hours",
            "2 working hours",
            "4 working hours",
        )
    ]


def test_a_packet_tells_what_it_gains_and_what_it_loses(small):
    changes = compare(
        read(small), read(small, "[start_date, amount]", "[start_date, contact, {brace}]".replace("{brace}", "files"))
    )

    assert [change.what for change in changes] == [
        "Handoff “Sales → Operations”: what it carries, now also contact, files; what it carries, no longer amount"
    ]


def test_a_new_key_with_the_old_id_is_only_a_new_name(small):
    renamed = read(
        small,
        "  quoted: {",
        "  offered: {id: quoted, name: Offered, ",
        "caught_at: quoted",
        "caught_at: offered",
        "at: quoted",
        "at: offered",
    )

    assert [change.what for change in compare(read(small), renamed)] == [
        "Stage “Offered”: its name was Quoted, is Offered"
    ]


def test_what_comes_and_what_goes_is_told(small):
    other = read(small, "  start_date: {", "  first_day: {", "[start_date, amount]", "[first_day, amount]")

    assert [(change.kind, change.path) for change in compare(read(small), other)] == [
        ("added", "fields.first_day"),
        ("removed", "fields.start_date"),
        ("changed", "handoffs.over.carries"),
    ]


def test_another_order_of_stages_is_a_change(small):
    enquiry, quoted = small.splitlines()[10:12]
    swapped = small.replace(f"{enquiry}\n{quoted}", f"{quoted}\n{enquiry}")

    assert [change.what for change in compare(read(small), read(swapped))] == ["The stages come in another order"]


def test_words_with_braces_are_told_as_they_are(small):
    changes = compare(read(small), read(small, "Nobody waits.", "'{word} {0} waits'"))

    assert changes[0].after == "{word} {0} waits"


def test_a_stage_can_not_go_while_deals_stand_there_and_have_nowhere_to_go(small):
    without = ("  enquiry: {desk: sales, entered_by: interaction in}\n", "")
    old, new = read(small), read(small, *without)

    assert [stage.id for stage in stages_without_successor(old, new)] == ["enquiry"]
    assert [str(each) for each in objections(old, new, {"enquiry"})] == [
        "stage “Enquiry” is gone, and deals stand there: say where they go: `successors: {enquiry: …}`"
    ]
    assert objections(old, new, {"quoted"}) == []


def test_a_successor_takes_the_deals_of_a_stage_that_goes(small):
    new = read(
        small + "\nsuccessors: {enquiry: quoted}\n", "  enquiry: {desk: sales, entered_by: interaction in}\n", ""
    )

    assert objections(read(small), new, {"enquiry"}) == []
    assert new.stage_by_id("enquiry").key == "quoted"
