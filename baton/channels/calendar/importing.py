"""Importing calendars: files, or archives of them. Each meeting is kept as it came, read in the limited child, filed.

Each is counted once: recorded (something in it was new), known already, or parked with why. What names no customer is
recorded for the member alone, and asks nobody where it belongs. Nothing of the past opens duties.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from baton.capture import imports, reading
from baton.capture.channels import Clock, Progress
from baton.capture.ingesting import Incoming, Taken, ingest_many
from baton.capture.models import Delivery, ImportJob
from baton.capture.ourselves import Ourselves
from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.calendar.adapter import CALENDAR, SECONDS_TO_SPLIT, SPLIT
from baton.channels.calendar.splitting import MOST_BYTES
from baton.kernel.claims import LEASE
from baton.members.models import Member

ENDINGS = (".ics", ".ical")
TAKEN = (*ENDINGS, ".zip")
CHUNK = 20
MOST_IN_ARCHIVE = 2_000
FILE = {"by": "calendar"}
"""Evidence of what a member brought out of their own calendar."""


def start(paths: Iterable[str], *, by: Member, at: datetime, waiting: bool = False) -> ImportJob:
    """Note an import of these calendars, or of those in these folders and archives. May raise `Refusal`."""
    return imports.start_files(CALENDAR, paths, by=by, at=at, waiting=waiting)


def is_calendar(file: IO[bytes], name: str) -> bool:
    """Whether a file is a calendar by its name, or an archive of nothing but calendars."""
    if name.lower().endswith(ENDINGS):
        return True
    if not name.lower().endswith(".zip"):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            inside = [one.filename.lower() for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        file.seek(0)
    return bool(inside) and all(one.endswith(ENDINGS) for one in inside)


def bring_in(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Import every meeting, or until `stop` is set; what was done stays, and is known when it is run again."""
    job.total, job.read, job.recorded, job.already_known, job.parked = 0, 0, 0, 0, 0
    for name, raw in _files(job):
        meetings = _split(job, name, raw, clock())
        job.total = (job.total or 0) + len(meetings)
        for start_at in range(0, len(meetings), CHUNK):
            if stop.is_set():
                break
            _take(job, meetings[start_at : start_at + CHUNK], clock())
            job.save(update_fields=["total", "read", "recorded", "already_known", "parked"])
            progress(job)
    imports.close(job, at=clock(), stopped=stop.is_set())
    progress(job)


def _files(job: ImportJob) -> Iterator[tuple[str, bytes]]:
    for place in map(Path, job.places):
        found = sorted(one for one in place.rglob("*") if one.is_file()) if place.is_dir() else [place]
        for path in found:
            if zipfile.is_zipfile(path):
                yield from _archived(path)
            else:
                yield path.name, path.read_bytes()[: MOST_BYTES + 1]


def _archived(path: Path) -> Iterator[tuple[str, bytes]]:
    """Read the calendars of an archive, each no further than a calendar may be long."""
    with zipfile.ZipFile(path) as archive:
        inside = [one for one in archive.infolist() if not one.is_dir()]
        for one in [each for each in inside if each.filename.lower().endswith(ENDINGS)][:MOST_IN_ARCHIVE]:
            with archive.open(one) as opened:
                yield one.filename, opened.read(MOST_BYTES + 1)


def _split(job: ImportJob, name: str, raw: bytes, at: datetime) -> list[bytes]:
    """Take a file apart; one that is no calendar, or holds no meeting, is parked whole, with why."""
    try:
        return parse_untrusted(SPLIT, raw, seconds=SECONDS_TO_SPLIT)
    except Unreadable as why:
        taken = ingest_many([_incoming(job, raw)], at=at, lease=LEASE)[0]
        job.total, job.read, job.parked = (job.total or 0) + 1, job.read + 1, job.parked + 1
        if taken.delivery.state == Delivery.State.WAITING:
            reading.park(taken.delivery, _("%(file)s: %(why)s") % {"file": name, "why": why})
        return []


def _incoming(job: ImportJob, raw: bytes) -> Incoming:
    key = f"import:{job.by_id}:{hashlib.sha256(raw).hexdigest()}"
    return Incoming(CALENDAR, key, raw, as_member=job.by, evidence=FILE, live=False, job=job)


def _take(job: ImportJob, meetings: list[bytes], at: datetime) -> None:
    """Record a chunk, and count each meeting by what became of it."""
    taken = ingest_many([_incoming(job, raw) for raw in meetings], at=at, lease=LEASE)
    fresh = {one.delivery.pk: one.delivery for one in taken if one.delivery.state == Delivery.State.WAITING}
    us = Ourselves.today()
    read = reading.parsing(list(fresh.values()), reading.raws_of(list(fresh.values())), us, at=at)()
    outcomes = reading.record_all(read, us, at=at)
    outcomes |= {pk: _once_more(fresh[pk], at) for pk, state in outcomes.items() if state == Delivery.State.WAITING}
    told = set(fresh)
    for one in taken:
        _count(job, outcomes.get(one.delivery.pk, one.delivery.state) if one.delivery.pk in told else _again(one))
        told.discard(one.delivery.pk)


def _once_more(delivery: Delivery, at: datetime) -> str:
    """What failed is tried alone, and parked if it fails again."""
    outcome = reading.process([delivery], at=at)[delivery.pk]
    if outcome == Delivery.State.WAITING:
        reading.park(delivery, _("It couldn’t be recorded: %(why)s") % {"why": delivery.last_error})
    return delivery.state


def _again(taken: Taken) -> str:
    """A meeting that was brought in before, or stands twice in one file, is known; what was parked stays parked."""
    state = taken.delivery.state
    return state if state in {Delivery.State.PARKED, Delivery.State.SEEN} else Delivery.State.KNOWN


def _count(job: ImportJob, state: str) -> None:
    job.read += 1
    if state == Delivery.State.READ:
        job.recorded += 1
    elif state in {Delivery.State.KNOWN, Delivery.State.LEFT}:
        job.already_known += 1
    else:
        job.parked += 1
