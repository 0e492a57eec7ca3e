"""How long after the commit a webhook is delivered, by a worker in another process than the one that recorded it."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from baton.gate.hooks import signing
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.kernel.clock import now, stamp
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal
from baton.ledger.recording import record
from bench.figures import Figure, percentile
from bench.people import members
from bench.places import ROOT, Place

CALLER = "bench"
GOAL = 1000
PATIENCE = 60.0
BEFORE, BETWEEN = 5.0, 0.15
"""Seconds for the worker to start, and between two changes: about six a second."""


def delivering(place: Place, asked: int) -> Figure:
    """Set next steps on so many deals, and time each message from the commit to its arrival; p95 of the row is p50."""
    arrived: dict[str, float] = {}
    server = _server(arrived)
    owner = next(iter(members().values()))
    hook = Subscription(name="bench", address=f"http://127.0.0.1:{server.server_port}/", kinds=["next_step.set"])
    hook.secret, hook.member, hook.made_at = signing.sealed(signing.new_secret()), owner, now()
    hook.save(force_insert=True)
    inside = place.environment | {"BATON_INSIDE": f"127.0.0.1:{server.server_port}"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "manage", "worker"], cwd=ROOT, env=inside, stdout=subprocess.DEVNULL
    )
    try:
        committed = _change(owner, asked)
        until = time.monotonic() + PATIENCE
        while committed.keys() - arrived.keys() and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        worker.terminate()
        worker.wait(30)
        server.shutdown()
        HookDelivery.objects.unscoped(CALLER).filter(subscription=hook.pk).delete()
        Subscription.objects.unscoped(CALLER).filter(pk=hook.pk).delete()
    took = [(arrived[key] - at) * 1000 for key, at in committed.items() if key in arrived]
    if len(took) < len(committed):
        raise RuntimeError(f"{len(committed) - len(took)} webhooks never came")
    middle = statistics.median(took)
    note = f"p95 {percentile(took, 95):.0f} ms; {len(took)} changes, recorded by one process and told by another"
    return Figure("webhooks", "Webhook, from commit to delivery, median", GOAL, "ms", middle, middle, note=note)


def _change(owner: object, asked: int) -> dict[str, float]:
    """Return deal → when its change had been committed."""
    deals = list(
        Deal.objects.unscoped(CALLER).filter(status="open").order_by("pk").values_list("pk", flat=True)[:asked]
    )
    time.sleep(BEFORE)
    committed = {}
    for pk in deals:
        step = {"what": "Ring them", "at": stamp(now() + timedelta(days=2)), "by": str(owner.pk)}
        record(said("deal", pk, next_step=step), by=Author(owner), at=now())
        committed[str(pk)] = time.monotonic()
        time.sleep(BETWEEN)
    return committed


def _server(arrived: dict[str, float]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            at = time.monotonic()
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            arrived.setdefault(told["data"]["record"]["id"], at)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
