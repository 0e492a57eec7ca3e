"""Importing a sheet: looked at first, then let in chunk by chunk.

Stopped, it goes on; dropped again, it shows what changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from baton.capture import imports
from baton.capture.channels import Clock, Progress
from baton.capture.models import Connection, ImportJob
from baton.channels.sheets import invoices, knowing
from baton.channels.sheets.adapter import SHEETS
from baton.channels.sheets.columns import missing
from baton.channels.sheets.models import LeftRow, Sheet
from baton.channels.sheets.planning import Outcome, Planner
from baton.channels.sheets.reading import Table, rows_in
from baton.channels.sheets.writing import write
from baton.kernel.claims import ring
from baton.kernel.verdict import Refusal
from baton.kernel.writer import unacknowledged
from baton.members.models import Member

AIM = 0.04
"""Seconds of work that writing a chunk should take, so that nobody who saves a page waits long for their turn."""
FEWEST, MOST, INVOICES = 50, 400, 50
"""Rows of a chunk."""
TOLD_EVERY = 1.0
"""Seconds."""
LOOKED_AT_ONCE = 2_000
"""Rows; a longer sheet is looked at by a worker."""


def start(
    what: str,
    raw: bytes,
    *,
    by: Member,
    at: datetime,
    kind: str = "",
    which: int = -1,
    connection: Connection | None = None,
) -> ImportJob:
    """Keep a file, see how it is read, and note its import; nothing is let in before it is run.

    Raises `Refusal` for what can't be read, and for a member who may only read.
    """
    if not by.may_write:
        raise Refusal(_("%(member)s may only read, so nothing is imported for them.") % {"member": by})
    digest = knowing.keep(raw, by=by, at=at)
    table = knowing.read(raw, which)
    sheet = knowing.known_sheet(table, kind=kind, by=by, at=at, connection=connection)
    settings: dict[str, object] = {"digest": digest, "which": table.which, "sheet": str(sheet.pk)}
    job = imports.start(SHEETS, what, [what], by=by, at=at, settings=settings)
    job.total = table.total
    job.save(update_fields=["total"])
    return job


def start_files(paths: Sequence[str], *, by: Member, at: datetime, kind: str = "") -> ImportJob:
    """The same for a file on this machine; one at a time, because each is matched by its own headers."""
    place = Path(paths[0])
    if len(paths) > 1:
        raise Refusal(_("One sheet at a time, please."))
    if not place.is_file():
        raise Refusal(_("There is no file “%(path)s”.") % {"path": paths[0]})
    return start(place.name, place.read_bytes(), by=by, at=at, kind=kind)


def table_of(job: ImportJob) -> Table:
    """Read the file of an import once more."""
    return knowing.read(knowing.raw_of(job.settings["digest"], job.by), job.settings["which"])


def sheet_of(job: ImportJob) -> Sheet:
    """Return how the sheet of an import is read."""
    return Sheet.objects.get(pk=job.settings["sheet"])


def bring_in(job: ImportJob, clock: Clock, progress: Progress, stop: threading.Event) -> None:
    """Let a sheet in, or go on with it; what is in already is known and passed over. A look writes nothing."""
    if job.settings.get("looking"):
        look_at(job, at=clock())
        return
    table, sheet = table_of(job), sheet_of(job)
    run = Run(job, sheet, table)
    job.total, job.read, job.recorded, job.already_known, job.parked = table.total, 0, 0, 0, 0
    LeftRow.objects.filter(job=job).delete()
    told = 0.0
    with unacknowledged():  # what is lost with the power is let in when the import goes on
        for outcomes in run.written(clock):
            _tally(job, outcomes)
            told = _tell(job, told)
            progress(job)
            if stop.is_set():
                break
    stopped = stop.is_set() and job.read < (job.total or 0)
    Sheet.objects.filter(pk=sheet.pk).update(used_at=clock())
    imports.close(job, at=clock(), stopped=stopped)
    progress(job)


def ask(job: ImportJob, *, at: datetime) -> None:
    """Have a sheet looked at: a short one at once, a long one by a worker."""
    if (job.total or 0) <= LOOKED_AT_ONCE:
        look_at(job, at=at)
        return
    job.settings = {**job.settings, "looking": True, "looked": None}
    job.due_at = at
    job.save(update_fields=["settings", "due_at"])
    ring(imports.BELL)


def look_at(job: ImportJob, *, at: datetime) -> None:
    """Keep with the import what it would change."""
    from baton.channels.sheets.looking import look

    run = Run(job, sheet_of(job), table_of(job), looking=True)
    heads = {"words": run.table.words, "heads": run.table.heads, "sheets": run.table.sheets, "samples": run.samples()}
    job.settings = {**job.settings, "looking": False, "looked": look(run, at=at).told(), "table": heads}
    job.total, job.due_at = run.table.total, None
    job.save(update_fields=["settings", "total", "due_at"])


def let_in(job: ImportJob, *, at: datetime) -> None:
    """Put a sheet that was looked at in the queue, to be let in."""
    ImportJob.objects.filter(pk=job.pk, finished_at=None).update(due_at=at, stopped_at=None)
    ring(imports.BELL)


class Run:
    """Plans, and writes, the rows of one table under one sheet's mapping."""

    def __init__(self, job: ImportJob, sheet: Sheet, table: Table, *, looking: bool = False) -> None:
        self.job, self.sheet, self.table = job, sheet, table
        self.reader = knowing.reader_for(sheet, table)
        columns = {int(column): name for column, name in sheet.columns.items()}
        self.unmatched = missing(columns, self.reader.kind)
        self.planned_at_once = INVOICES if sheet.kind == "invoices" else MOST
        self.planner = None if sheet.kind == "invoices" else Planner(sheet, self.reader, job.by, looking=looking)

    def samples(self) -> list[str]:
        """Return, for each column, the first thing that stands in it."""
        rows = [cells for _number, cells in rows_in(self.table.parts[0])] if self.table.parts else []
        return [
            next((row[column][:60] for row in rows if column < len(row) and row[column]), "")
            for column in range(len(self.table.heads))
        ]

    def planned(self) -> Iterator[list[Outcome]]:
        """Yield what becomes of the rows, chunk by chunk; nothing is written."""
        for part in self.table.parts:
            rows = rows_in(part)
            for first in range(0, len(rows), self.planned_at_once):
                yield self.plan(rows[first : first + self.planned_at_once])

    def plan(self, rows: list[tuple[int, list[str]]]) -> list[Outcome]:
        """Return what becomes of these rows."""
        if self.unmatched:
            return [_nameless(self.reader.read(number, cells)) for number, cells in rows]
        if self.planner is None:
            return invoices.plan(rows, self.reader, self.sheet, self.job.by)
        return self.planner.plan(rows)

    def written(self, clock: Clock) -> Iterator[list[Outcome]]:
        """Write chunk after chunk, and yield what became of the rows. More are planned at once than are written."""
        size = INVOICES if self.planner is None else MOST // 4
        for planned in self.planned():
            while planned:
                chunk, planned = planned[:size], planned[size:]
                began = time.thread_time()
                written = self.write(chunk, clock())
                size = fitting(len(chunk), time.thread_time() - began) if self.planner else size
                yield written

    def write(self, outcomes: list[Outcome], at: datetime) -> list[Outcome]:
        """Write what was planned."""
        if self.planner is None and not self.unmatched:
            return invoices.write(self.job, self.sheet, outcomes, by=self.job.by, at=at)
        return write(self.job, self.sheet, outcomes, by=self.job.by, at=at)


def fitting(count: int, seconds: float) -> int:
    """Return how many rows come next, when so many took so long: no more than can be written in one short turn."""
    return max(FEWEST, min(MOST, int(count * AIM / max(seconds, 0.001))))


def _tell(job: ImportJob, last: float) -> float:
    """Keep how far an import is, once a second: it is told to people, and nothing goes on from it. Return when."""
    moment = time.monotonic()
    if moment - last < TOLD_EVERY:
        return last
    job.save(update_fields=["total", "read", "recorded", "already_known", "parked"])
    return moment


def _nameless(said) -> Outcome:
    said.problem = _("No column says what a row is called. Say which column is which.")
    return Outcome(said, "bad")


def _tally(job: ImportJob, outcomes: list[Outcome]) -> None:
    states = [outcome.state for outcome in outcomes]
    job.read += len(states)
    job.recorded += states.count("new") + states.count("changed")
    job.already_known += states.count("same")
    job.parked += states.count("bad")
