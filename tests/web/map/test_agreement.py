"""A draft and what everybody says to it: on one's own page, beside the draft, and on Today."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.map.current import current_version
from baton.map.drafts import keep_draft
from baton.map.models import Agreement
from tests.cast import FIRM, MONDAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.deal.addresses")]
STRICTER = FIRM.replace("within: 2 working hours", "within: 1 working hour")


@pytest.fixture
def cast() -> Cast:
    return Cast()


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def texts(response, selector: str) -> list[str]:
    parsed = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text(separator=" ").split()) for node in parsed.css(selector)]


def asked(cast: Cast) -> tuple[Client, str]:
    draft = keep_draft(STRICTER, by=cast.tomas, at=MONDAY, based_on=1)
    client = signed_in(cast.tomas)
    client.post(f"/map/drafts/{draft.pk}/asking/")
    return client, f"/map/drafts/{draft.pk}/part/"


def test_each_sees_only_their_own_part_and_who_wasn_t_asked_none(cast):
    _tomas, address = asked(cast)

    ben = signed_in(cast.ben).get(address)
    assert "Accept or return what Sales hands over" in texts(ben, "h3")
    assert "You would sit at Operations." in texts(ben, ".page-ask")[0]
    assert signed_in(cast.rita).get(address).status_code == 404
    assert signed_in(cast.tomas).get(address).status_code == 404


def test_an_objection_stands_beside_the_draft_and_publishing_is_refused_until_it_is_answered(cast):
    tomas, address = asked(cast)
    written = {"text": STRICTER, "based_on": "1", "note": ""}
    assert signed_in(cast.ben).post(address, {"says": "objected", "words": ""}).status_code == 422
    signed_in(cast.ben).post(address, {"says": "objected", "words": "One hour is too short."})

    assert "One hour is too short." in texts(tomas.get("/map/draft/"), "[aria-labelledby=agreement]")[0]
    refused = tomas.post("/map/draft/publication/", written)
    assert refused.status_code == 422
    assert "Ben Raman: “One hour is too short.”" in refused.content.decode()

    objection = Agreement.objects.get(says="objected")
    assert signed_in(cast.mia).post(f"/map/objections/{objection.pk}/answer/", {"words": "So?"}).status_code == 422
    tomas.post(f"/map/objections/{objection.pk}/answer/", {"words": "We try it for a month."})
    assert texts(signed_in(cast.ben).get(address), "h1") == ["Your objection is answered"]
    tomas.post("/map/draft/publication/", written)
    assert current_version() == 2


def test_today_says_so_until_one_said_something(cast):
    _tomas, address = asked(cast)
    ben = signed_in(cast.ben)
    assert "Tomas Okafor asks what you say to the next map" in ben.get("/today/").content.decode()

    ben.post(address, {"says": "agreed"})

    assert texts(ben.get(address), "h1") == ["You agree to this"]
    assert "asks what you say" not in ben.get("/today/").content.decode()


def test_only_the_author_asks_the_others(cast):
    draft = keep_draft(STRICTER, by=cast.mia, at=MONDAY, based_on=1)

    assert signed_in(cast.tomas).post(f"/map/drafts/{draft.pk}/asking/").status_code == 422
    assert not Agreement.objects.exists()


def test_a_read_only_member_is_never_asked_and_says_nothing(cast):
    _tomas, address = asked(cast)

    assert not Agreement.objects.filter(member=cast.rita).exists()
    assert signed_in(cast.rita).post(address, {"says": "agreed"}).status_code == 403
