"""A finding becomes a draft of the map in one step: the edit it proposes, with its reason and its cases."""

from datetime import date, timedelta

import pytest

from baton.kernel.verdict import Refusal
from baton.map.current import current_version
from baton.map.drafts import draft_of, judge, keep_draft
from baton.map.publishing import publish
from baton.map.reading import read_map
from baton.mirror.owing import owners_desk
from baton.mirror.proposing import propose
from baton.work import notes
from baton.work.exceptions import record_exception
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
BY_PHONE = "exception/price agreed by phone"


def excepted(cast: Cast, about: str, *, category: str = "price agreed by phone", called: bool = False) -> None:
    for number in range(3):
        deal = cast.deal(f"Deal {number}", contact=cast.contact(f"Person {number}", f"p{number}@marlowe.example"))
        if called:
            notes.log(deal, "call", "They agreed", by=cast.ana, at=MONDAY + HOUR, direction="out")
        record_exception(deal, "No quote", category=category, by=cast.ana, at=MONDAY + 2 * HOUR, about=about)


def test_a_reason_that_repeats_at_a_handoff_is_added_to_its_exceptions_with_the_cases():
    cast = Cast()
    excepted(cast, "handoff:sales-operations", category="start date follows")

    kept, change = propose("exception/start date follows", by=cast.tomas, at=TUESDAY)

    drawn, problems = read_map(kept.text)
    assert drawn, problems
    assert drawn.handoffs["sales-operations"].exceptions == ("price agreed by phone", "start date follows")
    assert judge(kept.text).changes
    assert kept.note.startswith(change.sentence)
    assert "Deal 2" in kept.note
    assert current_version() == 1


def test_what_happened_in_most_of_the_cases_shows_the_stage_too():
    cast = Cast()
    excepted(cast, "stage:quoted", called=True)

    kept, change = propose(BY_PHONE, by=cast.tomas, at=TUESDAY)

    drawn, problems = read_map(kept.text)
    assert drawn, problems
    assert drawn.stages["quoted"].entered_by.phrase == "document out quote or call out"
    assert change.sentence == (
        "Quoted is shown by “call out” too, beside “document out quote”: it happened in most of these cases."
    )


def test_where_nothing_else_happened_the_reason_becomes_one_that_the_map_knows():
    cast = Cast()
    excepted(cast, "stage:quoted")

    kept, _change = propose(BY_PHONE, by=cast.tomas, at=TUESDAY)

    drawn, problems = read_map(kept.text)
    assert drawn, problems
    assert drawn.exceptions == ("price agreed by phone",)


def test_it_is_one_step_more_in_a_draft_that_is_there_and_nothing_twice():
    cast = Cast()
    excepted(cast, "stage:quoted")
    keep_draft(FIRM.replace("Lime & Co", "Lime & Sons"), by=cast.tomas, at=MONDAY, based_on=1, note="A new name")

    propose(BY_PHONE, by=cast.tomas, at=TUESDAY)

    own = draft_of(cast.tomas)
    assert own
    assert ("Lime & Sons" in own.text, own.note.startswith("A new name; ")) == (True, True)
    with pytest.raises(Refusal, match="Your draft says so already"):
        propose(BY_PHONE, by=cast.tomas, at=TUESDAY + HOUR)


def test_only_who_answers_for_the_map_drafts_what_the_mirror_proposes():
    cast = Cast()
    excepted(cast, "stage:quoted")

    with pytest.raises(Refusal):
        propose(BY_PHONE, by=cast.ana, at=TUESDAY)
    with pytest.raises(Refusal, match="proposes no change"):
        propose("unowned/deal", by=cast.tomas, at=TUESDAY)


def test_the_map_s_own_review_date_is_told_and_when_it_has_come_the_next_one_is_drafted():
    cast = Cast()
    text = FIRM.replace("owner: tomas", "review: 2026-11-17\nowner: tomas")
    publish(text, by=cast.tomas, at=MONDAY - timedelta(days=9))

    before, due = owners_desk(cast.tomas, at=MONDAY), owners_desk(cast.tomas, at=TUESDAY)

    told = [next(one for one in desk.items if one.key == "map-review") for desk in (before, due)]
    assert [(one.sentence, one.drafts) for one in told] == [
        ("The map is reviewed by Tue 17 Nov", False),
        ("The map is due for review: it was published on Sat 7 Nov", True),
    ]
    kept, _change = propose("map-review", by=cast.tomas, at=TUESDAY)
    drawn, problems = read_map(kept.text)
    assert drawn, problems
    assert drawn.review == date(2027, 5, 16)
