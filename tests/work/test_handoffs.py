"""A handoff is offered with what the next desk needs, then accepted or returned with what was missing."""

from contextlib import contextmanager

import pytest

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Fact
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import DeskSeat
from baton.work import handoffs, moves, promises, questions
from baton.work.beside import receipts
from baton.work.models import Duty, ExceptionCase, Handoff, Question, Use
from baton.work.packets import packet_of
from tests.cast import HOUR, MINUTE, MONDAY, TUESDAY, WEDNESDAY, Cast, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    deal = cast.deal(stage="agreed", contact=cast.contact(company=company), company=company)
    cast.tell("deal", deal.pk, by=cast.ana, scope="Gritting, two sites", key_holder="Colin Hart")
    return fresh(deal)


@pytest.fixture
def offered(cast, deal):
    return handoffs.offer(deal, by=cast.ana, at=MONDAY, note="Colin is on site from six.")


def suggest(deal, field: str, value, at=MONDAY) -> Fact:
    entry = Entry("deal", deal.pk, field, value, status="suggested", reader="grammar", key=f"grammar:{field}:{at}")
    return record([entry], by=Author(None, "email"), at=at).facts[0]


# The packet


def test_a_packet_says_of_each_item_whether_it_is_there_missing_or_only_suggested(cast, deal):
    suggest(deal, "start_date", "2026-12-01")

    packet = packet_of(fresh(deal), _sales_operations(), member=cast.ana, at=TUESDAY)

    assert [(i.key, i.has, i.value or i.suggested) for i in packet.items] == [
        ("scope", "there", "Gritting, two sites"),
        ("start_date", "suggested", "1 December 2026"),
        ("key_holder", "there", "Colin Hart"),
        ("amount", "missing", ""),
    ]
    assert (packet.count_there, packet.sentence) == (2, "2 of 4 there")


def test_a_value_older_than_it_stays_fresh_is_stale(cast, deal):
    from datetime import timedelta

    def has(days: int) -> str:
        packet = packet_of(deal, _sales_operations(), member=cast.ana, at=MONDAY + timedelta(days=days))
        return next(item.has for item in packet.items if item.key == "key_holder")

    assert (has(90), has(91)) == ("there", "stale")


def test_an_item_says_what_breaks_without_it_and_who_said_its_value(cast, deal):
    packet = packet_of(deal, _sales_operations(), member=cast.ana, at=TUESDAY)

    assert [(i.breaks, i.said_by) for i in packet.items][:2] == [
        ("The crew brings the wrong machines.", cast.ana.pk),
        ("The crew is booked for the wrong week.", None),
    ]


def test_amounts_are_shown_in_their_currency(cast, deal):
    cast.tell("deal", deal.pk, amount={"minor": 8460000, "currency": "GBP"})

    packet = packet_of(fresh(deal), _sales_operations(), member=cast.ana, at=TUESDAY)

    assert packet.items[-1].value == "£84,600"


def test_promises_exceptions_and_files_can_be_carried(cast):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    carrying = FIRM.replace("carries: [scope,", "carries: [promises, exceptions, files, contact.phone, scope,")
    publish(carrying, by=None, at=MONDAY)
    contact = cast.contact()
    cast.tell("contact", contact.pk, phones=["+44 20 7946 0000"])
    deal = cast.deal(stage="agreed", contact=contact)
    promises.make(deal, "bring the keys", due_at=TUESDAY, by=cast.ana, at=MONDAY)
    cast.mail(deal, files=(("plan.pdf", "application/pdf", 9, "0" * 64, False, ""),))

    packet = packet_of(fresh(deal), _sales_operations(), member=cast.ana, at=TUESDAY)

    assert [(i.key, i.has, i.value) for i in packet.items][:4] == [
        ("promises", "there", "bring the keys, Tue 17 Nov"),
        ("exceptions", "there", "none"),
        ("files", "there", "plan.pdf"),
        ("contact.phone", "there", "+44 20 7946 0000"),
    ]


# Offering


def test_an_offer_freezes_the_packet_and_is_the_duty_of_the_receiving_desk_s_lead(cast, deal, offered):
    cast.tell("deal", deal.pk, by=cast.ana, at=TUESDAY, scope="Everything")

    [duty] = _duties("baton:accept:sales-operations")
    assert fresh(offered).packet[0]["value"] == "Gritting, two sites"
    assert (duty.owed_by, duty.desk, duty.due_at) == (cast.ben, "operations", duty.started_at + 4 * HOUR)


def test_sending_confirms_the_suggestions_left_ticked_and_no_others(cast, deal):
    start = suggest(deal, "start_date", "2026-12-01")
    amount = suggest(deal, "amount", {"minor": 100, "currency": "GBP"})
    need = suggest(deal, "need", "not in this packet")

    handoff = handoffs.offer(deal, by=cast.ana, at=TUESDAY, confirming=[start.pk, need.pk])

    assert {i["item"]: i["has"] for i in handoff.packet} == {
        "scope": "there",
        "start_date": "there",
        "key_holder": "there",
        "amount": "suggested",
    }
    deal = fresh(deal)
    assert (deal.value("start_date"), deal.value("need"), deal.amount) == ("2026-12-01", None, None)
    assert deal.values["amount"]["s"] == [str(amount.pk)]


def test_only_one_offer_waits_at_a_time(cast, deal, offered):
    with pytest.raises(Refusal, match="offered to Operations already"):
        handoffs.offer(deal, by=cast.ana, at=TUESDAY)


def test_of_two_who_offer_a_deal_at_the_same_moment_the_second_is_told_that_it_was_offered(cast, deal, monkeypatch):
    @contextmanager
    def after_somebody_else():
        monkeypatch.setattr(handoffs, "writing", writing)
        handoffs.offer(deal, by=cast.ana, at=MONDAY)
        with writing():
            yield

    monkeypatch.setattr(handoffs, "writing", after_somebody_else)

    with pytest.raises(Refusal, match="offered to Operations already"):
        handoffs.offer(deal, by=cast.bram, at=MONDAY)


@pytest.mark.parametrize(
    ("who", "may"),
    [("tomas", True), ("ana", True), ("bram", True), ("ben", False), ("mia", False), ("rita", False)],
)
def test_who_may_offer_a_deal_of_sales(cast, deal, who, may):
    assert _allowed(lambda: handoffs.offer(deal, by=getattr(cast, who), at=TUESDAY)) is may


@pytest.mark.parametrize("answer", ["accept", "send_back", "start_already", "accept_with_exception"])
@pytest.mark.parametrize(
    ("who", "may"),
    [("tomas", True), ("ben", True), ("ana", False), ("bram", False), ("mia", False), ("rita", False)],
)
def test_who_may_answer_an_offer_to_operations(cast, offered, answer, who, may):
    assert _allowed(lambda: ANSWERS[answer](offered, getattr(cast, who))) is may


@pytest.mark.parametrize(
    ("who", "may"), [("tomas", True), ("ana", True), ("bram", True), ("ben", False), ("rita", False)]
)
def test_who_may_take_an_offer_back(cast, offered, who, may):
    assert _allowed(lambda: handoffs.withdraw(offered, by=getattr(cast, who), at=TUESDAY)) is may


ANSWERS = {
    "accept": lambda h, by: handoffs.accept(h, by=by, at=TUESDAY),
    "send_back": lambda h, by: handoffs.send_back(h, missing=["scope"], because="", by=by, at=TUESDAY),
    "start_already": lambda h, by: handoffs.start_already(h, owed=["amount"], by=by, at=TUESDAY),
    "accept_with_exception": lambda h, by: handoffs.accept_with_exception(
        h, category="price agreed by phone", reason="", by=by, at=TUESDAY
    ),
}


def test_where_everyone_sees_their_own_the_receiving_desk_sees_what_it_was_offered():
    cast = Cast(visibility="own")
    deal = cast.deal(stage="agreed")

    handoff = handoffs.offer(deal, by=cast.ana, at=MONDAY)

    assert handoffs.accept(handoff, by=cast.ben, at=TUESDAY).state == "accepted"


# Answering


def test_an_accepted_handoff_moves_the_deal_to_whoever_accepted_it_and_leaves_its_stage_alone(cast, deal, offered):
    handoffs.accept(offered, by=cast.ben, at=MONDAY + HOUR)

    deal, handoff = fresh(deal), fresh(offered)
    assert (deal.desk, deal.owner, deal.stage, deal.offered_to) == ("operations", cast.ben, "agreed", "")
    assert (handoff.state, handoff.decided_by, handoff.decided_at) == ("accepted", cast.ben, MONDAY + HOUR)
    assert [duty.state for duty in _duties("baton:accept:sales-operations")] == ["closed"]


def test_a_stage_that_acceptance_shows_is_entered_by_it(cast, deal):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    by_acceptance = FIRM.replace("entered_by: start booked", "entered_by: handoff accepted sales-operations")
    publish(by_acceptance, by=None, at=MONDAY)
    handoff = handoffs.offer(deal, by=cast.ana, at=TUESDAY)

    handoffs.accept(handoff, by=cast.ben, at=TUESDAY + HOUR)

    assert (fresh(deal).stage, fresh(deal).shown) == ("mobilising", True)


def test_a_manager_who_accepts_for_a_desk_gives_the_deal_to_its_lead(cast, deal, offered):
    handoffs.accept(offered, by=cast.tomas, at=TUESDAY)

    assert fresh(deal).owner == cast.ben


def test_the_deal_s_open_duties_go_along(cast, deal, offered):
    cast.mail(deal, at=MONDAY + MINUTE)

    handoffs.accept(offered, by=cast.ben, at=MONDAY + HOUR)

    assert [duty.owed_by for duty in _duties("answer-enquiry")] == [cast.ben]


def test_what_was_accepted_is_a_receipt_for_whoever_entered_it(cast, deal, offered):
    handoffs.accept(offered, by=cast.ben, at=TUESDAY)

    uses = Use.objects.unscoped("tests")
    assert {(use.said_by, use.used_by) for use in uses} == {(cast.ana, cast.ben)}
    assert [(r.sentence, r.entries) for r in receipts(cast.ana, WEDNESDAY)] == [
        ("Ben accepted Quayside Tower with 2 gaps", 2)
    ]


def test_a_returned_handoff_says_what_was_missing_and_comes_back_to_the_sender(cast, deal, offered):
    returned = handoffs.send_back(offered, missing=["start_date"], because="No week", by=cast.ben, at=TUESDAY)

    [duty] = _duties("baton:fix-returned")
    assert (returned.state, returned.missing, returned.because) == ("returned", ["start_date"], "No week")
    assert (duty.owed_by, duty.state, fresh(deal).desk, fresh(deal).offered_to) == (cast.ana, "open", "sales", "")


def test_offering_again_settles_what_came_back(cast, deal, offered):
    handoffs.send_back(offered, missing=["start_date"], because="", by=cast.ben, at=TUESDAY)

    handoffs.offer(deal, by=cast.ana, at=TUESDAY + HOUR)

    assert [duty.state for duty in _duties("baton:fix-returned")] == ["closed"]


def test_a_return_names_what_is_wrong_and_only_what_the_packet_has(cast, offered):
    with pytest.raises(Refusal, match="missing or wrong"):
        handoffs.send_back(offered, missing=[], because=" ", by=cast.ben, at=TUESDAY)
    with pytest.raises(Refusal, match="no item “weather”"):
        handoffs.send_back(offered, missing=["weather"], because="", by=cast.ben, at=TUESDAY)


def test_starting_already_accepts_and_asks_the_sender_for_what_is_owed(cast, deal, offered):
    handoff = handoffs.start_already(offered, owed=["start_date"], by=cast.ben, at=TUESDAY)

    asked = Question.objects.unscoped("tests").filter(about_field="start_date").get()
    assert (handoff.state, handoff.owed, asked.asked_of, asked.asked_by) == (
        "accepted",
        ["start_date"],
        cast.ana,
        cast.ben,
    )
    questions.answer(asked, value="2026-12-01", by=cast.ana, at=TUESDAY + HOUR)
    assert fresh(deal).value("start_date") == "2026-12-01"


def test_accepting_with_an_exception_records_it_on_the_deal(cast, deal, offered):
    handoffs.accept_with_exception(
        offered, category="price agreed by phone", reason="Order follows", by=cast.ben, at=TUESDAY
    )

    [case] = ExceptionCase.objects.unscoped("tests")
    assert (case.category, case.reason, case.deal_id, fresh(deal).desk) == (
        "price agreed by phone",
        "Order follows",
        deal.pk,
        "operations",
    )


def test_an_answered_offer_can_not_be_answered_again(cast, offered):
    handoffs.accept(offered, by=cast.ben, at=TUESDAY)

    with pytest.raises(Refusal, match="Ben Raman was quicker: it is accepted"):
        handoffs.send_back(offered, missing=["scope"], because="", by=cast.tomas, at=TUESDAY)


def test_a_withdrawn_offer_is_owed_by_nobody(cast, deal, offered):
    handoffs.withdraw(offered, by=cast.ana, at=TUESDAY)

    assert [duty.state for duty in _duties("baton:accept:sales-operations")] == ["closed"]
    assert fresh(deal).offered_to == ""


def test_whoever_relies_on_a_stage_that_is_only_said_has_the_sender_asked_once(cast, offered):
    handoffs.accept(offered, by=cast.ben, at=TUESDAY)

    asked = Question.objects.unscoped("tests").get()
    assert (asked.asked_of, asked.asked_by, asked.about_field) == (cast.ana, cast.ben, "stage:agreed")


def test_a_stage_that_is_shown_is_asked_for_by_nobody(cast, deal):
    mail = cast.mail(deal, text="Yes, go ahead.")
    moves.show(deal, "agreed", evidence=mail.pk, by=cast.ana, at=MONDAY + MINUTE)
    handoff = handoffs.offer(deal, by=cast.ana, at=TUESDAY)

    handoffs.accept(handoff, by=cast.ben, at=TUESDAY)

    assert Question.objects.unscoped("tests").count() == 0


def test_a_handoff_to_oneself_is_a_checklist_accepted_at_once_and_used_in_nothing(cast, deal):
    DeskSeat.objects.create(member=cast.ben, desk="sales")

    handoff = handoffs.offer(deal, by=cast.ben, at=TUESDAY)

    assert (handoff.state, handoff.to_self, fresh(deal).desk) == ("accepted", True, "operations")
    assert (Use.objects.unscoped("tests").count(), Handoff.objects.unscoped("tests").between_people().count()) == (0, 0)


def test_an_offer_made_to_a_desk_that_the_map_has_no_handoff_to_is_refused(cast, deal):
    with pytest.raises(Refusal, match="no such handoff from Sales"):
        handoffs.offer(deal, to="intake", by=cast.ana, at=TUESDAY)


# What changes afterwards


@pytest.fixture
def accepted(cast, deal, offered):
    return handoffs.accept(offered, by=cast.ben, at=MONDAY + HOUR)


def test_a_value_that_another_desk_changes_afterwards_is_the_duty_of_the_receiving_desk(cast, deal, accepted):
    cast.tell("deal", deal.pk, by=cast.ana, at=TUESDAY, key_holder="Ruth Adeyinka")

    [duty] = _duties("baton:look-at-change")
    change = handoffs.changed_items(accepted)["key_holder"]
    assert (duty.owed_by, duty.state) == (cast.ben, "open")
    assert (change["was"], change["now"], change["by"]) == ("Colin Hart", "Ruth Adeyinka", str(cast.ana.pk))


def test_what_the_receiving_desk_changes_itself_it_knows(cast, deal, accepted):
    cast.tell("deal", deal.pk, by=cast.ben, at=TUESDAY, key_holder="Ruth Adeyinka")

    assert _duties("baton:look-at-change") == []


def test_the_same_value_said_again_is_no_change(cast, deal, accepted):
    cast.tell("deal", deal.pk, by=cast.ana, at=TUESDAY, key_holder="Colin Hart")

    assert _duties("baton:look-at-change") == []


def test_a_value_that_no_packet_carries_changes_nothing(cast, deal, accepted):
    cast.tell("deal", deal.pk, by=cast.ana, at=TUESDAY, need="Gritting")

    assert _duties("baton:look-at-change") == []


def test_a_suggestion_is_no_change(cast, deal, accepted):
    suggest(deal, "key_holder", "Ruth Adeyinka", at=TUESDAY)

    assert _duties("baton:look-at-change") == []


def test_a_change_that_was_noted_is_settled_and_one_objected_to_asks_whoever_made_it(cast, deal, accepted):
    cast.tell("deal", deal.pk, by=cast.ana, at=TUESDAY, key_holder="Ruth", scope="More")

    handoffs.note_change(accepted, "key_holder", by=cast.ben, at=TUESDAY + MINUTE)
    handoffs.object_to_change(accepted, "scope", because="Machines are booked", by=cast.ben, at=TUESDAY + HOUR)

    assert {duty.state for duty in _duties("baton:look-at-change")} == {"closed"}
    asked = Question.objects.unscoped("tests").filter(about_field="scope").get()
    assert (asked.asked_of, asked.text) == (cast.ana, "Scope was changed after we accepted it: Machines are booked")
    with pytest.raises(Refusal, match="no change"):
        handoffs.note_change(accepted, "scope", by=cast.ben, at=WEDNESDAY)


@pytest.mark.parametrize(("who", "may"), [("tomas", True), ("ben", True), ("ana", False), ("rita", False)])
def test_who_may_note_a_change(cast, deal, accepted, who, may):
    cast.tell("deal", deal.pk, by=cast.ana, at=TUESDAY, key_holder="Ruth")

    by = getattr(cast, who)
    assert _allowed(lambda: handoffs.note_change(accepted, "key_holder", by=by, at=WEDNESDAY)) is may


def test_a_promise_made_after_acceptance_changes_a_packet_that_carries_promises(cast):
    from baton.map.publishing import publish
    from tests.cast import FIRM

    publish(FIRM.replace("carries: [scope,", "carries: [promises, scope,"), by=None, at=MONDAY)
    deal = cast.deal(stage="agreed")
    handoff = handoffs.offer(deal, by=cast.ana, at=MONDAY)
    handoffs.accept(handoff, by=cast.ben, at=MONDAY + HOUR)

    promises.make(deal, "work on Sunday", by=cast.ana, at=TUESDAY)

    assert handoffs.changed_items(handoff)["promises"]["now"] == "work on Sunday"


def _duties(behavior: str) -> list[Duty]:
    return list(Duty.objects.unscoped("tests").filter(behavior=behavior).order_by("opened_at"))


def _sales_operations():
    return current_map().handoffs["sales-operations"]


def _allowed(act) -> bool:
    try:
        act()
    except Refusal:
        return False
    return True
