"""A question in one line by WhatsApp or text: answered to the phone that its member has proven, and to no other."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from baton.capture.channels import Call
from baton.capture.models import Outgoing, OwnNumber
from baton.channels.requests.working import answer_due
from baton.channels.sms.sending import record_sent
from baton.decide.requests.models import Request
from tests.cast import MINUTE, MONDAY, Cast
from tests.channels.telephones import (
    ANAS_PHONE,
    DANA,
    OURS,
    STRANGER,
    line,
    own_phone,
    read_all,
    recorded,
    tell,
    twilio_call,
)

pytestmark = pytest.mark.django_db
SECRETS = {"access_token": "t", "app_secret": "app", "verify_token": "v"}
Q4 = "What will close in Q4?"
HERS = "1 deal is open, worth £1,000 (Thu 1 Oct to Thu 31 Dec); worth, weighted by evidence: £0; worth, won: £0."


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    cast.deal("Quayside", "visited", amount={"minor": 100_000, "currency": "GBP"}, close_date="2026-11-27")
    own_phone(cast.ana)
    return cast


def chat(words=Q4, sender=ANAS_PHONE, *, kind="messages", at=MONDAY, answered=MONDAY + MINUTE, **more):
    message = {"from": sender[1:], "id": f"wamid.{words}", "timestamp": str(int(at.timestamp())), "type": "text"}
    message |= {"text": {"body": words}} | more
    value = {"metadata": {"display_phone_number": OURS[1:], "phone_number_id": "1"}, kind: [message]}
    body = json.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}).encode()
    digest = hmac.new(b"app", body, hashlib.sha256).hexdigest()
    connection = line("whatsapp", SECRETS, phone_number_id="1", account_id="2")
    tell(connection, Call("POST", "https://b/", {"x-hub-signature-256": f"sha256={digest}"}, body))
    read_all()
    answer_due(answered)


def text(words=Q4, sender=ANAS_PHONE):
    told = {"MessageSid": "SM1", "From": sender, "To": OURS, "Body": words, "NumMedia": "0"}
    tell(line("sms"), twilio_call(told))
    read_all()
    answer_due(MONDAY + MINUTE)


def sent():
    return [(one.channel, one.to, one.body["text"]) for one in Outgoing.objects.unscoped("tests").order_by("asked_at")]


@pytest.mark.parametrize(("ask", "channel"), [(chat, "whatsapp"), (text, "sms")])
def test_a_question_is_answered_where_it_was_asked_and_is_no_part_of_any_record(cast, ask, channel):
    ask()

    request = Request.objects.get()
    assert sent() == [(channel, ANAS_PHONE, HERS)]
    assert (request.asked_by, request.channel, request.sent_at, request.due_at) == (
        cast.ana,
        "chat",
        MONDAY + MINUTE,
        None,
    )
    assert recorded() == []


def test_an_answer_by_text_that_went_out_is_no_part_of_any_record_either(cast):
    text()
    answer = Outgoing.objects.unscoped("tests").select_related("connection").get()
    answer.sent_as = "SM2"

    record_sent(answer, MONDAY)
    read_all()

    assert recorded() == []


def test_the_answer_is_over_what_its_asker_may_see(db):
    cast = Cast("own")
    own_phone(cast.ana)
    cast.deal("Quayside", "visited", amount={"minor": 100_000, "currency": "GBP"})
    cast.deal("Portside", "agreed", amount={"minor": 900_000, "currency": "GBP"}, owner=cast.ben, desk="operations")

    chat("How many open deals do we have?")

    assert sent()[0][2] == "1 deal is open, worth £1,000."


@pytest.mark.parametrize(("ask", "sender"), [(chat, DANA), (chat, STRANGER), (text, STRANGER)])
def test_nobody_else_is_answered(cast, ask, sender):
    ask(sender=sender)

    assert (sent(), Request.objects.count(), len(recorded())) == ([], 0, 1)


def test_a_question_that_is_passed_on_is_a_customers(cast):
    chat(context={"forwarded": True})

    assert (Request.objects.count(), [one.direction for one in recorded()]) == (0, ["in"])


def test_what_the_business_itself_writes_to_a_customer_is_no_question(cast):
    own_phone(cast.bram, OURS)

    chat(sender=OURS, kind="message_echoes", to=DANA[1:])

    assert Request.objects.count() == 0


@pytest.mark.parametrize(
    "words", ["Called Dana Whitlock, quote by Friday", "Is the gate code 4417?", "Quayside is won, close it Friday"]
)
def test_any_other_line_is_recorded_as_before(cast, words):
    chat(words)

    assert (Request.objects.count(), sent()[0][2].startswith("Recorded")) == (0, True)


def test_a_question_that_is_not_understood_is_answered_with_which_words(cast):
    chat("How many open widgets does Ana have?")

    assert sent()[0][2].startswith("I didn’t understand “widgets”.")


def test_after_a_day_nothing_is_sent_and_the_answer_stands_on_the_page(cast):
    chat(answered=MONDAY + timedelta(hours=25))

    request = Request.objects.get()
    assert (sent(), request.state, request.because) == ([], "answered", HERS)
    assert request.mail["unsent"].startswith("More than 24 hours")


def test_a_phone_that_is_no_longer_theirs_gets_nothing(cast):
    chat(answered=MONDAY - MINUTE)
    OwnNumber.objects.all().delete()

    answer_due(MONDAY + MINUTE)

    assert (sent(), Request.objects.get().mail["unsent"]) == ([], "The phone it came from is nobody’s any more.")
