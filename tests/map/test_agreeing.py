"""Agreeing to a draft: who is asked, what they say, and what holds it back."""

import pytest

from baton.kernel.verdict import Refusal
from baton.map import agreeing
from baton.map.drafts import keep_draft, publish_draft
from baton.map.models import Agreement, MapDraft
from baton.map.publishing import publish
from tests.cast import FIRM, MONDAY, TUESDAY, Cast

pytestmark = pytest.mark.django_db
STRICTER = FIRM.replace("within: 2 working hours", "within: 1 working hour")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def draft(cast: Cast) -> MapDraft:
    return keep_draft(STRICTER, by=cast.tomas, at=MONDAY, based_on=1)


def asked(draft: MapDraft, member, cast: Cast) -> Agreement:
    agreeing.ask(draft, [member], by=cast.tomas, at=MONDAY)
    return Agreement.objects.get(draft=draft, member=member)


def publish_it(cast: Cast):
    return publish_draft(STRICTER, by=cast.tomas, at=TUESDAY, based_on=1)


def test_everybody_who_can_owe_something_is_asked_once(cast, draft):
    others = agreeing.others(cast.tomas)

    assert [one.short_name for one in others] == ["Ana", "Ben", "Bram", "Mia"]
    assert len(agreeing.ask(draft, others, by=cast.tomas, at=MONDAY)) == 4
    assert agreeing.ask(draft, others, by=cast.tomas, at=TUESDAY) == []


def test_an_objection_holds_the_draft_back_until_its_author_answers_it(cast, draft):
    objection = asked(draft, cast.ben, cast)
    agreeing.object_to(objection, "Nobody is there on Fridays.", at=MONDAY)

    with pytest.raises(Refusal, match="Ben Raman: “Nobody is there on Fridays"):
        publish_it(cast)

    objection.refresh_from_db()
    agreeing.reply(objection, "Mia takes Fridays.", by=cast.tomas, at=MONDAY)
    version = publish_it(cast)

    kept = Agreement.objects.get()
    assert (kept.version, kept.draft, kept.reply) == (version, None, "Mia takes Fridays.")


def test_neither_the_command_line_nor_a_draft_that_was_taken_over_gets_around_it(cast, draft):
    agreeing.object_to(asked(draft, cast.ben, cast), "No.", at=MONDAY)

    with pytest.raises(Refusal, match="Answer first"):
        publish(STRICTER, by=None, at=TUESDAY)


def test_who_agrees_or_says_nothing_holds_nothing_back(cast, draft):
    agreeing.agree(asked(draft, cast.ben, cast), at=MONDAY)
    asked(draft, cast.mia, cast)

    assert publish_it(cast).number == 2


def test_where_the_stakes_change_people_are_asked_anew_and_an_open_objection_stays(cast, draft):
    agreeing.agree(asked(draft, cast.ben, cast), at=MONDAY)
    agreeing.object_to(asked(draft, cast.mia, cast), "No.", at=MONDAY)
    text = STRICTER.replace("within: 1 working hour", "within: 3 working hours")
    changed = keep_draft(text, by=cast.tomas, at=TUESDAY, based_on=1, seen=draft.changed_at)

    news = agreeing.ask(changed, [cast.ben, cast.mia], by=cast.tomas, at=TUESDAY)

    assert [one.member for one in news] == [cast.ben]
    assert dict(Agreement.objects.values_list("member__name", "says")) == {"Ben Raman": "", "Mia Lind": "objected"}


def test_a_change_that_asks_nothing_of_anybody_asks_nobody_anew(cast, draft):
    agreeing.agree(asked(draft, cast.ben, cast), at=MONDAY)
    text = STRICTER.replace("purpose: Every promise", "purpose: Each promise")
    changed = keep_draft(text, by=cast.tomas, at=TUESDAY, based_on=1, seen=draft.changed_at)

    assert agreeing.ask(changed, [cast.ben], by=cast.tomas, at=TUESDAY) == []


def test_an_objection_and_an_answer_need_words_and_only_the_author_asks_and_answers(cast, draft):
    objection = asked(draft, cast.ben, cast)

    with pytest.raises(Refusal, match="in a sentence"):
        agreeing.object_to(objection, "  ", at=MONDAY)
    with pytest.raises(Refusal, match="no objection here"):
        agreeing.reply(objection, "Well.", by=cast.tomas, at=MONDAY)
    agreeing.object_to(objection, "No.", at=MONDAY)
    objection.refresh_from_db()
    with pytest.raises(Refusal, match="Whoever wrote the draft"):
        agreeing.reply(objection, "Well.", by=cast.mia, at=MONDAY)
    with pytest.raises(Refusal, match="Say what you change"):
        agreeing.reply(objection, " ", by=cast.tomas, at=MONDAY)
    with pytest.raises(Refusal, match="Whoever wrote the draft"):
        agreeing.ask(draft, [cast.mia], by=cast.ben, at=MONDAY)


def test_nobody_is_asked_about_a_draft_that_can_t_be_read(cast):
    broken = keep_draft("business: x", by=cast.tomas, at=MONDAY, based_on=1)

    with pytest.raises(Refusal, match="Put the draft in order first"):
        agreeing.ask(broken, [cast.ben], by=cast.tomas, at=MONDAY)


def test_what_is_published_takes_no_more_answers(cast, draft):
    one = asked(draft, cast.ben, cast)
    publish_it(cast)
    one.refresh_from_db()

    with pytest.raises(Refusal, match="published already"):
        agreeing.agree(one, at=TUESDAY)
