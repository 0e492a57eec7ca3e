"""Posts that nobody signed, that somebody else signed, or that were altered on the way; none of them is to be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from baton.capture.channels import Call
from tests.cast import MONDAY
from tests.channels.telephones import DANA, OURS, event_call, twilio_call
from tests.channels.whatsapp.test_cloud import post, signed, text

HEADERS = {
    "sms": "x-twilio-signature",
    "calls": "x-twilio-signature",
    "telephone": "x-baton-signature",
    "whatsapp": "x-hub-signature-256",
}


def forgeries(count: int, dice: Random) -> Iterator[tuple[str, Call]]:
    """Yield so many (channel, call), of every channel and every kind of forgery in turn."""
    names = list(HEADERS)
    for number in range(count):
        name = names[number % len(names)]
        yield name, _spoiled(_good(name, number), HEADERS[name], name, number // len(names), dice)


def _good(name: str, number: int) -> Call:
    if name == "telephone":
        return event_call({"event": "call", "id": str(number), "direction": "in", "from": DANA, "to": OURS})
    if name == "whatsapp":
        return signed(post(text(key=str(number))))
    return twilio_call({"MessageSid": f"SM{number}", "CallSid": f"CA{number}", "CallStatus": "busy", "Body": "hello"})


def _spoiled(call: Call, header: str, name: str, kind: int, dice: Random) -> Call:
    ways = (_unsigned, _by_another, _other_signature, _altered, _longer, _elsewhere_or_old)
    return ways[kind % len(ways)](call, header, name, dice)


def _unsigned(call: Call, header: str, name: str, dice: Random) -> Call:
    return replace(call, headers={})


def _by_another(call: Call, header: str, name: str, dice: Random) -> Call:
    if name == "telephone":
        return event_call({"event": "call", "id": "x"}, secret="another secret that is long enough")
    return signed(call.body, "another") if name == "whatsapp" else twilio_call({"Body": "x"}, token="another")


def _other_signature(call: Call, header: str, name: str, dice: Random) -> Call:
    was = call.headers[header]
    place = dice.randrange(was.rfind("=", 0, -2) + 1, len(was) - 2)
    other = dice.choice([sign for sign in "abcdef0123456789" if sign != was[place]])
    return replace(call, headers={header: was[:place] + other + was[place + 1 :]})


def _altered(call: Call, header: str, name: str, dice: Random) -> Call:
    """One letter of the body is another; of a form, one that stands in a value."""
    place = dice.choice([at for at, sign in enumerate(call.body) if chr(sign).isalnum()])
    other = b"z" if call.body[place : place + 1] != b"z" else b"y"
    return replace(call, body=call.body[:place] + other + call.body[place + 1 :])


def _longer(call: Call, header: str, name: str, dice: Random) -> Call:
    return replace(call, body=call.body + (b"&From=%2B44" if name in ("sms", "calls") else b" "))


def _elsewhere_or_old(call: Call, header: str, name: str, dice: Random) -> Call:
    """Signed for another address, or long ago; on WhatsApp, where neither is signed, with half of the signature."""
    if name == "telephone":
        return event_call({"event": "call", "id": "x"}, MONDAY - timedelta(seconds=dice.randrange(301, 10**6)))
    if name == "whatsapp":
        return replace(call, headers={header: call.headers[header][:-32]})
    return replace(call, url=call.url + f"?{dice.randrange(10**6)}")
