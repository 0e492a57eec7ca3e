"""Imports of every channel: begun by hand or put in the queue, stopped, and gone on with."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from baton.capture.channels import Clock, Progress, channel_named
from baton.capture.models import ImportJob
from baton.kernel.claims import LEASE, claim, ring
from baton.kernel.verdict import Refusal
from baton.members.models import Member

BELL = "import"


def start(
    channel: str,
    what: str,
    places: Sequence[str],
    *,
    by: Member,
    at: datetime,
    settings: dict[str, object] | None = None,
    waiting: bool = False,
) -> ImportJob:
    """Note an import; with `waiting` a worker takes it. `settings` is what the channel needs to know besides.

    Raises `Refusal` for a member who may only read.
    """
    if not by.may_write:
        raise Refusal(_("%(member)s may only read, so nothing is imported for them.") % {"member": by})
    job = ImportJob(channel=channel, what=what[:400], places=list(places), by=by, started_at=at)
    job.settings, job.due_at = settings or {}, at if waiting else None
    job.save(force_insert=True)
    if waiting:
        ring(BELL)
    return job


def start_files(channel: str, paths: Iterable[str], *, by: Member, at: datetime, waiting: bool = False) -> ImportJob:
    """Note an import of these files and folders, named after them.

    Raises `Refusal` for a path that isn't there, and for a member who may only read.
    """
    places = [str(path) for path in paths]
    missing = next((place for place in places if not Path(place).exists()), None)
    if missing:
        raise Refusal(_("There is no file or folder “%(path)s”.") % {"path": missing})
    return start(channel, ", ".join(Path(place).name for place in places), places, by=by, at=at, waiting=waiting)


def run(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Run an import to its end, or until `stop` is set; what was done stays."""
    bring_in = channel_named(job.channel).bring_in
    assert bring_in is not None, f"{job.channel} brings nothing in"
    bring_in(job, clock, progress, stop)


def work(clock: Clock) -> int:
    """Run the next import that waits; return how many there were. One step of the loop named `import`."""
    jobs = claim(ImportJob.objects.select_related("by"), limit=1, at=clock())
    for job in jobs:
        stop = threading.Event()
        run(job, clock, _Watched(stop, clock), stop)
    return len(jobs)


def stop(job: ImportJob, *, at: datetime) -> None:
    """Ask a running or waiting import to stop after the chunk at hand; run again, it goes on where it stopped."""
    ImportJob.objects.filter(pk=job.pk, finished_at=None).update(stopped_at=at, due_at=None)


def resume(job: ImportJob, *, at: datetime) -> None:
    """Put a stopped import back in the queue; what is recorded already is known and passed over."""
    ImportJob.objects.filter(pk=job.pk, finished_at=None).update(stopped_at=None, due_at=at)
    ring(BELL)


def close(job: ImportJob, *, at: datetime, stopped: bool) -> None:
    """Note that the run is over, or was stopped and may go on."""
    job.finished_at, job.stopped_at, job.due_at = (None, at, None) if stopped else (at, None, None)
    job.save()


class _Watched:
    """After each chunk: keep the job claimed, and stop when somebody asked for it."""

    def __init__(self, stop: threading.Event, clock: Clock) -> None:
        self.stop, self.clock = stop, clock

    def __call__(self, job: ImportJob) -> None:
        going_on = ImportJob.objects.filter(pk=job.pk, finished_at=None, stopped_at=None)
        if job.finished_at is None and not going_on.update(due_at=self.clock() + LEASE):
            self.stop.set()
