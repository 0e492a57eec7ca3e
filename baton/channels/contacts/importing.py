"""Importing address books: the file is kept as it came, read in the limited child, and its cards recorded in chunks.

Each card is counted once: recorded (something in it was new), known already, or parked with why nothing could be kept
of it. Brought in again, a file changes nothing; a newer export of the same book adds what is new.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from baton.capture import imports, reading
from baton.capture.channels import Clock, Progress
from baton.capture.ingesting import Incoming, ingest_many
from baton.capture.models import Delivery, ImportJob
from baton.capture.untrusted import Unreadable, parse_untrusted
from baton.channels.contacts import placing
from baton.channels.contacts.adapter import CONTACTS, READ_CARDS, SECONDS
from baton.channels.contacts.card import Card
from baton.kernel.claims import LEASE
from baton.ledger.entries import Author
from baton.ledger.recording import record
from baton.members.models import Member

CHUNK = 100
TAKEN = (".vcf", ".vcard", ".csv", ".txt")


def start(paths: Iterable[str], *, by: Member, at: datetime, waiting: bool = False) -> ImportJob:
    """Note an import of these files, or of the address books in these folders. Raises `Refusal` like any import."""
    return imports.start_files(CONTACTS, paths, by=by, at=at, waiting=waiting)


def bring_in(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Import every card, or until `stop` is set; what was done stays, and is known when it is run again."""
    job.read = job.recorded = job.already_known = job.parked = 0
    cards = [card for path in _files(job) for card in _cards(job, path, clock())]
    job.total = len(cards) + job.parked
    for start_at in range(0, len(cards), CHUNK):
        if stop.is_set():
            break
        _record(job, cards[start_at : start_at + CHUNK], clock())
        job.save(update_fields=["total", "read", "recorded", "already_known", "parked"])
        progress(job)
    imports.close(job, at=clock(), stopped=stop.is_set())
    progress(job)


def _files(job: ImportJob) -> Iterator[Path]:
    for place in map(Path, job.places):
        yield from sorted(one for one in place.rglob("*") if one.is_file()) if place.is_dir() else [place]


def _cards(job: ImportJob, path: Path, at: datetime) -> Sequence[Card]:
    """Keep a file's bytes, then read it; a file that can't be read is parked whole, with why."""
    raw = path.read_bytes()
    delivery = _keep(job, raw, at)
    try:
        cards = parse_untrusted(READ_CARDS, raw, seconds=SECONDS)
    except Unreadable as why:
        job.read, job.parked = job.read + 1, job.parked + 1
        reading.park(delivery, _("%(file)s: %(why)s") % {"file": job.what, "why": why})
        return []
    delivery.state, delivery.due_at = Delivery.State.READ, None
    delivery.save(update_fields=["state", "due_at"])
    return cards


def _keep(job: ImportJob, raw: bytes, at: datetime) -> Delivery:
    key = f"import:{job.by_id}:{hashlib.sha256(raw).hexdigest()}"
    one = Incoming(CONTACTS, key, raw, as_member=job.by, live=False, job=job)
    return ingest_many([one], at=at, lease=LEASE)[0].delivery


def _record(job: ImportJob, cards: Sequence[Card], at: datetime) -> None:
    job.read += len(cards)
    for card in (card for card in cards if card.problem):
        reading.park(_keep(job, card.raw, at), card.problem)
        job.parked += 1
    good = [card for card in cards if not card.problem]
    book = placing.look_up(good, job.by)
    told = [placing.entries_of(card, book) for card in good]
    record([entry for entries in told for entry in entries], by=Author(job.by, "import"), at=at)
    job.recorded += sum(1 for entries in told if entries)
    job.already_known += sum(1 for entries in told if not entries)
