"""Steps of a draft: each can be taken back to the letter and done again; another window's are told, not overwritten."""

from datetime import timedelta

import pytest

from baton.kernel.verdict import Conflict, Refusal
from baton.map import editing
from baton.map.drafts import can_redo, can_undo, edit_draft, keep_draft, redo, undo
from tests.cast import FIRM, MONDAY, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def named(name: str):
    return lambda text: editing.rename(text, "stages", "quoted", name)


def test_who_has_no_draft_begins_one_with_an_edit(cast):
    draft = edit_draft(named("Offer"), by=cast.ana, at=MONDAY, based_on=1)

    assert draft.text == FIRM.replace("quoted: {desk", "quoted: {name: Offer, desk")
    assert (draft.based_on, can_undo(draft), can_redo(draft)) == (1, True, False)


def test_steps_are_taken_back_and_done_again_to_the_letter(cast):
    first = edit_draft(named("Offer"), by=cast.ana, at=MONDAY, based_on=1)
    second = edit_draft(named("Bid"), by=cast.ana, at=MONDAY, based_on=1, seen=first.changed_at)

    once = undo(by=cast.ana, at=MONDAY, seen=second.changed_at)
    assert once.text == first.text
    twice = undo(by=cast.ana, at=MONDAY, seen=once.changed_at)
    assert twice.text == FIRM
    again = redo(by=cast.ana, at=MONDAY, seen=twice.changed_at)
    assert (again.text, can_redo(again)) == (first.text, True)

    other = edit_draft(named("Price"), by=cast.ana, at=MONDAY, based_on=1, seen=again.changed_at)
    assert can_redo(other) is False
    with pytest.raises(Refusal, match="no step to redo"):
        redo(by=cast.ana, at=MONDAY, seen=other.changed_at)


def test_what_was_written_as_text_is_a_step_too(cast):
    first = edit_draft(named("Offer"), by=cast.ana, at=MONDAY, based_on=1)
    kept = keep_draft(FIRM + "# mine\n", by=cast.ana, at=MONDAY + MINUTE, based_on=1, seen=first.changed_at)

    assert undo(by=cast.ana, at=MONDAY + MINUTE, seen=kept.changed_at).text == first.text


def test_an_edit_of_a_state_that_is_no_more_is_refused_with_what_changed(cast):
    first = edit_draft(named("Offer"), by=cast.ana, at=MONDAY, based_on=1)
    edit_draft(named("Bid"), by=cast.ana, at=MONDAY + MINUTE, based_on=1, seen=first.changed_at)

    with pytest.raises(Conflict, match="Stage “Bid”: its name was Offer, is Bid"):
        edit_draft(named("Price"), by=cast.ana, at=MONDAY + MINUTE, based_on=1, seen=first.changed_at)
    with pytest.raises(Conflict, match="its name was Quoted, is Bid"):
        undo(by=cast.ana, at=MONDAY + MINUTE, seen=None)


def test_what_changed_in_a_text_that_is_no_map_is_told_by_its_line(cast):
    first = keep_draft("business: [", by=cast.ana, at=MONDAY, based_on=1)
    keep_draft("business: [\nx", by=cast.ana, at=MONDAY, based_on=1, seen=first.changed_at)

    with pytest.raises(Conflict, match="since: line 1"):
        keep_draft("y", by=cast.ana, at=MONDAY, based_on=1, seen=first.changed_at)


def test_who_may_only_read_edits_nothing(cast):
    with pytest.raises(Refusal, match="read only"):
        edit_draft(named("Offer"), by=cast.rita, at=MONDAY, based_on=1)
