"""Importing a mailbox: every message of it goes through `ingest`, is read, and is counted by what became of it.

A member's mailbox is theirs: what it brings is seen by nobody else until it is filed. An import can be stopped and run
again; the same message, whatever file it lies in, is the same delivery.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture import imports, reading
from baton.capture.channels import Clock, Progress
from baton.capture.ingesting import Incoming, Taken, ingest_many
from baton.capture.models import Delivery, ImportJob
from baton.capture.ourselves import Ourselves
from baton.capture.trust import MAILBOX
from baton.channels.email.adapter import EMAIL
from baton.channels.email.boxes import MailFile, mailbox
from baton.kernel.claims import LEASE
from baton.members.models import Member

CHUNK = 20
CALLER = "capture"
Anything = TypeVar("Anything")


def start(paths: Iterable[str], *, by: Member, at: datetime, waiting: bool = False) -> ImportJob:
    """Note an import of these files and folders into a member's box. With `waiting` a worker takes it.

    Raises `Refusal` for a path that isn't there, and for a member who may only read.
    """
    return imports.start_files(EMAIL, paths, by=by, at=at, waiting=waiting)


def count(job: ImportJob) -> None:
    """Count the messages first, so that progress has an end."""
    job.total = sum(1 for place in job.places for _message in mailbox(place))
    job.save(update_fields=["total"])


def run(
    job: ImportJob,
    *,
    clock: Clock,
    progress: Progress = lambda job: None,
    stop: threading.Event | None = None,
) -> ImportJob:
    """Import everything, or until `stop` is set; what was done stays. A chunk is parsed while another is recorded."""
    stop = stop or threading.Event()
    importer = _Importer(job, clock)
    with ThreadPoolExecutor(1, "baton-import") as beside:
        for messages in _chunks(_messages(job), CHUNK):
            if stop.is_set():
                break
            importer.take(messages, beside)
            progress(job)
        importer.finish()
    importer.close(stopped=stop.is_set())
    progress(job)
    return job


def bring_in(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Count what there is, so that progress has an end, and import it."""
    count(job)
    progress(job)
    run(job, clock=clock, progress=progress, stop=stop)


def _messages(job: ImportJob) -> Iterator[MailFile]:
    for place in job.places:
        yield from mailbox(place)


def _chunks(things: Iterable[Anything], size: int) -> Iterator[list[Anything]]:
    chunk: list[Anything] = []
    for thing in things:
        chunk.append(thing)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Importer:
    """One run of a job: takes chunks, and counts each message once by what became of it."""

    def __init__(self, job: ImportJob, clock: Clock) -> None:
        self.job, self.clock = job, clock
        self.seen: set[UUID] = set()
        self.left: list[Delivery] = []
        self.parsing: Future | None = None
        self.us: Ourselves | None = None
        job.read = job.recorded = job.already_known = job.parked = 0

    def take(self, messages: list[MailFile], beside: ThreadPoolExecutor) -> None:
        """Keep a chunk's raw bytes, set its parsing going, and record the chunk before it meanwhile."""
        at = self.clock()
        taken = ingest_many([self._incoming(one) for one in messages], at=at, lease=LEASE)
        fresh = [self._count(one, message) for one, message in zip(taken, messages, strict=True)]
        raws = {d.pk: m.raw or b"" for d, m in zip(fresh, messages, strict=True) if d is not None}
        us = Ourselves.today()
        next_up = beside.submit(reading.parsing([d for d in fresh if d], raws, us, at=at))
        self._record()
        self.parsing, self.us = next_up, us

    def _incoming(self, message: MailFile) -> Incoming:
        digest = hashlib.sha256(message.raw if message.raw is not None else message.name.encode()).hexdigest()
        key = f"import:{self.job.by_id}:{digest}"
        return Incoming(
            EMAIL, key, message.raw or b"", as_member=self.job.by, evidence=MAILBOX, live=False, job=self.job
        )

    def _count(self, taken: Taken, message: MailFile) -> Delivery | None:
        """Count what needs no reading, and return the delivery that does."""
        delivery, known = taken.delivery, taken.delivery.pk in self.seen
        self.seen.add(delivery.pk)
        self.job.read += 1
        if known:
            self.job.already_known += 1
            return None
        if delivery.state == Delivery.State.WAITING and message.problem:
            reading.park(delivery, f"{message.name}: {message.problem}")
        if delivery.state == Delivery.State.WAITING:
            return delivery
        if delivery.state in {Delivery.State.PARKED, Delivery.State.SEEN}:
            self.job.parked += 1
        else:
            self.job.already_known += 1
        return None

    def _record(self) -> None:
        if self.parsing is None or self.us is None:
            return
        parsed, self.parsing = self.parsing.result(), None
        outcomes = reading.record_all(parsed, self.us, at=self.clock())
        self._tally(outcomes)
        self.left += [delivery for delivery, _read in parsed if outcomes[delivery.pk] == Delivery.State.WAITING]
        self._save()

    def _tally(self, outcomes: dict[UUID, str]) -> None:
        states = list(outcomes.values())
        self.job.recorded += states.count(Delivery.State.READ)
        self.job.already_known += states.count(Delivery.State.KNOWN)
        self.job.parked += states.count(Delivery.State.PARKED)

    def _save(self) -> None:
        self.job.save(update_fields=["read", "recorded", "already_known", "parked"])

    def finish(self) -> None:
        """Record the last chunk; what failed on the way is tried once more, and parked if it fails again."""
        self._record()
        for delivery in self.left:
            outcomes = reading.process([delivery], at=self.clock())
            if outcomes[delivery.pk] == Delivery.State.WAITING:
                reading.park(delivery, _("It couldn’t be recorded: %(why)s") % {"why": delivery.last_error})
                outcomes[delivery.pk] = delivery.state
            self._tally(outcomes)

    def close(self, *, stopped: bool) -> None:
        """Note that the run is over, or was stopped and may go on."""
        imports.close(self.job, at=self.clock(), stopped=stopped)
