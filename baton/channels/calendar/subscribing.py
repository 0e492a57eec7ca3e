"""Listening to a calendar that lies elsewhere: what concerns a customer comes in, all else stays where it is.

Read in the limited child and looked up before anything is kept. What vanished there before its time is called off here,
unless so much vanished at once that the calendar itself must be at fault.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from baton.capture import connections
from baton.capture.arrival import Arrival
from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.known import Known, look_up
from baton.capture.models import Connection
from baton.capture.ourselves import Ourselves
from baton.capture.untrusted import Unreadable, parse_many, parse_untrusted
from baton.channels.calendar.adapter import CALENDAR, READ_MEETING, SECONDS_TO_SPLIT, SPLIT
from baton.channels.calendar.reading import parties_of
from baton.channels.calendar.remote import Found, look
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author
from baton.ledger.models import Interaction
from baton.ledger.recording import record
from baton.work.meeting_plans import merged, times
from baton.work.meetings import plan_of, planned

CALLER = "capture"
NO_CUSTOMER = gettext_noop("meetings without a customer")
PRIVATE = gettext_noop("marked as private")
UNREADABLE = gettext_noop("that can’t be read")
REASONS = (NO_CUSTOMER, PRIVATE, UNREADABLE)
"""Why something stays where it is; pages translate them."""
CHANGES_ALWAYS = re.compile(rb"(?m)^(?:DTSTAMP|LAST-MODIFIED|CREATED|X-[^:\r\n]*)[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")
FEW, SHARE = 3, 0.2
"""At most so many, or such a share of what was there, is believed to have been called off at once by vanishing."""


def test(settings: dict[str, Any], secret: dict[str, str]) -> None:
    """Read the calendar once, before it is kept. Raises `Refusal` with what is wrong."""
    from baton.kernel.clock import now

    look(settings, secret, {}, now())


def hear(connection: Connection, at: datetime) -> int:
    """Read the calendar if it changed, and take in what concerns a customer; return how many meetings that was."""
    secret = connection.secret.opened() if connection.secret else {}
    position = connection.position
    found = look(connection.settings, secret, position.get("marks", {}), at)
    if found is None:
        return 0
    taken = _Taking(connection, at, position.get("seen", {}))
    taken.take(_split(found))
    taken.call_off()
    connection.position = {"marks": found.marks, "seen": taken.now}
    connections.count(connection, kept=0, passed_over=taken.left)
    return taken.kept


def _split(found: Found) -> list[bytes]:
    pieces: list[bytes] = []
    for raw in found.raws:
        try:
            pieces += parse_untrusted(SPLIT, raw, seconds=SECONDS_TO_SPLIT)
        except Unreadable as why:
            if "holds no meeting" not in str(why):
                raise Refusal(str(why)) from why
    return pieces


class _Taking:
    """One reading of a calendar. `before` and `now` are meeting → what it said, by short digests."""

    def __init__(self, connection: Connection, at: datetime, before: dict[str, str]) -> None:
        self.connection, self.at, self.before = connection, at, before
        self.now: dict[str, str] = {}
        self.left: Counter[str] = Counter()
        self.kept = 0

    def take(self, pieces: list[bytes]) -> None:
        """Look at what is new or changed, and keep what concerns a customer."""
        us = Ourselves.today()
        read = parse_many(READ_MEETING, pieces, seconds=3.0, zone=us.map.hours.zone, at=self.at)
        fresh = list(self._fresh(zip(pieces, read, strict=True)))
        known = look_up(one for _raw, one in fresh)
        keep = [self._incoming(raw) for raw, one in fresh if self._concerns(one, us, known)]
        for start in range(0, len(keep), 50):
            self.kept += sum(one.new for one in ingest_many(keep[start : start + 50], at=self.at))

    def _fresh(self, read: Iterable[tuple[bytes, Arrival | Unreadable]]) -> Iterator[tuple[bytes, Arrival]]:
        for raw, one in read:
            if isinstance(one, Unreadable):
                self.left[UNREADABLE] += 1
                continue
            said = hashlib.sha256(CHANGES_ALWAYS.sub(b"", raw)).hexdigest()[:16]
            meeting = one.fingerprint[:16]
            self.now[meeting] = said
            if self.before.get(meeting) != said:
                yield raw, one

    def _concerns(self, read: Arrival, us: Ourselves, known: Known) -> bool:
        """Whether a customer takes part, or it is recorded already. What its owner marked as private stays theirs."""
        told = read.meeting or {}
        if told.get("private"):
            self.left[PRIVATE] += 1
            return False
        if read.fingerprint in known.recorded:
            return True
        outside = [one for one in parties_of(told) if one not in us.members]
        if any(known.contacts_at(one) or known.companies_at(one.rpartition("@")[2]) for one in outside):
            return True
        self.left[NO_CUSTOMER] += 1
        return False

    def _incoming(self, raw: bytes) -> Incoming:
        key = f"at:{self.connection.pk}:{hashlib.sha256(CHANGES_ALWAYS.sub(b'', raw)).hexdigest()}"
        evidence = {"by": "calendar", "connection": str(self.connection.pk)}
        live = bool(self.before)
        return Incoming(CALENDAR, key, raw, as_member=self.connection.member, evidence=evidence, live=live)

    def call_off(self) -> None:
        """Call off what vanished there and was still to come, where only little did."""
        gone = self.before.keys() - self.now.keys()
        if not gone or not self.now or (len(gone) > FEW and len(gone) > SHARE * len(self.before)):
            self.now |= {one: self.before[one] for one in gone}
            return
        for row in self._meetings(gone):
            plan = plan_of(row)
            if plan and any(one.starts > self.at and not one.cancelled for one in times(plan)):
                parts = [kept["said"] | {"cancelled": True} for kept in plan["parts"].values() if kept["said"]]
                told = {"method": "CANCEL", "organizer": plan["organizer"], "parts": parts}
                after = merged(plan, told)
                record([planned(row.pk, plan, after)], by=Author(None, CALENDAR), at=self.at)

    def _meetings(self, gone: Iterable[str]) -> list[Interaction]:
        """The meetings that this very calendar brought."""
        rows = Interaction.objects.unscoped(CALLER).filter(kind="meeting", channel=CALENDAR)
        mine = rows.filter(deliveries__evidence__connection=str(self.connection.pk)).distinct()
        wanted = set(gone)
        return [row for row in mine if (row.fingerprint or "")[:16] in wanted]
