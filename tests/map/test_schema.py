"""The questions that the rest of Baton asks a map."""

from baton.map.elements import Consumer
from baton.map.schema import OperatingMap


def keys(elements) -> list[str]:
    return [each.key for each in elements]


def test_the_next_handoff_is_the_one_a_deal_comes_to_from_where_it_stands(harbour_lime: OperatingMap):
    coming = {
        key: handoff and handoff.key for key in harbour_lime.stages for handoff in [harbour_lime.next_handoff(key)]
    }

    assert coming == {
        "enquiry": "intake-sales",
        "site_visited": "sales-operations",
        "quoted": "sales-operations",
        "agreed": "sales-operations",
        "mobilising": "operations-billing",
        "live": "operations-billing",
        "invoiced": "billing-accounts",
        "renewal": None,
    }


def test_a_packet_lists_its_items_with_the_names_people_know(harbour_lime: OperatingMap):
    packet = harbour_lime.packet(harbour_lime.handoffs["sales-operations"])

    assert [item.name for item in packet] == [
        "Scope", "Start date", "Crew hours", "Site access", "Contact on site", "Key-holder",
        "Price and exceptions", "Risk assessment",
    ]  # fmt: skip


def test_a_packet_can_carry_what_every_business_has(harbour_lime: OperatingMap):
    packet = harbour_lime.packet(harbour_lime.handoffs["billing-accounts"])

    assert (packet[0].id, packet[0].name, packet[0].field.type) == ("amount", "Amount", "money")


def test_who_needs_a_field_is_known_without_being_said_twice(harbour_lime: OperatingMap):
    assert harbour_lime.consumers_of("start_date") == [
        Consumer("handoff", "sales-operations"),
        Consumer("decision", "crew-plan"),
    ]
    assert Consumer("decision", "friday-forecast") in harbour_lime.consumers_of("close_date")


def test_stages_follow_each_other_in_the_order_of_work(harbour_lime: OperatingMap):
    assert harbour_lime.first_stage.key == "enquiry"
    assert harbour_lime.stage_after("quoted").key == "agreed"
    assert harbour_lime.stage_after("renewal") is None
    assert keys(harbour_lime.stages_of("sales")) == ["site_visited", "quoted", "agreed"]
    assert keys(harbour_lime.stages_until("quoted")) == ["enquiry", "site_visited", "quoted"]
    assert harbour_lime.is_before("quoted", "live")
    assert not harbour_lime.is_before("quoted", "quoted")


def test_a_happening_is_the_evidence_of_every_stage_that_it_shows(harbour_lime: OperatingMap):
    assert keys(harbour_lime.stages_shown_by("meeting.held")) == ["site_visited"]
    assert keys(harbour_lime.stages_shown_by("document.out", "quote")) == ["quoted"]
    assert keys(harbour_lime.stages_shown_by("interaction.in", "call")) == ["enquiry"]


def test_a_happening_opens_some_behaviors_and_closes_others(harbour_lime: OperatingMap):
    assert keys(harbour_lime.opened_by("interaction.in", "email")) == ["answer-customer"]
    assert keys(harbour_lime.closed_by("interaction.in", "email")) == ["chase-quote"]
    assert keys(harbour_lime.opened_by("fact.stale", "key_holder")) == []
    assert keys(harbour_lime.opened_by("fact.stale", "decision_maker")) == ["who-decides"]


def test_a_stage_that_is_only_said_counts_for_nothing_that_wants_proof(harbour_lime: OperatingMap):
    quoted = harbour_lime.stages["quoted"]

    assert quoted.counts("weight", shown=True)
    assert not quoted.counts("weight", shown=False)


def test_everyone_the_map_names_is_listed_once_the_owner_first(harbour_lime: OperatingMap):
    names = [address.partition("@")[0] for address in harbour_lime.people]

    assert names == ["tomas", "carla", "mairead", "nell", "bram", "priya", "joss", "wes", "ingrid"]
    assert keys(harbour_lime.desks_of("bram@harbourlime.example")) == ["sales"]
