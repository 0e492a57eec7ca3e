"""A call stands on its deal once, whichever piece of it is told first; a missed one is somebody's to return."""

from datetime import timedelta
from itertools import permutations

import pytest

from baton.channels.calls.receiving import dial
from baton.kernel.verdict import Refusal
from baton.map.publishing import publish
from baton.map.ready import READY, ready_map
from baton.work.models import Duty
from tests.cast import HOUR, MINUTE, MONDAY, Cast
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
    with_phone,
)

pytestmark = pytest.mark.django_db
CAME_IN = {"CallSid": "CA1", "From": DANA, "To": OURS, "Direction": "inbound"}
ENDED = CAME_IN | {"CallStatus": "completed", "CallDuration": "200"}
NOBODY = CAME_IN | {"CallStatus": "in-progress", "DialCallStatus": "no-answer"}
TAKEN = {
    "CallSid": "CA2", "ParentCallSid": "CA1", "From": DANA, "To": ANAS_PHONE, "Direction": "outbound-dial",
    "CallStatus": "completed", "CallDuration": "130",
}  # fmt: skip


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    contact = with_phone(cast, cast.contact(company=company), "07700 900123")
    return cast.deal(contact=contact, company=company)


def duties() -> list[tuple[str, str]]:
    rows = Duty.objects.unscoped("tests").filter(behavior="answer-enquiry")
    return [(duty.owed_by.short_name, duty.state) for duty in rows.select_related("owed_by")]


def told(connection, *pieces, at=MONDAY):
    for piece in pieces:
        tell(connection, twilio_call(piece), at)
    read_all(at)


def test_a_missed_call_stands_on_the_callers_deal_and_is_owed_back(cast, deal):
    told(line("calls", forward_to=[ANAS_PHONE]), NOBODY)

    [call] = recorded()
    assert (call.kind, call.direction, call.deal_id, call.contact_id) == ("call", "in", deal.pk, deal.contact_id)
    assert (call.parts["missed"], call.minutes, call.trust, duties()) == (True, None, "signed", [("Ana", "open")])


@pytest.mark.parametrize("name", READY)
def test_under_every_ready_map_a_missed_call_is_owed_back(cast, deal, name):
    publish(ready_map(name, cast.tomas.email, "Lime", "Europe/London"), by=None, at=MONDAY)

    told(line("calls", forward_to=[ANAS_PHONE]), NOBODY)

    [answer] = Duty.objects.unscoped("tests").filter(behavior__startswith="answer-")
    assert (answer.state, answer.owed_by, answer.deal_id) == ("open", cast.ana, deal.pk)


def test_a_call_that_was_taken_is_owed_nothing_and_says_who_took_it(cast, deal):
    own_phone(cast.ana)

    told(line("calls", forward_to=[ANAS_PHONE]), TAKEN)

    [call] = recorded()
    assert (call.parts["answered"], call.parts["taken_at"], call.minutes) == (True, ANAS_PHONE, 2)
    assert duties() == []
    assert [holder.member for holder in call.holders.all()] == [cast.ana]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_pieces_of_a_taken_call_make_one_call_in_any_order(cast, deal, order):
    pieces = [ENDED, TAKEN, CAME_IN | {"CallStatus": "in-progress", "DialCallStatus": "completed"}]
    connection = line("calls", forward_to=[ANAS_PHONE])

    told(connection, *[pieces[place] for place in order])
    read_all(MONDAY + HOUR)

    assert [bool(call.parts.get("answered")) for call in recorded()] == [True]


def test_a_call_given_up_while_our_phones_rang_is_missed(cast, deal):
    told(line("calls", forward_to=[ANAS_PHONE]), ENDED)
    before = recorded()

    read_all(MONDAY + 3 * MINUTE)

    assert (before, [call.parts["missed"] for call in recorded()], duties()) == ([], [True], [("Ana", "open")])


def test_without_phones_of_ours_the_end_says_it_all(cast, deal):
    told(line("calls"), ENDED)

    assert [(call.parts["answered"], call.minutes) for call in recorded()] == [(True, 3)]


def test_ringing_again_and_being_answered_settles_the_missed_call(cast, deal):
    connection = line("calls", forward_to=[ANAS_PHONE])
    told(connection, NOBODY)

    told(connection, TAKEN | {"CallSid": "CA4", "ParentCallSid": "CA3"}, at=MONDAY + HOUR)

    assert duties() == [("Ana", "closed")]


def test_ringing_back_in_vain_settles_nothing_and_reaching_them_does(cast, deal):
    connection = line("calls")
    told(connection, CAME_IN | {"CallStatus": "no-answer"})
    ours = {"CallSid": "CA9", "From": OURS, "To": DANA, "Direction": "outbound-api"}

    told(connection, ours | {"CallStatus": "no-answer"}, at=MONDAY + MINUTE)
    in_vain = duties()
    told(connection, ours | {"CallSid": "CA10", "CallStatus": "completed", "CallDuration": "61"}, at=MONDAY + HOUR)

    assert (in_vain, duties()) == ([("Ana", "open")], [("Ana", "closed")])


def test_a_stranger_s_call_waits_with_the_desk_where_enquiries_begin(cast):
    told(line("calls"), CAME_IN | {"From": STRANGER, "CallStatus": "busy"})

    [call] = recorded()
    assert (call.filed_at, call.from_address) == (None, STRANGER)
    assert [holder.member for holder in call.holders.all()] == [cast.mia]


def test_a_withheld_number_is_a_call_all_the_same(cast):
    told(line("calls"), CAME_IN | {"From": "anonymous", "CallStatus": "busy"})

    assert [(call.direction, call.from_name, call.from_address) for call in recorded()] == [
        ("in", "Number withheld", "")
    ]


def test_a_call_that_comes_in_rings_our_phones_together(cast):
    connection = line("calls", forward_to=[ANAS_PHONE, STRANGER], record=True)

    answer = tell(connection, twilio_call(CAME_IN | {"CallStatus": "ringing"}))

    assert (answer.content_type, answer.body.count("<Number ")) == ("text/xml", 2)
    assert f">{ANAS_PHONE}</Number>" in answer.body
    assert 'record="record-from-answer-dual"' in answer.body


def test_an_address_in_an_instruction_is_written_safely():
    assert 'action="https://x.example/?a=1&amp;by=2"' in dial("https://x.example/?a=1&by=2", [DANA], record=False)


@pytest.mark.parametrize("spoil", ["signature", "body", "url", "method"])
def test_what_is_not_signed_is_refused_and_not_kept(cast, spoil):
    call = twilio_call(NOBODY)
    spoiled = {
        "signature": lambda: {"headers": {}},
        "body": lambda: {"body": call.body + b"&x=1"},
        "url": lambda: {"url": call.url + "?by=1"},
        "method": lambda: {"method": "GET"},
    }[spoil]()
    other = type(call)(**{name: getattr(call, name) for name in ("method", "url", "headers", "body")} | spoiled)

    with pytest.raises(Refusal):
        tell(line("calls"), other)

    read_all(MONDAY + timedelta(days=1))
    assert recorded() == []
