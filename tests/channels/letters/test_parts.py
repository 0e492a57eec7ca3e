"""Who is asked for their part in a map is told by mail; so is who is objected to, and who has an answer."""

import pytest

from baton.channels.letters import parts
from baton.channels.letters.notices import write_notices
from baton.map import agreeing
from baton.map.drafts import drop_draft, keep_draft
from baton.map.models import Agreement
from tests.cast import FIRM, MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast) -> Agreement:
    text = FIRM.replace("within: 2 working hours", "within: 1 working hour")
    draft = keep_draft(text, by=cast.tomas, at=MONDAY, based_on=1)
    return agreeing.ask(draft, [cast.ben], by=cast.tomas, at=MONDAY)[0]


def told(letters, settings) -> list[tuple[str, str, str]]:
    write_notices(MONDAY)
    return [(str(one["To"]), str(one["Subject"]), one.get_body(("plain",)).get_content()) for one in letters(MONDAY)]


def test_who_is_asked_is_told_with_the_way_to_their_own_page(asked, letters, settings):
    settings.BATON_URL = "https://baton.lime.example"
    parts.tell(parts.ASKED, [asked], MONDAY)

    ((to, subject, text),) = told(letters, settings)

    assert (to, subject) == ("Ben Raman <ben@lime.example>", "Tomas Okafor asks what you say to the next map")
    assert f"https://baton.lime.example/map/drafts/{asked.draft_id}/part/" in text


def test_the_author_is_told_of_an_objection_and_who_objected_of_the_answer(asked, letters, settings):
    agreeing.object_to(asked, "Nobody is there on Fridays.", at=MONDAY)
    asked.refresh_from_db()
    parts.tell(parts.OBJECTED, [asked], MONDAY)
    agreeing.reply(asked, "Mia takes Fridays.", by=asked.draft.changed_by, at=MONDAY)
    parts.tell(parts.ANSWERED, [asked], MONDAY)

    objected, answered = sorted(told(letters, settings), reverse=True)

    assert objected[:2] == ("Tomas Okafor <tomas@lime.example>", "Ben Raman objects to the next map")
    assert "Nobody is there on Fridays." in objected[2]
    assert answered[:2] == ("Ben Raman <ben@lime.example>", "Tomas Okafor answers your objection")
    assert "Mia takes Fridays." in answered[2]


def test_nobody_is_told_who_wants_no_notices_nor_of_a_draft_that_is_gone(asked, cast, letters, settings):
    parts.tell(parts.ASKED, [asked], MONDAY)
    drop_draft(cast.tomas)
    assert told(letters, settings) == []

    cast.ben.wants_notices = False
    cast.ben.save()
    again = Agreement.objects.select_related("member").get()
    parts.tell(parts.ASKED, [again], MONDAY)
    assert told(letters, settings) == []
