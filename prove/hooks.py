"""Every webhook told five times, shuffled, by eight callers at once: `python -m prove.hooks EVENTS`.

Five kinds of event, as many of each: a text that came in, one that went out and its delivery (Twilio's), a call
(Twilio's), a missed call of another telephone system, and a WhatsApp message. One effect each is what must be there.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from prove.business import CALLER, PHONE, found
from prove.kills import Program, wait_until

TIMES, CALLERS = 5, 8
PATIENCE = 60.0
OURS = "+442079460000"


@dataclass(frozen=True, slots=True)
class Post:
    """One signed post to a line."""

    path: str
    headers: dict[str, str]
    body: bytes


def main(events: int) -> None:
    """Tell, wait until all is read, and print what was found as one line of JSON."""
    found()
    program = Program()
    program.start()
    wait_until(program.serves)
    posts = list(_posts(events, program.pages)) * TIMES
    random.Random(5).shuffle(posts)
    answered = _tell_all(posts, program.pages)
    effects = _settled(events)
    program.end(signal.SIGTERM)
    print(json.dumps(_told(events, len(posts), answered, effects)))


def _posts(events: int, port: int) -> Iterator[Post]:
    """Yield every event once."""
    from baton.kernel.clock import now
    from tests.channels.telephones import event_call, line, twilio_signature

    at = now()
    sms, calls, telephone = (f"/hooks/{line(name).pk}/" for name in ("sms", "calls", "telephone"))
    secret = "whatsapp-app-secret"
    chat = f"/hooks/{line('whatsapp', {'access_token': 't', 'app_secret': secret, 'verify_token': 'v'}).pk}/"

    def by_twilio(path: str, fields: dict[str, str]) -> Post:
        signed = twilio_signature(f"http://localhost:{port}{path}", fields)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return Post(path, {"X-Twilio-Signature": signed} | kind, urlencode(fields).encode())

    for number in range(events):
        sent = {"MessageSid": f"SO{number}", "From": OURS, "To": PHONE}
        yield by_twilio(sms, {"MessageSid": f"SI{number}", "From": PHONE, "To": OURS, "Body": f"Hello {number}"})
        yield by_twilio(sms, sent | {"Body": f"Yes {number}"})
        yield by_twilio(sms, sent | {"MessageStatus": "delivered"})
        call = {"CallSid": f"CA{number}", "From": PHONE, "To": OURS, "Direction": "inbound"}
        yield by_twilio(calls, call | {"CallStatus": "completed", "CallDuration": "61"})
        missed = {"event": "call", "id": f"c-{number}", "direction": "in", "from": PHONE, "to": OURS, "answered": False}
        told = event_call(missed, at)
        yield Post(telephone, dict(told.headers) | {"Content-Type": "application/json"}, told.body)
        body = _chat(number, str(int(at.timestamp())))
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        yield Post(chat, {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}, body)


def _chat(number: int, stamp: str) -> bytes:
    message = {"from": PHONE[1:], "id": f"wamid.{number}", "timestamp": stamp, "type": "text"}
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1"}}
    value |= {"messages": [message | {"text": {"body": f"Hello again {number}"}}]}
    change = {"field": "messages", "value": value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def _tell_all(posts: list[Post], port: int) -> Counter[int]:
    """Post them all, and return how often each status was answered."""
    answered: Counter[int] = Counter()
    lock = threading.Lock()

    def tell(some: list[Post]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for one in some:
            line.request("POST", one.path, one.body, one.headers | {"Host": "localhost"})
            answer = line.getresponse()
            answer.read()
            with lock:
                answered[answer.status] += 1

    callers = [threading.Thread(target=tell, args=[posts[number::CALLERS]]) for number in range(CALLERS)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    return answered


def _settled(events: int) -> Counter[str]:
    """Return what stands recorded, once it is as much as it must be and nothing waits, or nothing has come for long."""
    from baton.capture.models import Delivery

    waiting = Delivery.objects.unscoped(CALLER).filter(state=Delivery.State.WAITING)
    effects, since = _effects(), time.monotonic()
    while time.monotonic() - since < PATIENCE and (sum(effects.values()) < 6 * events or waiting.exists()):
        time.sleep(0.5)
        before, effects = effects, _effects()
        since = time.monotonic() if effects != before else since
    return effects


def _effects() -> Counter[str]:
    from baton.ledger.models import Fact, Interaction

    rows = Interaction.objects.unscoped(CALLER).values_list("channel", "direction")
    effects = Counter(f"{channel} {direction}" for channel, direction in rows)
    effects["delivered"] = Fact.objects.unscoped(CALLER).filter(field="delivered").count()
    return effects


def _told(events: int, posts: int, answered: Counter[int], effects: Counter[str]) -> dict[str, Any]:
    from baton.work.checking import check

    differences = len(check().differences)
    once = all(count == events for count in effects.values()) and len(effects) == 6
    counted = ", ".join(f"{name} {count}" for name, count in sorted(effects.items()))
    return {
        "tried": f"{6 * events} events, each posted {TIMES} times, shuffled, by {CALLERS} callers at once",
        "found": f"{answered[200]} of {posts} answered 200; {counted}; `baton check`: {differences} differences",
        "effects": dict(effects),
        "kept": once and answered[200] == posts and not differences,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
