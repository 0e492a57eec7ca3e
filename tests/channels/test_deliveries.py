"""Whatever a line tells is one effect, however often, in whatever order and how many at once it comes.

The sample: every kind of event of the four lines, delivered five times each, shuffled, by four callers at a time; and
400 of the ten thousand forgeries that `python -m bench ONLY=hooks` makes.
"""

import random
import threading
from collections import Counter

import pytest
from django.db import connection

from baton.capture.models import Delivery, Fetching
from baton.kernel.verdict import Refusal
from tests.cast import HOUR, MONDAY, Cast
from tests.channels.forgeries import forgeries
from tests.channels.telephones import DANA, OURS, event_call, line, read_all, recorded, tell, twilio_call, with_phone
from tests.channels.whatsapp.test_cloud import SECRETS, post, signed, text

TIMES, CALLERS, FORGED = 5, 4, 400
SENT = {"MessageSid": "SM2", "From": OURS, "To": DANA}
CALL = {"CallSid": "CA1", "From": DANA, "To": OURS, "Direction": "inbound"}
RECORDING = {
    "RecordingSid": "RE1",
    "CallSid": "CA1",
    "RecordingUrl": "https://r.example/1",
    "RecordingStatus": "completed",
}
TWILIO = {
    "sms": [
        {"MessageSid": "SM1", "From": DANA, "To": OURS, "Body": "hello"},
        SENT | {"Body": "Yes"},
        SENT | {"MessageStatus": "sent"},
        SENT | {"MessageStatus": "delivered"},
    ],
    "calls": [CALL | {"CallStatus": "ringing"}, CALL | {"CallStatus": "completed", "CallDuration": "61"}, RECORDING],
}
EVENTS = [
    {"event": "call", "id": "c-1", "direction": "in", "from": DANA, "to": OURS, "answered": False},
    {"event": "text", "id": "t-1", "direction": "in", "from": DANA, "to": OURS, "text": "hello"},
]
CHATS = [
    post(text(key="a"), text("again", key="b")),
    post(text(key="r", type="reaction", reaction={"message_id": "a", "emoji": "👍"})),
    post({"id": "b", "status": "read", "timestamp": "1794906000", "recipient_id": DANA[1:]}, kind="statuses"),
]


def everything() -> list:
    lines = {name: line(name) for name in ("sms", "calls", "telephone")} | {"whatsapp": line("whatsapp", SECRETS)}
    told = [(lines[name], twilio_call(fields)) for name, posts in TWILIO.items() for fields in posts]
    told += [(lines["telephone"], event_call(event)) for event in EVENTS]
    return told + [(lines["whatsapp"], signed(body)) for body in CHATS]


def effects() -> tuple[Counter, list[tuple[str, str, tuple[str, ...]]], int]:
    rows = [(one.channel, one.kind, tuple(sorted(one.values.keys() - {"filed"}))) for one in recorded()]
    states = Counter(Delivery.objects.unscoped("tests").values_list("state", flat=True))
    return states, sorted(rows), Fetching.objects.unscoped("tests").count()


ONCE = [
    ("calls", "call", ()),
    ("sms", "text", ()),
    ("sms", "text", ("delivered",)),
    ("telephone", "call", ()),
    ("telephone", "text", ()),
    ("whatsapp", "chat", ("reaction",)),
    ("whatsapp", "chat", ("read",)),
]


@pytest.mark.django_db(transaction=True)
def test_everything_told_five_times_shuffled_and_in_parallel_has_one_effect():
    cast = Cast()
    with_phone(cast, cast.contact(), DANA)
    told = everything() * TIMES
    random.Random(7).shuffle(told)
    troubles: list[Exception] = []

    def deliver(some: list) -> None:
        try:
            for one, call in some:
                assert tell(one, call).status == 200
        except Exception as trouble:  # noqa: BLE001 - shown below
            troubles.append(trouble)
        finally:
            connection.close()

    callers = [threading.Thread(target=deliver, args=[told[start::CALLERS]]) for start in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    for _pass in range(3):
        read_all(MONDAY + _pass * HOUR)

    states, rows, to_fetch = effects()
    assert (troubles, rows, to_fetch) == ([], sorted(ONCE), 1)
    assert states == Counter({"read": 7, "known": 5})


@pytest.mark.django_db
def test_of_what_is_forged_unsigned_or_altered_nothing_is_taken():
    Cast()
    lines = {name: line(name) for name in ("sms", "calls", "telephone")} | {"whatsapp": line("whatsapp", SECRETS)}
    taken = []

    for name, call in forgeries(FORGED, random.Random(11)):
        try:
            taken.append((name, tell(lines[name], call)))
        except Refusal:
            continue

    assert taken == []
    assert Delivery.objects.unscoped("tests").count() == 0
