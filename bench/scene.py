"""What every measurement needs: the web process, members signed in, records to ask about, and somebody who writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client

from baton.kernel.clock import now
from baton.ledger.models import Deal, Interaction
from baton.members.models import Member
from baton.work import notes
from bench import words
from bench.people import BUSY, members
from bench.places import Place
from bench.server import Process, Visitor, baton

CALLER = "bench"


@dataclass(slots=True)
class Scene:
    """One web process and those who use it. `worked` is its processor time for one of the last requests, in ms."""

    place: Place
    process: Process
    asked: int
    dice: Random = field(default_factory=lambda: Random(5))
    everybody: dict[str, Member] = field(default_factory=members)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    deals: list[UUID] = field(default_factory=list)
    long_deals: list[UUID] = field(default_factory=list)
    worked: float = 0.0

    def __post_init__(self) -> None:
        self.visitors = {first: Visitor(self.process.port, sign_in(one)) for first, one in self.everybody.items()}
        rows = Deal.objects.unscoped(CALLER).filter(status__in=("open", "won")).order_by("pk")
        self.deals = list(rows.values_list("pk", flat=True)[:20_000])
        self.long_deals = _long_deals()

    def somebody(self) -> Visitor:
        """Return anybody who works here."""
        return self.visitors[self.dice.choice(list(self.visitors))]

    def somebody_busy(self) -> Visitor:
        """Return one of those who owe 250 things."""
        return self.visitors[self.dice.choice(BUSY)]

    def write(self) -> None:
        """Let somebody note something on some deal, from another process than the one that is measured."""
        deal = Deal.objects.unscoped(CALLER).get(pk=self.dice.choice(self.deals))
        member = self.everybody[self.dice.choice(list(self.everybody))]
        notes.log(deal, "note", words.sentences(self.dice, 2), by=member, at=now())

    def ask(self, once: Callable[[], float], *, warm: int = 25) -> list[float]:
        """Ask so often, each time after a write, and return the milliseconds. The first few warm up and don't count."""
        for _ in range(min(warm, self.asked)):
            once()
        took, before = [], self.process.worked()
        for _ in range(self.asked):
            self.write()
            took.append(once())
        self.worked = (self.process.worked() - before) * 1000 / max(1, self.asked)
        return took

    def bare(self, statement: str, values: Callable[[], list[Any]], times: int = 40) -> list[float]:
        """Ask a question in bare SQL, rows fetched, and return the milliseconds."""
        took = []
        with connection.cursor() as cursor:
            for _ in range(min(times, self.asked)):
                told = values()
                began = time.perf_counter()
                cursor.execute(statement, told)
                cursor.fetchall()
                took.append((time.perf_counter() - began) * 1000)
        return took

    def key(self, identifier: UUID) -> Any:
        """Return an identifier as bare SQL takes it on this database."""
        return identifier.hex if connection.vendor == "sqlite" else identifier


def sign_in(member: Member) -> str:
    """Make a session for a member and return its key."""
    client = Client()
    client.force_login(member)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _long_deals() -> list[UUID]:
    """Return the deals on which about 300 interactions or more lie."""
    from django.db.models import Count

    rows = Interaction.objects.unscoped(CALLER).filter(deal__isnull=False).order_by().values("deal")
    counted = rows.annotate(count=Count("pk")).filter(count__gte=300).order_by("-count")
    return [row["deal"] for row in counted[:200]]


@contextmanager
def opened(place: Place, asked: int) -> Iterator[Scene]:
    """Start the web process and yield the scene."""
    with baton(place, "web", "--port", "0") as process:
        yield Scene(place, process, asked)
