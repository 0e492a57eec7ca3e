"""Short words for importing a sheet in a test."""

import threading

from baton.capture.models import ImportJob
from baton.channels.sheets import importing
from tests.cast import MONDAY


def start(raw: bytes | str, *, by, at=MONDAY, what="deals.csv", kind="") -> ImportJob:
    """Drop a sheet; nothing is let in yet."""
    return importing.start(what, raw.encode() if isinstance(raw, str) else raw, by=by, at=at, kind=kind)


def bring(raw: bytes | str, *, by, at=MONDAY, what="deals.csv", kind="") -> ImportJob:
    """Drop a sheet and let it in."""
    job = start(raw, by=by, at=at, what=what, kind=kind)
    importing.bring_in(job, lambda: at, lambda _job: None, threading.Event())
    return job


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    """Return read, recorded, known already, parked."""
    return job.read, job.recorded, job.already_known, job.parked
