"""A text stands on its deal once; one of ours is sent once, recorded where it was written, and its fate is told."""

import json

import pytest

from baton.capture import outbox
from baton.capture.models import Outgoing, OwnNumber
from baton.capture.numbers import ask_to_prove, member_at
from baton.channels.sms import sending
from baton.channels.sms.reading import read_text_message
from baton.ledger.models import Interaction
from tests.cast import HOUR, MINUTE, MONDAY, Cast, fresh
from tests.channels.outside import outside
from tests.channels.telephones import (
    ANAS_PHONE,
    DANA,
    OURS,
    line,
    read_all,
    recorded,
    tell,
    twilio_call,
    with_phone,
    words_of,
)

pytestmark = pytest.mark.django_db
HELLO = {"MessageSid": "SM1", "From": DANA, "To": OURS, "Body": "Could we start on 1 December?", "NumMedia": "0"}
WHO = {"ours": [], "our_domains": [], "zone": "Europe/London", "currency": "GBP", "at": MONDAY}


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    contact = with_phone(cast, cast.contact(company=company), "07700 900123")
    return cast.deal(contact=contact, company=company)


def test_a_text_goes_to_the_senders_one_open_deal_and_is_read(cast, deal):
    tell(line("sms"), twilio_call(HELLO))

    read_all()

    [text] = recorded()
    assert (text.kind, text.deal_id, words_of(text)) == ("text", deal.pk, "Could we start on 1 December?")
    assert "asked" in fresh(deal).values


def test_one_from_whatsapp_through_twilio_is_a_chat(cast, deal):
    told = HELLO | {"From": f"whatsapp:{DANA}", "To": f"whatsapp:{OURS}", "ProfileName": "Dana"}
    tell(line("sms"), twilio_call(told))

    read_all()

    assert [(one.kind, one.from_name, one.deal_id) for one in recorded()] == [("chat", "Dana", deal.pk)]


def test_every_recorded_post_is_read_as_what_it_is(shared):
    told = json.loads((shared / "webhooks/twilio/callback_params.json").read_text())
    posts = {name: fields for name, fields in told.items() if name.startswith(("sms_", "whatsapp_"))}

    read = {name: read_text_message(twilio_call(fields).body, **WHO) for name, fields in posts.items()}

    words = {name: one.text for name, one in read.items() if hasattr(one, "text")}
    assert words == {
        "sms_inbound_us": "hello",
        "sms_inbound_foreign_sender_empty_geo": "test",
        "whatsapp_via_twilio_inbound": "Dobroye utro",
        "whatsapp_via_twilio_media": "",
        "whatsapp_via_twilio_channel_metadata": "hi",
    }
    assert [file.name for file in read["whatsapp_via_twilio_media"].wanted] == ["1.oga"]
    assert {name: (one.what, one.value) for name, one in read.items() if name not in words} == {
        "sms_status_delivered": ("delivered", {}),
        "sms_status_undelivered_handset_off": ("failed", {"because": "The phone is switched off or out of reach."}),
        "sms_status_failed_carrier": ("failed", {"because": "The carrier didn’t say why."}),
        "sms_status_landline": ("failed", {"because": "It is a landline, or can’t be reached."}),
    }


def test_a_text_of_ours_is_sent_once_and_stands_where_it_was_written(cast, deal, settings):
    other = cast.deal("Another", contact=str(deal.contact_id), company=str(deal.company_id))
    with outside(settings, {"sid": "SM77"}) as twilio:
        line("sms", api=twilio.address)
        for _twice in range(2):
            sending.text(DANA, "Yes, 1 December.", key="k", by=cast.ana, at=MONDAY, deal=other)
        outbox.send_due(MONDAY), outbox.send_due(MONDAY + HOUR)
    read_all(MONDAY + HOUR)

    assert [post.form for post in twilio.asked] == [{"To": DANA, "From": OURS, "Body": "Yes, 1 December."}]
    [text] = recorded()
    assert (text.direction, text.deal_id, text.author, text.trust) == ("out", other.pk, cast.ana, "signed")


def test_what_became_of_it_is_noted_in_any_order(cast, deal, settings):
    connection = line("sms")
    status = {"MessageSid": "SM1", "From": OURS, "To": DANA}
    tell(connection, twilio_call(status | {"MessageStatus": "delivered"}))
    tell(connection, twilio_call(status | {"MessageStatus": "sent"}))
    read_all()

    tell(connection, twilio_call({"MessageSid": "SM1", "From": OURS, "To": DANA, "Body": "Yes"}), MONDAY + MINUTE)
    read_all(MONDAY + MINUTE), read_all(MONDAY + HOUR)

    [text] = recorded()
    assert (text.deal_id, sorted(text.values)) == (deal.pk, ["delivered", "filed"])


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (400, {"message": "is not a valid phone number"}, Outgoing.State.FAILED),
        (401, {}, Outgoing.State.FAILED),
        (503, {}, Outgoing.State.WAITING),
    ],
)
def test_what_is_refused_says_why_and_what_passes_is_tried_again(cast, settings, status, body, state):
    with outside(settings, body, status) as twilio:
        line("sms", api=twilio.address)
        sending.text(DANA, "Yes", key="k", by=cast.ana, at=MONDAY)
        outbox.send_due(MONDAY)

    assert Outgoing.objects.unscoped("tests").get().state == state
    assert Interaction.objects.unscoped("tests").count() == 0


def test_a_phone_is_proven_by_the_code_sent_from_it(cast):
    code = ask_to_prove(cast.ana, MONDAY).code

    answer = tell(line("sms"), twilio_call(HELLO | {"From": ANAS_PHONE, "Body": f"Baton {code} "}), MONDAY + MINUTE)

    assert "Ana, this phone is now known as yours." in answer.body
    assert member_at(ANAS_PHONE) == cast.ana


@pytest.mark.parametrize(("body", "after"), [("baton 000000", MINUTE), ("", MINUTE), ("code", 2 * HOUR)])
def test_a_wrong_code_or_an_old_one_proves_nothing(cast, body, after):
    code = ask_to_prove(cast.ana, MONDAY).code
    words = body if body != "code" else f"baton {code}"
    if words == f"baton {code}" and body != "code":
        words = "baton 000001"

    tell(line("sms"), twilio_call(HELLO | {"From": ANAS_PHONE, "Body": words}), MONDAY + after)

    assert OwnNumber.objects.filter(proven_at__isnull=False).count() == 0
