"""How many mails a second go the whole way: kept, parsed in the limited child, read, filed, recorded, findable."""

from __future__ import annotations

import hashlib
import threading
import time
from random import Random

from django.db import connection
from django.db.models import Count

from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery
from baton.capture.reading import read_waiting
from baton.capture.untrusted import reading_processes
from baton.channels.email.adapter import EMAIL
from baton.kernel.clock import now
from baton.ledger.models import Contact, Deal, Fact, Interaction
from baton.ledger.search import find
from baton.management.serving import leave_what_stays_alone
from baton.members.models import Member
from baton.work.models import Duty
from bench.figures import Figure
from bench.letters import letters
from bench.scene import CALLER
from bench.server import worked

AT_ONCE = 20
WARM = 60


def whole_path(asked: int) -> Figure:
    """Let mails of known customers come in live for a desk, 20 to a commit, and read them in the same process."""
    count = max(200, asked * 4)
    leave_what_stays_alone()
    _drain()
    mails = letters(Random(3), senders(), "sales@localhost", now(), count + WARM)
    _take(mails[:WARM])
    before, worked = _seen(), _worked()
    began = time.perf_counter()
    _take(mails[WARM:])
    took = time.perf_counter() - began
    after, worked = _seen(), (_worked() - worked) * 1000 / count
    gained = {name: after[name] - before[name] for name in after}
    if gained["recorded"] != count:
        raise RuntimeError(f"of {count} mails {gained['recorded']} were recorded")
    note = (
        f"{count} mails: {gained['on_deal']} filed on a deal, {gained['facts'] / count:.1f} facts each, "
        f"{gained['duties']} duties opened, searchable at once: {_is_found()}; {worked:.1f} ms of processor each, "
        "parsing in the child included"
    )
    rate = count / took
    return Figure(
        "mail", "Mail, whole path, per process", 150, "messages/s", rate, rate, None, more_is_better=True, note=note
    )


def _drain() -> None:
    """Read what an earlier measurement left in the queue; whoever had claimed it is gone."""
    waiting = Delivery.objects.unscoped(CALLER).filter(state=Delivery.State.WAITING)
    waiting.update(due_at=now())
    while read_waiting(now()):
        pass
    if waiting.exists():
        raise RuntimeError(f"{waiting.count()} mails from before can't be read")


def _worked() -> float:
    """Return the seconds of processor time that this process and the child that parses have had."""
    return time.process_time() + sum(worked(pid) for pid in reading_processes())


def senders() -> list[tuple[str, str]]:
    """Return contacts who are on a deal that goes on."""
    contacts = Deal.objects.unscoped(CALLER).filter(status="open").values_list("contact", flat=True)[:3000]
    return list(Contact.objects.unscoped(CALLER).filter(pk__in=list(contacts)).values_list("name", "email"))


def _take(mails: list[bytes]) -> None:
    """Keep mails in one thread and read them in another, as the receiver and the worker of `baton start` do."""
    keeping = threading.Thread(target=_keep, args=(mails,))
    keeping.start()
    while keeping.is_alive() or _waiting():
        if not read_waiting(now()):
            time.sleep(0.002)
    keeping.join()


def _keep(mails: list[bytes]) -> None:
    for start in range(0, len(mails), AT_ONCE):
        some = [
            Incoming(EMAIL, f"bench:{hashlib.sha256(raw).hexdigest()}", raw, desk="sales", recipient="sales@localhost")
            for raw in mails[start : start + AT_ONCE]
        ]
        ingest_many(some, at=now())
    connection.close()


def _waiting() -> bool:
    return Delivery.objects.unscoped(CALLER).filter(state=Delivery.State.WAITING).exists()


def _seen() -> dict[str, int]:
    mails = Interaction.objects.unscoped(CALLER).filter(channel=EMAIL)
    counted = mails.aggregate(recorded=Count("pk"), on_deal=Count("deal"))
    facts = Fact.objects.unscoped(CALLER).filter(channel=EMAIL).count()
    return {**counted, "facts": facts, "duties": Duty.objects.unscoped(CALLER).count()}


def _is_found() -> bool:
    """Whether search finds the last mail."""
    last = Interaction.objects.unscoped(CALLER).filter(channel=EMAIL).order_by("-recorded_at", "-id").first()
    owner = Member.objects.get(email__startswith="tomas@")
    return last is not None and any(hit.id == last.pk for hit in find(owner, last.subject, limit=200))
