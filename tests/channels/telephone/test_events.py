"""Any telephone system that can sign a post tells of its calls and texts; the recording follows."""

from datetime import timedelta

import pytest

from baton.capture import fetching
from baton.capture.models import Delivery, Fetching
from baton.kernel.verdict import Refusal
from baton.ledger.models import File
from tests.cast import HOUR, MONDAY, Cast
from tests.channels.outside import outside
from tests.channels.telephones import (
    DANA,
    OURS,
    SECRET,
    event_call,
    line,
    read_all,
    recorded,
    tell,
    with_phone,
    words_of,
)

pytestmark = pytest.mark.django_db
CALL = {
    "event": "call", "id": "c-1", "direction": "in", "from": "07700 900123", "to": "020 7946 0000",
    "answered": True, "seconds": 125, "at": "2026-11-16T08:55:00Z", "member": "ana@lime.example",
}  # fmt: skip


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def deal(cast):
    company = cast.company()
    contact = with_phone(cast, cast.contact(company=company), DANA)
    return cast.deal(contact=contact, company=company)


def test_a_call_is_recorded_with_its_time_length_and_member(cast, deal):
    tell(line("telephone"), event_call(CALL))

    read_all()

    [call] = recorded()
    assert (call.deal_id, call.minutes, call.happened_at) == (deal.pk, 2, MONDAY - timedelta(minutes=5))
    assert [holder.member for holder in call.holders.all()] == [cast.ana]


def test_a_text_that_was_cut_in_the_middle_of_a_letter_is_recorded_without_it(cast, deal):
    cut = {"event": "text", "id": "t-\ud83d", "direction": "in", "from": DANA, "to": OURS, "text": "Thanks\x00\ud83d"}
    tell(line("telephone"), event_call(cut))

    read_all()

    assert [words_of(one) for one in recorded()] == ["Thanks"]


def test_a_text_is_recorded(cast, deal):
    text = {"event": "text", "id": "t-1", "direction": "in", "from": DANA, "to": OURS, "text": "On our way?"}
    tell(line("telephone"), event_call(text))

    read_all()

    assert [(one.kind, words_of(one)) for one in recorded()] == [("text", "On our way?")]


def test_the_recording_is_fetched_and_kept_even_when_it_was_told_first(cast, deal, settings):
    with outside(settings) as system:
        system.say("/r/1.mp3", b"ID3sound", content_type="audio/mpeg")
        connection = line("telephone")
        told = {"event": "recording", "id": "r-1", "call": "c-1", "recording": f"{system.address}/r/1.mp3"}
        tell(connection, event_call(told)), read_all()
        tell(connection, event_call(CALL)), read_all()
        read_all(MONDAY + HOUR)
        fetched = fetching.fetch_due(MONDAY + HOUR)

    [file] = File.objects.unscoped("tests")
    assert (fetched, file.name, file.content_type, file.size, file.deal_id) == (1, "1.mp3", "audio/mpeg", 8, deal.pk)
    assert recorded()[0].values["fetched"]["v"][0]["sha256"] == file.sha256


def test_a_recording_that_is_not_there_yet_is_fetched_later_and_one_that_is_gone_never(cast, deal, settings):
    with outside(settings) as system:
        tell(line("telephone"), event_call(CALL | {"recording": f"{system.address}/late.mp3"})), read_all()
        system.say("/late.mp3", b"", 404)
        fetching.fetch_due(MONDAY)
        waiting = Fetching.objects.unscoped("tests").get().due_at
        system.say("/late.mp3", b"", 410)
        fetching.fetch_due(MONDAY + HOUR)

    row = Fetching.objects.unscoped("tests").get()
    assert (waiting, row.due_at, row.because) == (
        MONDAY + timedelta(seconds=10), None, "The other side no longer has it."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("event", "because"),
    [
        ({"id": "1"}, "The “event” is neither “call”, “text” nor “recording”."),
        ({"event": "call"}, "The event has no “id”."),
        ({"event": "call", "id": "1"}, "The “direction” is neither “in” nor “out”."),
        ([], "It isn’t the JSON that this channel sends."),
    ],
)
def test_what_is_signed_and_can_not_be_read_is_kept_with_the_reason(cast, event, because):
    tell(line("telephone"), event_call(event))

    read_all()

    [delivery] = Delivery.objects.unscoped("tests")
    assert (delivery.state, delivery.because) == ("parked", because)


@pytest.mark.parametrize(("age", "secret"), [(301, SECRET), (-301, SECRET), (0, SECRET[::-1])])
def test_an_old_or_foreign_signature_is_refused(cast, age, secret):
    with pytest.raises(Refusal):
        tell(line("telephone"), event_call(CALL, MONDAY - timedelta(seconds=age), secret))

    assert Delivery.objects.unscoped("tests").count() == 0
