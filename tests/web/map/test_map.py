"""The map on screen: drawn, told, versions compared, downloaded."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from baton.kernel.clock import now, stamp
from baton.kernel.ids import uuid7
from baton.ledger.entries import Author, said
from baton.ledger.recording import record
from baton.map.publishing import publish
from baton.map.ready import demonstration_map
from baton.work.first_time import FirstTime, first_times
from tests.cast import FIRM, HOUR, MONDAY, TUESDAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.deal.addresses")]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def page(client: Client, address: str, **headers: str) -> LexborHTMLParser:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return LexborHTMLParser(response.content.decode())


def texts(parsed: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text(separator=" ").split()) for node in parsed.css(selector)]


def handed(cast: Cast, state: str, *, missing: tuple[str, ...] = (), deal=None, at=MONDAY, to_self: bool = False):
    deal = deal or cast.deal(stage="agreed", at=MONDAY)
    key = uuid7()
    values = {
        "deal": str(deal.pk),
        "handoff": "sales-operations",
        "from_desk": "sales",
        "to_desk": "operations",
        "packet": [],
        "to_self": to_self,
        "offered": {"by": str(cast.ana.pk), "at": stamp(at)},
        "missing": list(missing),
        "decided": {"by": str(cast.ben.pk), "at": stamp(at + HOUR)},
        "state": state,
    }
    record(said("handoff", key, **values), by=Author(cast.tomas), at=at)
    return deal


def test_the_page_says_whose_map_it_is_and_which_version(cast):
    parsed = page(signed_in(cast.ana), "/map/")

    assert texts(parsed, ".page-ask") == [
        "How work flows at Lime & Co. Owner: Tomas Okafor . Version 1, published 16 Nov 2025."
    ]


def test_each_desk_stage_and_handoff_of_the_drawing_leads_to_what_it_is(cast):
    parsed = page(signed_in(cast.ana), "/map/")

    addresses = [node.attributes["href"] for node in parsed.css("svg a")]
    assert addresses[:3] == ["/map/?on=desk%3Aintake", "/map/?on=desk%3Asales", "/map/?on=desk%3Aoperations"]
    assert "/map/?on=stage%3Aquoted" in addresses
    assert addresses[-2:] == ["/map/?on=handoff%3Aintake-sales", "/map/?on=handoff%3Asales-operations"]


def test_the_drawing_has_no_style_and_no_script_of_its_own(cast):
    content = signed_in(cast.ana).get("/map/").content.decode()

    assert "style=" not in content
    assert "<script>" not in content


def test_a_handoff_says_what_it_carries_and_what_breaks_when_that_is_wrong(cast):
    parsed = page(signed_in(cast.ana), "/map/?on=handoff:sales-operations")

    assert texts(parsed, "aside .panel-head")[0] == "Sales → Operations 4 items, 4 working hours"
    assert texts(parsed, "aside .rows li")[:4] == [
        "Scope at Visited",
        "Start date at Agreed",
        "Key holder at Visited",
        "Amount every deal has it",
    ]
    assert "price agreed by phone" in texts(parsed, "aside .facts")[0]
    assert texts(parsed, "#field, #field ~ p, aside .panel:nth-child(2) > p") == [
        "What breaks if Scope is wrong",
        "The crew brings the wrong machines.",
    ]


def test_a_field_says_who_needs_it_and_how_long_it_stays_fresh(cast):
    parsed = page(signed_in(cast.ana), "/map/?on=handoff:sales-operations&field=key_holder")

    assert texts(parsed, "#field") == ["What breaks if Key holder is wrong"]
    assert texts(parsed, "aside .panel:nth-child(2) dd") == [
        "a contact",
        "At Visited, by Sales",
        "Handoff Sales → Operations",
        "90 days",
    ]


def test_a_stage_says_what_shows_it_and_where_it_leaves(cast):
    parsed = page(signed_in(cast.ana), "/map/?on=stage:agreed")

    assert texts(parsed, "aside .facts dd")[:3] == ["Sales", "a yes in writing", "100% of the amount in the forecast"]


def test_an_address_that_names_nothing_shows_the_first_handoff(cast):
    parsed = page(signed_in(cast.ana), "/map/?on=stage:nowhere")

    assert texts(parsed, "#chosen") == ["Intake → Sales"]


def test_htmx_gets_the_drawing_and_its_aside_alone(cast):
    content = signed_in(cast.ana).get("/map/?on=stage:agreed", headers=HTMX).content.decode().strip()

    assert content.startswith('<div class="split"')
    assert content.count("<svg viewBox") == 1


def test_few_cases_are_told_as_cases_and_many_as_a_share(cast):
    handed(cast, "accepted")
    deal = handed(cast, "returned", missing=("key_holder",))
    handed(cast, "accepted", deal=deal, at=TUESDAY)
    handed(cast, "accepted", to_self=True)

    rate = first_times(cast.tomas, TUESDAY + HOUR)["sales-operations"]

    assert (rate.sentence, FirstTime(offered=24, accepted=19).sentence) == ("1 of 2 first time", "79% first time")
    assert first_times(cast.tomas, TUESDAY + timedelta(days=120)) == {}


def test_what_often_misses_is_a_gap_in_the_drawing(cast):
    for _each in range(2):
        handed(cast, "returned", missing=("key_holder",), at=now() - HOUR)

    parsed = page(signed_in(cast.tomas), "/map/?on=handoff:sales-operations")

    assert len(parsed.css("svg .seg-gap")) == 1
    assert texts(parsed, "aside .rows li")[2] == "Key holder missing in 2 of 2 returns"


def test_behaviors_say_when_who_by_when_and_what_for(cast):
    parsed = page(signed_in(cast.ana), "/map/behaviors/")

    assert texts(parsed, "[aria-labelledby=b-answer-enquiry] dd") == [
        "a message or call came in",
        "deal owner, else desk lead",
        "2 working hours",
        "we wrote or called",
        "a reminder when 75% of the time has passed; desk lead is told",
        "nobody waits until tomorrow",
    ]


def test_fields_decisions_and_goals_have_a_page_each(cast):
    publish(demonstration_map().replace("tomas@harbourlime.example", "tomas@lime.example"), by=None, at=MONDAY)
    client = signed_in(cast.ana)

    assert len(page(client, "/map/fields/").css("tbody tr")) > 10
    assert texts(page(client, "/map/decisions/"), "section h2") != []
    assert [said.split("  ")[0][:26] for said in texts(page(client, "/map/goals/"), "tbody th")] == [
        "Stages that something show",
        "Handoffs right the first t",
        "First answer to a customer",
    ]


def test_a_wish_is_answered_with_the_goals_that_can_be_measured(cast):
    near = texts(page(signed_in(cast.ana), "/map/goals/?wish=we+want+control"), "[aria-labelledby=near] dt")

    assert near == ["Duties kept on time", "Stages that something shows", "Open deals with a next step"]


def test_the_charter_tells_what_was_answered_before_any_stage_was_drawn(cast):
    charter = "\ncharter:\n  supports: [whom to call first]\n  breaks_at: Sales to Operations\n"
    publish(FIRM + charter, by=cast.tomas, at=MONDAY)
    shown = page(signed_in(cast.ana), "/map/charter/")

    assert texts(shown, "section h2")[:3] == ["What it is for", "Which decisions it supports", "Who owns it"]
    assert "whom to call first" in shown.css_first("#main").text()
    assert "Sales to Operations" in shown.css_first("#main").text()


def test_a_map_without_goals_says_how_to_have_one(cast):
    assert texts(page(signed_in(cast.ana), "/map/goals/"), ".empty h2") == ["No goal yet"]


def test_any_two_versions_can_be_compared(cast):
    publish(
        FIRM.replace("within: 2 working hours", "within: 3 working hours"), by=cast.tomas, at=MONDAY, note="More air"
    )
    publish(FIRM.replace("lead: mia", "lead: ana"), by=None, at=TUESDAY)
    client = signed_in(cast.ana)

    assert texts(page(client, "/map/versions/"), "#changes") == ["From version 2 to 3"]
    assert texts(page(client, "/map/versions/?from=1&to=2"), "aside .rows li") == [
        "Behavior “Answer enquiry”: the time allowed was 2 working hours, is 3 working hours"
    ]
    assert texts(page(client, "/map/versions/?from=x&to=99"), "#changes") == ["From version 2 to 3"]


def test_a_version_is_downloaded_as_it_was_published(cast):
    response = signed_in(cast.rita).get("/map/versions/1/file/")

    assert response.content.decode() == FIRM
    assert response["Content-Disposition"] == 'attachment; filename="lime-co-1.yaml"'
    assert signed_in(cast.rita).get("/map/versions/9/file/").status_code == 404


@pytest.mark.parametrize("address", ["/map/", "/map/behaviors/", "/map/fields/", "/map/decisions/", "/map/versions/1/"])
def test_the_map_is_there_for_everybody_to_read(cast, address):
    assert signed_in(cast.rita).get(address).status_code == 200
    assert Client().get(address).status_code == 302


def test_the_page_asks_as_much_of_the_database_with_many_handoffs_as_with_one(cast, django_assert_num_queries):
    client = signed_in(cast.ana)
    handed(cast, "accepted", at=now() - HOUR)
    page(client, "/map/")

    with CaptureQueriesContext(connection) as few:
        page(client, "/map/")
    for _each in range(5):
        handed(cast, "returned", missing=("scope",), at=now() - HOUR)
    with django_assert_num_queries(len(few)):
        page(client, "/map/")


def test_a_behavior_that_lapsed_stands_with_its_cases_and_the_owner_decides_there(cast):

    key = uuid7()
    told = {"counted": 20, "missed": 9, "version": 1, "at": stamp(MONDAY)}
    record(said("lapse", key, behavior="answer-enquiry", found=told), by=Author.baton(), at=MONDAY)
    address = f"/map/behaviors/lapses/{key}/decision/"
    shown = [len(page(signed_in(who), "/map/behaviors/").css(f"#lapse-{key} form")) for who in (cast.tomas, cast.ana)]

    statuses = [
        signed_in(who).post(address, {"because": "It was the flu"}).status_code
        for who in (cast.ana, cast.rita, cast.tomas)
    ]

    assert (shown, statuses) == ([1, 0], [422, 403, 302])
    assert page(signed_in(cast.tomas), "/map/behaviors/").css(f"#lapse-{key}") == []
