"""A packet passes from desk to desk with what is missing first, and nobody accepts a gap without saying so."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from baton.ledger.models import Deal
from baton.work import handoffs
from baton.work.models import ExceptionCase, Question
from tests.cast import MINUTE, MONDAY, fresh
from tests.web.today.scene import offered

pytestmark = [pytest.mark.urls("tests.web.deal.addresses"), pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def texts(response, selector: str) -> list[str]:
    tree = LexborHTMLParser(response.content.decode())
    return [" ".join(node.text().split()) for node in tree.css(selector)]


def test_the_first_line_says_what_waits_and_what_was_right_the_first_time(cast, signed_in):
    handoffs.accept(offered(cast, "Hollis Yard", key_holder={"name": "Colin"}), by=cast.ben, at=MONDAY)
    handoffs.send_back(offered(cast, "Corran"), missing=["key_holder"], because="", by=cast.ben, at=MONDAY)
    offered(cast)

    response = signed_in(cast.ben).get("/handoffs/")

    assert texts(response, ".page-ask") == ["1 waits for Operations. In 90 days 1 of 2 were right the first time."]


def test_what_waits_is_opened_with_what_is_missing_first(cast, signed_in):
    offered(cast)

    response = signed_in(cast.ben).get("/handoffs/")

    assert texts(response, ".pick b") == ["Northgate winter gritting"]
    assert texts(response, ".packet-name") == ["Key holder", "Scope", "Start date", "Amount"]
    assert texts(response, ".packet-why") == ["The first crew stands outside."]
    assert texts(response, ".pass b") == ["Ana Horvat", "You, by 13:00"]


def test_accept_waits_while_something_is_missing(cast, signed_in):
    offered(cast)

    tree = LexborHTMLParser(signed_in(cast.ben).get("/handoffs/").content.decode())

    assert tree.css_first("[data-key=A]").attributes["title"] == "Accept opens when Key holder is there"
    assert "disabled" in tree.css_first("[data-key=A]").attributes


def test_accepting_a_full_packet_moves_the_deal(cast, signed_in):
    handoff = offered(cast, key_holder={"name": "Colin Hart"})

    response = signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/acceptance/")

    assert response.url == f"/handoffs/{handoff.pk}/"
    assert fresh(handoff).state == "accepted"
    assert Deal.objects.unscoped("tests").get().owner_id == cast.ben.pk


def test_the_return_has_ticked_what_is_missing(cast, signed_in):
    handoff = offered(cast)

    response = signed_in(cast.ben).get(f"/handoffs/{handoff.pk}/return/")

    tree = LexborHTMLParser(response.content.decode())
    assert [node.attributes["value"] for node in tree.css("input[name=item][checked]")] == ["key_holder"]


def test_a_return_says_what_is_missing_and_the_sender_sees_it(cast, signed_in):
    handoff = offered(cast)
    typed = {"item": ["key_holder"], "because": "Who opens the salt store?"}

    signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/return/", typed)

    response = signed_in(cast.ana).get("/handoffs/?way=from")
    assert texts(response, ".section-head h2")[0] == "Came back to us"
    assert texts(response, ".notice p")[-1] == "Ben Raman returned it: Key holder. Who opens the salt store?"
    assert texts(response, "[data-key=H]") == ["Hand it over again H"]


def test_where_nothing_waits_the_page_opens_on_what_came_back(cast, signed_in):
    handoffs.send_back(offered(cast), missing=["key_holder"], because="", by=cast.ben, at=MONDAY)
    client = signed_in(cast.ana)

    assert texts(client.get("/handoffs/"), ".section-head h2")[0] == "Came back to us"
    assert texts(client.get("/handoffs/?way=to"), ".pick b") == []


def test_a_return_without_a_reason_is_refused(cast, signed_in):
    handoff = offered(cast)

    assert signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/return/").status_code == 422
    assert fresh(handoff).state == "offered"


def test_starting_already_asks_the_sender_for_what_is_owed(cast, signed_in):
    handoff = offered(cast)

    signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/start/", {"item": ["key_holder"]})

    owed = Question.objects.unscoped("tests").filter(about_field="key_holder")
    assert [one.asked_of_id for one in owed] == [cast.ana.pk]
    assert fresh(handoff).owed == ["key_holder"]


def test_an_exception_is_recorded_with_its_reason(cast, signed_in):
    handoff = offered(cast)
    typed = {"category": "price agreed by phone", "reason": "Colin opens, as every year"}

    signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/exception/", typed)

    assert fresh(handoff).state == "accepted"
    assert [one.reason for one in ExceptionCase.objects.unscoped("tests").all()] == ["Colin opens, as every year"]


def test_a_gap_that_was_filled_while_it_waited_is_none_any_more(cast, signed_in):
    handoff = offered(cast)
    cast.tell("deal", handoff.deal_id, by=cast.ana, at=MONDAY + MINUTE, key_holder={"name": "Colin Hart"})
    client = signed_in(cast.ben)

    assert texts(client.get(f"/handoffs/{handoff.pk}/"), "[data-key=A]") == ["Accept A"]
    client.post(f"/handoffs/{handoff.pk}/acceptance/")

    assert [item["has"] for item in fresh(handoff).packet] == ["there"] * 4


def test_the_sender_is_asked_for_one_item_in_one_press(cast, signed_in):
    handoff = offered(cast)

    signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/question/", {"item": "key_holder"})

    asked = Question.objects.unscoped("tests").get()
    assert (asked.text, asked.asked_of_id) == ("What do we know about key holder?", cast.ana.pk)


def test_the_sender_may_take_it_back_and_the_receiver_may_not(cast, signed_in):
    handoff = offered(cast)

    assert signed_in(cast.ben).post(f"/handoffs/{handoff.pk}/withdrawal/").status_code == 422
    signed_in(cast.ana).post(f"/handoffs/{handoff.pk}/withdrawal/")

    assert fresh(handoff).state == "withdrawn"


def test_only_the_receiving_desk_can_answer(cast, signed_in):
    handoff = offered(cast, key_holder={"name": "Colin Hart"})

    page = signed_in(cast.mia).get(f"/handoffs/{handoff.pk}/")

    assert texts(page, "[data-key=A], [data-key=R]") == []
    assert signed_in(cast.mia).post(f"/handoffs/{handoff.pk}/acceptance/").status_code == 422


def test_what_changed_after_acceptance_is_noted_on_the_packet(cast, signed_in):
    handoff = offered(cast, key_holder={"name": "Colin Hart"})
    handoffs.accept(handoff, by=cast.ben, at=MONDAY)
    cast.tell("deal", handoff.deal_id, by=cast.ana, at=MONDAY + MINUTE, start_date="2026-12-08")
    client = signed_in(cast.ben)

    response = client.get("/handoffs/")
    assert texts(response, ".section-head h2")[0] == "Changed after we accepted"
    assert "Changed from 23 November 2026 to 8 December 2026" in texts(response, ".packet li")[1]
    client.post(f"/handoffs/{handoff.pk}/note/", {"item": "start_date"})

    assert texts(client.get("/handoffs/"), ".pick b") == []


def test_a_handoff_to_oneself_is_a_checklist_and_counts_in_nothing(cast, signed_in):
    cast.ben.seats.create(desk="sales")
    deal = cast.deal("Own work", "agreed", owner=cast.ben, contact=cast.contact())
    handoff = handoffs.offer(deal, to="sales-operations", by=cast.ben, at=MONDAY)

    response = signed_in(cast.ben).get(f"/handoffs/{handoff.pk}/")

    assert fresh(handoff).state == "accepted"
    assert texts(response, ".notice p")[-1].startswith("Handed to oneself: the packet is a checklist")
    assert texts(response, ".page-ask") == ["Nothing waits for Sales, Operations."]


def test_the_number_of_queries_does_not_grow_with_the_list(cast, signed_in, django_assert_max_num_queries):
    client = signed_in(cast.ben)
    offered(cast, "First")
    client.get("/handoffs/")
    with django_assert_max_num_queries(200) as few:
        client.get("/handoffs/")
    for number in range(12):
        offered(cast, f"Deal {number}")
    with django_assert_max_num_queries(200) as many:
        client.get("/handoffs/")

    assert len(many) == len(few)
