"""Editing a draft on its drawing: each request is one edit of its text; what is wrong is said at the element."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from baton.map.drafts import draft_of, version_of
from baton.map.models import MapDraft
from baton.map.reading import read_as_far, read_map
from tests.cast import FIRM, Cast
from tests.web.map.test_map import HTMX, page, signed_in, texts

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.deal.addresses")]
DRAWING = "/map/draft/drawing/"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def post(cast: Cast, address: str, who=None, **values):
    """Post one edit as the page would: with the state that was looked at."""
    who = who or cast.ana
    values.setdefault("version", version_of(draft_of(who)))
    return signed_in(who).post(f"/map/draft/{address}", {"based_on": "1", **values}, headers=HTMX)


def text(cast: Cast) -> str:
    return MapDraft.objects.get(changed_by=cast.ana).text


def filled(parsed: LexborHTMLParser) -> dict:
    """What the form of the chosen element would post as it stands."""
    values: dict = {}
    for node in parsed.css("#chosen-panel > form.stack [name]"):
        name, kind = node.attributes["name"], node.attributes.get("type")
        if node.tag == "select":
            chosen = node.css_first("option[selected]")
            values[name] = chosen.attributes.get("value", "") if chosen else ""
        elif node.tag == "textarea":
            values[name] = node.text().removeprefix("\n")
        elif kind in ("checkbox", "radio"):
            if "checked" in node.attributes:
                values.setdefault(name, []).append(node.attributes.get("value", "on"))
        else:
            values[name] = node.attributes.get("value") or ""
    return values


ELEMENTS = [
    "", "desks:intake", "desks:sales", "stages:enquiry", "stages:agreed", "handoffs:sales-operations", "fields:scope",
    "fields:key_holder", "behaviors:answer-enquiry", "behaviors:set-next-step", "decisions:monday-review",
]  # fmt: skip


@pytest.mark.parametrize("on", ELEMENTS)
def test_a_form_that_is_kept_as_it_stands_changes_no_letter(cast, on):
    parsed = page(signed_in(cast.ana), f"{DRAWING}?on={on}")
    address = f"elements/{on.replace(':', '/')}/" if on else "whole/"

    response = post(cast, address, **filled(parsed))

    assert response.status_code == 200
    assert text(cast) == FIRM


def test_the_drawing_of_a_draft_begins_with_what_is_in_force(cast):
    parsed = page(signed_in(cast.ana), DRAWING)

    assert parsed.css_first("#draft textarea").text() == FIRM
    assert len(parsed.css("svg a[data-stage]")) == 5
    assert not MapDraft.objects.exists()


def test_a_stage_is_renamed_in_place(cast):
    response = post(cast, "elements/stages/quoted/name/", name="Offer made")

    assert "Offer made" in response.content.decode()
    assert text(cast) == FIRM.replace("quoted: {desk", "quoted: {name: Offer made, desk")


def test_a_stage_is_moved_to_another_desk_and_what_is_wrong_with_that_stands_at_it(cast):
    response = post(cast, "elements/stages/agreed/place/", desk="operations", before="mobilising")

    assert "agreed: {desk: operations" in text(cast)
    assert read_map(text(cast))[1] == []
    assert response.status_code == 200
    post(cast, "elements/handoffs/sales-operations/removal/")
    parsed = page(signed_in(cast.ana), f"{DRAWING}?on=stages:agreed")
    assert "nothing passes a deal from sales to operations" in texts(parsed, "#chosen-panel .notice")[0]
    assert "no handoff yet" in texts(parsed, "svg g text")
    assert "A handoff from Sales to Operations" in texts(parsed, "[aria-labelledby=adding] button")[0]


def test_a_handoff_is_let_go_of_at_another_desk_and_rows_change_places(cast):
    post(cast, "elements/handoffs/sales-operations/place/", desk="operations")
    assert text(cast) == FIRM
    post(cast, "elements/handoffs/sales-operations/place/", desk="intake")
    post(cast, "elements/behaviors/set-next-step/place/", before="answer-enquiry")
    post(cast, "elements/desks/intake/place/", step="1")

    drawn = read_as_far(text(cast))[0]
    assert drawn.handoffs["sales-operations"].to_desk == "intake"
    assert list(drawn.behaviors) == ["set-next-step", "answer-enquiry"]
    assert list(drawn.desks) == ["sales", "intake", "operations"]


def test_the_missing_handoff_is_added_with_one_press(cast):
    post(cast, "elements/handoffs/sales-operations/removal/")
    post(cast, "elements/", group="handoffs", **{"from": "sales", "to": "operations"})

    problems = read_map(text(cast))[1]
    assert [problem.sentence.partition(" is ")[0] for problem in problems] == [
        "field “scope”", "field “start_date”", "field “key_holder”",
    ]  # fmt: skip
    assert "    at: agreed\n    carries: [contact]\n" in text(cast)


def test_an_item_is_carried_over_to_another_handoff(cast):
    post(cast, "packets/intake-sales/items/", item="amount", before="contact", **{"from": "sales-operations"})

    assert "carries: [need, amount, contact]" in text(cast)
    assert "carries: [scope, start_date, key_holder]" in text(cast)


def test_a_new_field_is_carried_at_once_and_its_name_is_asked(cast):
    response = post(
        cast, "elements/", group="fields", name="Parking place", carried_by="sales-operations", caught_at="agreed"
    )

    assert "  parking_place: {type: text, caught_at: agreed}\n" in text(cast) or "  parking_place:\n" in text(cast)
    assert "carries: [scope, start_date, key_holder, amount, parking_place]" in text(cast)
    parsed = LexborHTMLParser(response.content.decode())
    assert parsed.css_first("[data-focus]").attributes["value"] == "Parking place"
    assert "say what goes wrong when it is wrong" in texts(parsed, "#chosen-panel .notice")[0]


def test_a_behavior_is_changed_by_picking_and_read_back_in_words(cast):
    values = filled(page(signed_in(cast.ana), f"{DRAWING}?on=behaviors:set-next-step"))
    values |= {"e-mode": "quiet", "e-opens_1": "", "e-lasting_amount": "10", "e-lasting_unit": "days", "e-remind": "50"}

    told = post(cast, "behaviors/set-next-step/sentence/", **values)
    post(cast, "elements/behaviors/set-next-step/", **values)

    assert (
        "When nothing happened for 10 days: deal owner, else desk lead, within 1 working day." in told.content.decode()
    )
    assert "    opens: nothing for 10 days\n" in text(cast)
    assert "    if_forgotten: [remind at 50%]\n" in text(cast)


def test_what_can_t_be_read_is_said_at_its_field_and_stays_as_typed(cast):
    values = filled(page(signed_in(cast.ana), f"{DRAWING}?on=stages:quoted")) | {"e-weight": "140"}

    response = post(cast, "elements/stages/quoted/", **values)

    parsed = LexborHTMLParser(response.content.decode())
    assert (response.status_code, len(parsed.css("[name='e-weight'][aria-invalid]"))) == (422, 1)
    assert parsed.css_first("[name='e-weight']").attributes["value"] == "140"
    assert not MapDraft.objects.exists()


def test_a_stage_that_goes_asks_where_its_deals_go(cast):
    parsed = page(signed_in(cast.ana), "/map/draft/elements/stages/visited/removal/")
    assert texts(parsed, "#successor option") == ["Enquiry", "Quoted", "Agreed", "Mobilising", "nothing"]
    assert texts(parsed, "#successor option[selected]") == ["Quoted"]

    response = post(cast, "elements/stages/visited/removal/", successor="quoted")

    assert response["HX-Trigger"] == "baton:close"
    assert "successors: {visited: quoted}" in text(cast)
    assert "Undo brings it back" in response.content.decode()


def test_steps_are_taken_back_and_done_again(cast):
    post(cast, "elements/stages/quoted/name/", name="Offer")
    after = text(cast)

    post(cast, "undone/")
    assert text(cast) == FIRM
    post(cast, "redone/")
    assert text(cast) == after
    assert post(cast, "redone/").status_code == 422


def test_another_window_is_told_and_not_written_over(cast):
    post(cast, "elements/stages/quoted/name/", name="Offer")
    seen = version_of(draft_of(cast.ana))
    post(cast, "elements/stages/quoted/name/", name="Bid")

    response = post(cast, "elements/stages/quoted/name/", name="Price", version=seen)

    content = response.content.decode()
    assert response.status_code == 409
    assert "Stage “Bid”: its name was Offer, is Bid" in content
    assert f'data-version="{version_of(draft_of(cast.ana))}"' in content
    assert "name: Bid" in text(cast)


def test_who_may_only_read_looks_and_changes_nothing(cast):
    parsed = page(signed_in(cast.rita), f"{DRAWING}?on=stages:quoted")

    assert parsed.css("#chosen-panel form") == []
    assert post(cast, "elements/stages/quoted/name/", cast.rita, name="Mine", version=0).status_code == 403


def test_a_text_that_is_no_yaml_is_not_drawn_but_says_where(cast):
    signed_in(cast.ana).post("/map/draft/", {"text": "business: [", "based_on": "1", "note": "", "then": "drawing"})

    parsed = page(signed_in(cast.ana), DRAWING)

    assert "can’t be drawn" in texts(parsed, "#editing .notice")[0]
    assert len(parsed.css("[data-undo]:not([disabled])")) == 0


def test_the_map_itself_says_when_it_is_looked_at_again(cast):
    values = filled(page(signed_in(cast.ana), DRAWING)) | {"e-review": "2027-03-01"}

    post(cast, "whole/", **values)

    assert "owner: tomas@lime.example\nreview: 2027-03-01\n" in text(cast)


def test_without_scripts_an_edit_leads_back_to_the_drawing(cast):
    response = signed_in(cast.ana).post(
        "/map/draft/elements/stages/quoted/place/", {"step": "-1", "version": "0", "based_on": "1"}
    )

    assert (response.status_code, response["Location"]) == (302, f"{DRAWING}?on=stages%3Aquoted")
    assert list(read_map(text(cast))[0].stages)[:3] == ["enquiry", "quoted", "visited"]
