"""Automations as screens: built with pickers, rehearsed, switched on, settled, undone; and who may do what."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from baton.gate.automations import switching
from baton.map.current import current_map
from baton.map.models import MapDraft
from tests.cast import FIRM, MONDAY, fresh
from tests.gate.automations.scene import ACKNOWLEDGE, act, enquiry, firm, outbox, redraw, runs, tell, wrote

pytestmark = pytest.mark.django_db
BUILT = {
    "name": "Plan a call",
    "when": "fact confirmed scope",
    "if_field_0": "stage",
    "if_test_0": "is",
    "if_value_0": "enquiry",
    "if_test_1": "is",
    "if_test_2": "is",
    "step": "Ring {contact}",
    "step_within": "1 working day",
    "on_field_0": "key_holder",
    "on_days_0": "30",
    "on_sure_0": "person or message",
    "limit": "20",
    "held_by": "answer-enquiry",
    "so_that": "nobody waits",
}

PLAN = """
automations:
  plan:
    when: fact confirmed amount
    do: {next_step: {what: Ring them}}
    so_that: nobody waits
"""


@pytest.fixture
def cast():
    return firm()


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def text_of(answer) -> str:
    return " ".join(LexborHTMLParser(answer.content.decode()).body.text(separator=" ").split())


def test_the_owner_builds_one_with_pickers_and_it_stands_in_the_map_and_is_off(cast):
    client = signed_in(cast.tomas)

    answer = client.post("/automations/new/", BUILT | {"publish": "1"})

    assert answer.headers["Location"] == "/automations/plan-a-call/"
    each = current_map().automations["plan-a-call"]
    assert [str(one) for one in each.conditions] == ["stage is enquiry"]
    assert (each.deeds[0].text, each.relies_on[0].sure, each.at_most) == ("Ring {contact}", ("person", "message"), 20)
    assert "Plan a call off" in text_of(client.get(answer.headers["Location"]))


def test_a_member_builds_one_into_their_draft(cast):
    answer = signed_in(cast.ana).post("/automations/new/", BUILT | {"publish": "1"})

    assert answer.headers["Location"] == "/map/draft/"
    assert "plan-a-call:" in MapDraft.objects.get(changed_by=cast.ana).text
    assert "plan-a-call" not in current_map().automations


def test_what_the_map_cannot_hold_is_said_and_what_was_typed_stays(cast):
    answer = signed_in(cast.tomas).post("/automations/new/", BUILT | {"step": "Ring {nobody}", "publish": "1"})

    assert answer.status_code == 422
    assert "names the field “nobody”, which doesn’t exist" in text_of(answer)
    assert "Ring {nobody}" in answer.content.decode()


def test_the_form_of_one_that_is_there_says_what_it_does(cast):
    page = LexborHTMLParser(signed_in(cast.tomas).get("/automations/acknowledge/definition/").content.decode())

    assert page.css_first("#id_send_text").text().strip() == "Dear {first_name},\n\n{owner} looks at it."
    assert page.css_first("#id_if_field_0 option[selected]").attributes["value"] == "stage"
    assert page.css_first("#id_unanswered").attributes.get("checked", "no") != "no"


def test_a_message_without_a_subject_is_told_as_the_answer_that_it_is():
    cast = firm(ACKNOWLEDGE.replace("        subject: Thank you\n", ""))

    listed = text_of(signed_in(cast.ana).get("/automations/"))

    assert "the contact is answered in the same conversation" in listed
    assert "a message goes to the contact:" not in listed


def test_saving_it_unchanged_changes_no_rule(cast):
    client = signed_in(cast.tomas)
    page = LexborHTMLParser(client.get("/automations/acknowledge/definition/").content.decode())
    before = current_map().automations["acknowledge"]

    client.post("/automations/acknowledge/definition/", values_of(page) | {"publish": "1"})

    assert current_map().automations["acknowledge"] == before


def values_of(page) -> dict[str, str]:
    told = {}
    for one in page.css("main form [name], .page form [name]"):
        name, kind = one.attributes["name"], one.attributes.get("type", "")
        if one.tag == "select":
            chosen = one.css_first("option[selected]")
            told[name] = chosen.attributes.get("value") or "" if chosen else ""
        elif one.tag == "textarea":
            told[name] = one.text().lstrip("\n")
        elif kind != "checkbox" or "checked" in one.attributes:
            told[name] = one.attributes.get("value") or ("on" if kind == "checkbox" else "")
    return {name: value for name, value in told.items() if name not in {"csrfmiddlewaretoken", "publish"}}


def test_it_is_rehearsed_before_it_is_switched_on(cast):
    client = signed_in(cast.tomas)
    client.post("/automations/acknowledge/switch/", {})
    assert not switching.newest()["acknowledge"].on

    refused = client.post("/automations/acknowledge/switch/", {"on": "1", "because": "now"})
    page = LexborHTMLParser(client.post("/automations/acknowledge/rehearsal/").content.decode())
    rule = page.css_first("#rehearsal [name=rule]").attributes["value"]
    client.post("/automations/acknowledge/switch/", {"on": "1", "rule": rule, "because": "we are sure"})

    assert (refused.status_code, switching.newest()["acknowledge"].because) == (422, "we are sure")


def test_why_a_message_was_not_sent_is_read_and_settled_where_it_stands(cast):
    wrote(enquiry(cast), sender="dana@elsewhere.example")
    [run] = act()
    client = signed_in(cast.ana)

    shown = text_of(client.get("/automations/"))
    page = text_of(client.get(f"/automations/runs/{run.pk}/"))
    assert "Acknowledge an enquiry: Nobody knows that dana@elsewhere.example wrote it" in shown
    assert "it came from an address that isn’t known to be theirs" in page
    assert "Ana Horvat was asked" in page

    client.post(f"/automations/runs/{run.pk}/settlement/", {"answer": "confirm"})
    assert fresh(run).state == "waiting"


def test_what_was_done_is_undone_and_everything_is_stopped_from_the_screen(cast):
    wrote(enquiry(cast))
    [run] = act()
    client = signed_in(cast.mia)

    client.post(f"/automations/runs/{run.pk}/undoing/")
    client.post("/automations/switch/", {})

    assert (fresh(run).state, outbox()[0].state) == ("undone", "taken-back")
    assert switching.is_stopped(switching.newest())
    assert "Everything is stopped, by Mia Lind" in text_of(client.get("/automations/"))


def test_what_stands_on_a_value_is_said_before_it_is_changed_by_hand():
    cast = firm(PLAN + "    relies_on: {amount: , scope: }\n")
    deal = enquiry(cast)
    tell(deal, by=cast.ana, amount={"minor": 100, "currency": "GBP"})
    act()
    client = signed_in(cast.ana)

    amount = text_of(client.get(f"/deals/{deal.pk}/fields/amount/value/"))
    scope = text_of(client.get(f"/deals/{deal.pk}/fields/scope/value/"))
    nothing = text_of(client.get(f"/deals/{deal.pk}/fields/start_date/value/"))

    assert "“Plan” and Monday review stand on this." in amount
    assert "“Plan” stands on this. 1 run waits for it." in scope
    assert "stand" not in nothing.replace("stands outside", "")


@pytest.mark.parametrize(
    "address",
    ["switch/", "new/", "acknowledge/rehearsal/", "acknowledge/switch/", "acknowledge/definition/"],
)
def test_a_read_only_member_changes_nothing_and_reads_all(cast, address):
    client = signed_in(cast.rita)

    assert client.post(f"/automations/{address}", BUILT).status_code == 403
    assert client.get("/automations/").status_code == client.get("/automations/acknowledge/").status_code == 200
    assert switching.newest()["acknowledge"].on


def test_a_run_on_a_deal_that_one_may_not_see_is_not_there():
    cast = firm()
    wrote(enquiry(cast))
    [run] = act()
    redraw(FIRM + ACKNOWLEDGE + "\nvisibility: own desk, own deals; leaders see their desk\n", MONDAY)

    answer = signed_in(cast.ben).get(f"/automations/runs/{run.pk}/")

    assert answer.status_code == 404
    assert len(runs()) == 1
