"""Taking messages out of an open folder: looked at, sifted, and only what concerns somebody fetched and kept.

What is kept, and that the rest was seen, is committed before the reader moves on; looked at again, nothing changes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from baton.capture.arrival import Arrival
from baton.capture.channels import channel_named
from baton.capture.drafting import LATEST_SUGGESTED
from baton.capture.ingesting import Incoming, Taken, ingest_many
from baton.capture.known import look_up
from baton.capture.models import Connection, Delivery, ImportJob, Sighting, Silenced
from baton.capture.ourselves import Ourselves
from baton.capture.reading import Read, read_raws
from baton.capture.trust import INBOX, MAILBOX, SENT
from baton.capture.undecided import release
from baton.channels.email.adapter import EMAIL
from baton.channels.mailbox.client import Glance, Mailbox
from baton.channels.mailbox.sifting import (
    ANSWERED,
    KEEP,
    LEAVE,
    MACHINES,
    NOBODY_ANSWERED,
    OLD_STRANGERS,
    TOO_LARGE,
    UNDECIDED,
    Rules,
    Sieve,
    Sifted,
)
from baton.kernel.rows import insert_rows
from baton.kernel.writer import writing

CALLER = "capture"
MOST_BYTES = 50 * 1024 * 1024
BYTES_AT_ONCE = 8 * 1024 * 1024
SLACK = timedelta(days=1)
LATER = timedelta(0)


@dataclass(slots=True)
class Seen:
    """One message on its way through: what is known of it before and after its headers were read."""

    glance: Glance
    digest: str
    head: Read | None = None
    sifted: Sifted = field(default=Sifted(UNDECIDED, NOBODY_ANSWERED))
    raw: bytes = field(default=b"", repr=False)
    delivery: Delivery | None = None

    @property
    def arrival(self) -> Arrival | None:
        return self.head if isinstance(self.head, Arrival) else None

    @property
    def written_at(self) -> datetime:
        """When it was written by its own date, else when it arrived."""
        return (self.arrival.sent_at if self.arrival else None) or self.glance.arrived_at


@dataclass(slots=True)
class Tally:
    """What became of messages: `known` were looked at before, `left` counts by reason."""

    looked: int = 0
    kept: int = 0
    known: int = 0
    undecided: int = 0
    left: Counter[str] = field(default_factory=Counter)
    deliveries: list[Taken] = field(default_factory=list)


class Taker:
    """Takes messages for one connection. `job` is the back-fill that asked; without one they are live.

    `since` is the moment before which everything is history and stays where it is.
    """

    def __init__(
        self,
        connection: Connection,
        mailbox: Mailbox,
        at: datetime,
        *,
        since: datetime | None = None,
        job: ImportJob | None = None,
        lease: timedelta = LATER,
    ) -> None:
        self.connection, self.mailbox, self.at = connection, mailbox, at
        self.since, self.job, self.lease = since, job, lease
        self.us = Ourselves.today()
        self.rules = rules_of(connection)

    def take(self, role: str, folder: str, uids: Sequence[int]) -> Tally:
        """Look at these messages of the open folder and keep what concerns the business."""
        tally = Tally()
        seen = self._unseen(self.mailbox.glance(uids), tally)
        self._read_heads(seen)
        seen = self._sift(seen)
        self._bring_back_what_is_answered(role, folder, seen)
        self._decide_on_the_whole(role, seen)
        for some in _chunks([one for one in seen if one.sifted.fate == KEEP]):
            self._keep(role, some, tally, held=False)
        for some in _chunks([one for one in seen if one.sifted.fate == UNDECIDED]):
            self._keep(role, some, tally, held=True)
        self._note([one for one in seen if one.sifted.fate == LEAVE], tally)
        return tally

    # Looking

    def _unseen(self, glances: list[Glance], tally: Tally) -> list[Seen]:
        """Leave out what was looked at before, under whatever number."""
        by_digest = {digest_of(glance): glance for glance in glances}
        rows = Sighting.objects.filter(connection=self.connection, digest__in=by_digest)
        there = set(rows.values_list("digest", flat=True))
        tally.looked = len(glances)
        tally.known = len(glances) - len(by_digest.keys() - there)
        return [Seen(glance, digest) for digest, glance in by_digest.items() if digest not in there]

    def _read_heads(self, seen: list[Seen]) -> None:
        heads = [one.glance.head.rstrip() + b"\r\n\r\n" for one in seen]
        for one, read in zip(seen, self._parsed(heads), strict=True):
            one.head = read

    def _parsed(self, raws: list[bytes]) -> list[Read]:
        return read_raws(channel_named(EMAIL), raws, self.us, self.at) if raws else []

    def _sift(self, seen: list[Seen]) -> list[Seen]:
        """Decide on labels, size and headers; what is history is not even noted."""
        sieve = self._sieve(seen)
        for one in seen:
            labeled = sieve.by_labels(one.glance.labels)
            if labeled or one.glance.size > MOST_BYTES:
                one.sifted = labeled or Sifted(LEAVE, TOO_LARGE)
            elif one.arrival:
                one.sifted = sieve.by_people(one.arrival)
        return [one for one in seen if self.since is None or one.written_at >= self.since - SLACK]

    def _sieve(self, seen: Iterable[Seen]) -> Sieve:
        known = look_up(one.arrival for one in seen if one.arrival)
        return Sieve(self.us, known, self.rules, everything=self.connection.member_id is None)

    # What was undecided until somebody answered

    def _bring_back_what_is_answered(self, role: str, folder: str, seen: list[Seen]) -> None:
        """An answer of the member's decides for what it answers, held still or left already."""
        mine = [one.arrival for one in seen if role == SENT and one.sifted.fate == KEEP and one.arrival]
        wanted = {digest for arrival in mine for digest in arrival.answers}
        if not wanted or self.connection.member_id is None:
            return
        rows = list(Sighting.objects.filter(connection=self.connection, message__in=wanted))
        held = {row.delivery_id for row in rows if row.delivery_id}
        release(list(Delivery.objects.unscoped(CALLER).held().filter(pk__in=held)), at=self.at)
        gone = [row for row in rows if row.fate == Sighting.Fate.LEFT and self._may_come_back(row)]
        if gone:
            self._fetch_again(gone, folder)

    def _may_come_back(self, row: Sighting) -> bool:
        return bool(row.message_id) and self.at - row.at <= LATEST_SUGGESTED

    def _fetch_again(self, rows: list[Sighting], folder: str) -> None:
        """Fetch what was let go of from Inbox, where it still lies."""
        self.mailbox.open("INBOX")
        for row in rows:
            for glance in self.mailbox.glance(self.mailbox.with_id(row.message_id)):
                if digest_of(glance) == row.digest:
                    self._keep(INBOX, [Seen(glance, row.digest)], Tally(), held=False)
                    Sighting.objects.filter(pk=row.pk).update(fate=Sighting.Fate.KEPT)
        self.mailbox.open(folder)

    # Deciding on the whole

    def _decide_on_the_whole(self, role: str, seen: list[Seen]) -> None:
        """Fetch what the headers leave open; a number, a quote or a forward in it may decide. History isn't fetched."""
        undecided = [one for one in seen if one.sifted.fate == UNDECIDED and not self._is_history(role, one)]
        for some in _chunks(undecided):
            self._fetch(some)
            for one, read in zip(some, self._parsed([one.raw for one in some]), strict=True):
                one.head = read
            sieve = self._sieve(some)
            for one in some:
                one.sifted = sieve.by_words(one.arrival) if one.arrival else Sifted(LEAVE, MACHINES)
        for one in seen:
            answer_of_old = self.job and one.sifted == Sifted(KEEP, ANSWERED) and self._is_old(one)
            if answer_of_old or (self.job and one.sifted.fate == UNDECIDED):
                one.sifted = Sifted(LEAVE, OLD_STRANGERS)

    def _is_history(self, role: str, one: Seen) -> bool:
        return self.job is not None and (role == INBOX or self._is_old(one))

    def _is_old(self, one: Seen) -> bool:
        return self.at - one.written_at > LATEST_SUGGESTED

    # Keeping

    def _fetch(self, some: list[Seen]) -> None:
        missing = [one for one in some if not one.raw]
        whole = self.mailbox.whole(one.glance.uid for one in missing) if missing else {}
        for one in missing:
            one.raw = whole.get(one.glance.uid, b"")

    def _keep(self, role: str, some: list[Seen], tally: Tally, *, held: bool) -> None:
        self._fetch(some)
        there = [one for one in some if one.raw]
        incoming = [self._incoming(role, one, held) for one in there]
        with writing():
            taken = ingest_many(incoming, at=self.at, lease=self.lease)
            for one, each in zip(there, taken, strict=True):
                one.delivery = each.delivery
            self._note(some, tally)
        if not held:
            tally.deliveries += taken
            tally.kept += sum(each.new for each in taken)
            tally.known += sum(not each.new for each in taken)

    def _incoming(self, role: str, one: Seen, held: bool) -> Incoming:
        address = str(self.connection.settings["address"]).lower()
        evidence = MAILBOX | {"folder": role, "address": address, "connection": str(self.connection.pk)}
        if held and one.arrival:
            evidence["people"] = sorted({party.address for party in self._sieve([]).outside(one.arrival)})[:50]
        owner = self.connection.member_id or self.connection.pk
        return Incoming(
            EMAIL,
            f"imap:{owner}:{hashlib.sha256(one.raw).hexdigest()}",
            one.raw,
            as_member=self.connection.member,
            desk=self.connection.desk,
            recipient=address,
            evidence=evidence,
            live=self.job is None,
            job=self.job,
            held=held,
        )

    def _note(self, seen: list[Seen], tally: Tally) -> None:
        """Note that these were looked at, and count what stays where it is."""
        if not seen:
            return
        with writing():
            insert_rows([self._sighting(one) for one in seen], ignore_conflicts=True)
        tally.left += Counter(one.sifted.why for one in seen if one.sifted.fate == LEAVE)
        tally.undecided += sum(one.sifted.fate == UNDECIDED for one in seen)

    def _sighting(self, one: Seen) -> Sighting:
        fate = {KEEP: Sighting.Fate.KEPT, LEAVE: Sighting.Fate.LEFT, UNDECIDED: Sighting.Fate.UNDECIDED}
        arrival = one.arrival
        return Sighting(
            connection=self.connection,
            digest=one.digest,
            message=arrival.ids[0] if arrival and arrival.ids else "",
            message_id=arrival.parts.get("message_id", "")[:500] if arrival else "",
            fate=fate[one.sifted.fate],
            at=self.at,
            delivery=one.delivery if one.sifted.fate == UNDECIDED else None,
        )


def rules_of(connection: Connection) -> Rules:
    """Return what is never recorded out of this mailbox, by its settings and by what its member said in Inbox."""
    said = Silenced.objects.filter(member=connection.member_id).values_list("sender", flat=True)
    told = connection.settings
    return Rules.of(told.get("never", ""), told.get("labels", ""), said if connection.member_id else ())


def digest_of(glance: Glance) -> str:
    """Return what tells a message from every other one, however the server numbers it."""
    return hashlib.sha256(glance.head.strip() + b"\x00%d" % glance.size).hexdigest()


def _chunks(seen: list[Seen]) -> Iterator[list[Seen]]:
    """Yield them in portions that fit into memory."""
    some: list[Seen] = []
    size = 0
    for one in seen:
        if some and (size + one.glance.size > BYTES_AT_ONCE or len(some) >= 50):
            yield some
            some, size = [], 0
        some.append(one)
        size += one.glance.size
    if some:
        yield some
