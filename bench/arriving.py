"""How soon a mail is on its deal with its duty opened: sent to the receiver, and put into a real IMAP mailbox.

`baton start` listens to the mailbox of one member in a real Dovecot. One mail at a time goes to somebody's open deal;
the clock runs until the deal's page shows it and the duty stands in the database.
"""

from __future__ import annotations

import os
import re
import smtplib
import time
from collections.abc import Callable
from random import Random

from baton.capture.addresses import address_of
from baton.capture.models import Connection
from baton.kernel.clock import now
from baton.kernel.ids import uuid7
from baton.kernel.sealed import Sealed
from baton.ledger.entries import Author, said
from baton.ledger.models import Deal, Interaction
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member
from baton.work.models import Duty
from bench.figures import Figure, figure
from bench.letters import letters
from bench.places import Place
from bench.scene import CALLER, sign_in
from bench.server import Process, Visitor, baton
from tests.dovecot import PASSWORD, Dovecot, running

NELL = "nell@harbourlime.example"
START = ("start", "--no-browser", "--port", "0", "--smtp-port", "0")
WARM = 5
MOST = 100
PATIENCE = 30.0
PAUSE = 0.005


def by_smtp(place: Place, asked: int) -> Figure:
    """Send mails to the receiver, one after the other."""
    with baton(place, *START) as process:
        nell, port = Member.objects.get(email=NELL), port_of_receiver(process)
        took = _arrivals(process, asked, lambda raw: _send(port, nell, raw))
    return figure("smtp", "Mail to the receiver, until it is on its deal", 1000, took, (), f"{len(took)} mails")


def by_imap(place: Place, asked: int) -> Figure:
    """Put mails into a mailbox of a real Dovecot, to which Baton is connected."""
    with running() as dovecot:
        os.environ["BATON_INSIDE"] = dovecot.inside
        _connect(dovecot, Member.objects.get(email=NELL))
        with baton(place, *START) as process:
            _wait(lambda: Connection.objects.unscoped(CALLER).filter(heard_at__isnull=False).exists())
            took = _arrivals(process, asked, lambda raw: dovecot.deliver(NELL, raw))
        Connection.objects.unscoped(CALLER).update(due_at=None, state=Connection.State.OFF)
    return figure("imap", "Mail in an IMAP mailbox, until it is on its deal", 3000, took, (), f"{len(took)} mails")


def port_of_receiver(process: Process) -> int:
    """Return the port at which a Baton that was started takes mail."""
    return next(int(found.group(1)) for line in process.said if (found := re.search(r"port (\d+)\.", line)))


def _arrivals(process: Process, asked: int, bring: Callable[[bytes], None]) -> list[float]:
    visitor = Visitor(process.port, sign_in(Member.objects.get(email=NELL)))
    return [_arrive(bring, visitor, *one) for one in _customers(min(asked, MOST) + WARM)][WARM:]


def _connect(dovecot: Dovecot, nell: Member) -> None:
    row = Connection(channel="mailbox", name=NELL, member=nell, made_by=nell, made_at=now(), due_at=now())
    row.settings, row.secret = dovecot.settings | {"address": NELL}, Sealed.of({"password": PASSWORD})
    row.save(force_insert=True)


def _customers(count: int) -> list[tuple[str, str, Deal]]:
    """Add so many customers with one open deal each, to whom nothing is owed yet; return name, address and deal."""
    nell, first = Member.objects.get(email=NELL), current_map().first_stage
    keys = [(uuid7(), uuid7()) for _ in range(count)]
    for number, (contact, deal) in enumerate(keys):
        name = f"Arrival {number}"
        told = {"stage": first.id, "desk": first.desk, "owner": str(nell.pk), "contact": str(contact)}
        entries = said("contact", contact, name=name, emails=[f"{deal.hex}@customers.example"])
        record([*entries, *said("deal", deal, title=name, **told)], by=Author(nell), at=now())
    deals = Deal.objects.unscoped(CALLER).in_bulk([deal for _contact, deal in keys])
    return [(deal.title, f"{pk.hex}@customers.example", deal) for pk, deal in deals.items()]


def _arrive(bring: Callable[[bytes], None], visitor: Visitor, name: str, address: str, deal: Deal) -> float:
    [raw] = letters(Random(), [(name, address)], NELL, now(), 1)
    since, began = now(), time.perf_counter()
    bring(raw)
    new = Interaction.objects.unscoped(CALLER).filter(from_address=address, recorded_at__gte=since, deal=deal.pk)
    _wait(new.exists)
    _wait(Duty.objects.unscoped(CALLER).filter(started_at__gte=since, deal=deal.pk).exists)
    subject = new.values_list("pk", flat=True)[0]
    _wait(lambda: str(subject) in visitor.get(f"/deals/{deal.pk}/")[1])
    return (time.perf_counter() - began) * 1000


def _send(port: int, member: Member, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        smtp.sendmail("bench@customers.example", [address_of(member)], raw)


def _wait(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            raise RuntimeError("it never came to that")
        time.sleep(PAUSE)
