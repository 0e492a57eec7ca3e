"""How long a webhook waits for its answer, at twenty a second; and how many of ten thousand forgeries are taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import random
import statistics
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from baton.capture.models import Connection
from baton.channels.telephone.signatures import is_signed as telephone_signed
from baton.channels.twilio.signatures import is_signed as twilio_signed
from baton.channels.whatsapp.signatures import is_signed as meta_signed
from baton.kernel.clock import now
from baton.kernel.sealed import Sealed
from bench.figures import Figure, percentile
from bench.scene import CALLER, Scene

A_SECOND, CALLERS = 20, 8
TOKEN = "bench-token"
GOAL_P50, GOAL_P99 = 50, 250
FORGED = 10_000
WARM = 25


def answering(scene: Scene) -> Figure:
    """Post signed texts at twenty a second, each a new one, and time the answers; p95 of the row is p99 here."""
    connection = _line()
    address = f"/hooks/{connection.pk}/"
    took: list[float] = []
    turn = iter(range(WARM + scene.asked))
    lock, began = threading.Lock(), time.perf_counter() + 0.2

    def post() -> None:
        line = http.client.HTTPConnection("127.0.0.1", scene.process.port, timeout=30)
        while True:
            with lock:
                number = next(turn, None)
            if number is None:
                return
            time.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
            waited = _once(line, address, number, scene.process.port)
            if number >= WARM:
                took.append(waited)

    callers = [threading.Thread(target=post) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    Connection.objects.unscoped(CALLER).filter(pk=connection.pk).delete()
    p99 = percentile(took, 99)
    note = (
        f"p99 {p99:.0f} ms (goal {GOAL_P99}); {len(took)} texts at {A_SECOND}/s; {forged()} of {FORGED} forgeries taken"
    )
    row = Figure("hooks", "Webhook answered, median", GOAL_P50, "ms", statistics.median(took), statistics.median(took))
    row.note = note
    return row


def _line() -> Connection:
    told = {"number": "+442079460000", "account_sid": "AC0123456789"}
    sealed = Sealed.of({"auth_token": TOKEN})
    return Connection.objects.create(channel="sms", name="bench", settings=told, secret=sealed, made_at=now())


def _once(line: http.client.HTTPConnection, address: str, number: int, port: int) -> float:
    fields = {"MessageSid": f"SM{time.time_ns()}{number}", "From": "+447700900123", "To": "+442079460000"}
    fields["Body"] = "Could we start on 1 December?"
    signature = _signed(f"http://localhost:{port}{address}", fields)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    began = time.perf_counter()
    line.request("POST", address, urlencode(fields), headers | {"Host": "localhost"})
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"the webhook answered {answer.status}")
    return (time.perf_counter() - began) * 1000


def _signed(url: str, fields: dict[str, str]) -> str:
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()


def forged() -> int:
    """Return how many of ten thousand forged, unsigned or altered posts are taken for real ones."""
    return sum(_forgeries(random.Random(11)))


def _forgeries(dice: random.Random) -> Iterator[bool]:
    at = now()
    for number in range(FORGED):
        fields = {"MessageSid": f"SM{number}", "Body": "hello"}
        url, body = "https://baton.example/hooks/1/", urlencode(fields).encode()
        good = _signed(url, fields)
        place = dice.randrange(len(good) - 2)
        other = good[:place] + dice.choice([c for c in "ABCdef123" if c != good[place]]) + good[place + 1 :]
        hexed = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
        yield (
            twilio_signed(url, body, other, TOKEN)
            or twilio_signed(url, body + b"1", good, TOKEN)
            or twilio_signed(url, body, "", TOKEN)
            or meta_signed(f"sha256={hexed}", body + b" ", "secret")
            or meta_signed(
                "sha256=" + hexed[:-1] + dice.choice([c for c in "0123456789abcdef" if c != hexed[-1]]), body, "secret"
            )
            or telephone_signed(f"t={int(at.timestamp())},v1={hexed}", body, "secret", at)
        )


HOOKS = {"hooks": answering}
