"""Writes what was planned, through `record()`, and remembers what the rows said. One chunk is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from baton.capture.models import ImportJob
from baton.channels.sheets.models import LeftRow, Sheet, SheetRow
from baton.channels.sheets.planning import FIRST, NAMED, Outcome
from baton.kernel.rows import insert_rows, made, update_rows
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author, Entry
from baton.ledger.recording import record
from baton.map.current import current_map
from baton.members.models import Member

SHEETS = "sheets"


Said = tuple[str, UUID, str, Any, str]
"""One fact of a row: kind, id, field, value, and what tells it from the row's others."""


def write(job: ImportJob, sheet: Sheet, outcomes: list[Outcome], *, by: Member, at: datetime) -> list[Outcome]:
    """Record a chunk; what is refused is left for later and returned as bad. All that is written is *said*."""
    try:
        _write(job, sheet, outcomes, by, at)
    except Refusal:
        _write_brought_along(job, outcomes, by, at)
        for outcome in outcomes:
            try:
                _write(job, sheet, [outcome], by, at)
            except Refusal as why:
                outcome.state, outcome.said.problem = "bad", why.sentence
                _leave(job, [outcome])
    return outcomes


def _write_brought_along(job: ImportJob, outcomes: list[Outcome], by: Member, at: datetime) -> None:
    """Companies and people that rows bring along stay, whichever of their rows is refused: others lean on them."""
    entries = list(_entries(job, outcomes, _brought_along))
    record(entries, by=Author(by, SHEETS), at=at)
    for outcome in outcomes:
        outcome.made = []


def _write(job: ImportJob, sheet: Sheet, outcomes: list[Outcome], by: Member, at: datetime) -> None:
    entries = list(_entries(job, outcomes, _all_of))
    with writing():
        if entries:
            record(entries, by=Author(by, SHEETS), at=at)
        _remember(job, sheet, [one for one in outcomes if one.state != "bad"])
        _leave(job, [one for one in outcomes if one.state == "bad"])


def _entries(job: ImportJob, outcomes: list[Outcome], said: Callable[[Outcome], Iterator[Said]]) -> Iterator[Entry]:
    """Yield what is to be recorded. The source's own id of a fact: which import, which row, which field."""
    job_id, because, sheet = job.pk.hex, _("Row %(number)d of %(sheet)s"), job.what[:300]
    for outcome in outcomes:
        row = f"sheet:{job_id}:{outcome.said.number}:"
        why = because % {"number": outcome.said.number, "sheet": sheet}
        days = _days(outcome, job.started_at) if outcome.kind == "deal" and outcome.state == "new" else {}
        for kind, record_id, name, value, what in said(outcome):
            when = days.get(name, days.get("")) if record_id == outcome.record_id else None
            yield Entry(kind, record_id, name, value, because=why, key=row + what, happened_at=when)


def _all_of(outcome: Outcome) -> Iterator[Said]:
    if outcome.state not in {"new", "changed"}:
        return
    yield from _brought_along(outcome)
    assert outcome.record_id
    told = outcome.values if outcome.state == "new" else {one.field: one.after for one in outcome.changes}
    for name, value in _first_first(told, FIRST[outcome.kind]):
        yield outcome.kind, outcome.record_id, name, value, name


ON_ITS_END = ("stage", "desk", "status", "amount", "close_date", "lost_reason")


def _days(outcome: Outcome, until: datetime) -> dict[str, datetime | None]:
    """Return when what a sheet says of a new deal was so: field → moment, under "" for all others.

    It was opened on the day that the sheet names, and ended on its close date. Later sheets change what is so now.
    """
    ended = outcome.values.get("close_date") if outcome.values.get("status") in {"won", "lost"} else None
    end, opened = _noon(ended, until), _noon(outcome.said.about.get("opened"), until)
    if end and opened and opened > end:
        opened = end
    found: dict[str, datetime | None] = (
        dict.fromkeys(ON_ITS_END, end) if end else dict.fromkeys(("amount", "close_date"))
    )
    return found | {"": opened or end}


def _noon(day: str | None, until: datetime) -> datetime | None:
    if not day:
        return None
    at = datetime.combine(date.fromisoformat(day), time(12), current_map().hours.tz)
    return at if at <= until else None


def _brought_along(outcome: Outcome) -> Iterator[Said]:
    for kind, record_id, values in outcome.made:
        yield from ((kind, record_id, name, value, f"{kind}.{name}") for name, value in values.items())


def _first_first(values: dict[str, Any], first: str) -> Iterator[tuple[str, Any]]:
    """A deal is opened by its title, so the title is its first fact."""
    if first in values:
        yield first, values[first]
    yield from ((name, value) for name, value in values.items() if name != first)


def _remember(job: ImportJob, sheet: Sheet, outcomes: list[Outcome]) -> None:
    fresh: dict[str, SheetRow] = {}
    known: dict[str, SheetRow] = {}
    _find_rows_of(sheet, outcomes)
    for outcome in outcomes:
        said = _said(outcome)
        row = outcome.row or fresh.get(outcome.key)
        if row is None:
            assert outcome.record_id
            fresh[outcome.key] = _row(sheet, outcome, outcome.record_id, said, job)
        elif row.record_id != outcome.record_id or any(row.said.get(name) != value for name, value in said.items()):
            row.record_id, row.said = outcome.record_id, row.said | said
            if outcome.row is not None:
                known[outcome.key] = row
    insert_rows(list(fresh.values()))
    update_rows(list(known.values()), ["said", "record_id"])


def _find_rows_of(sheet: Sheet, outcomes: list[Outcome]) -> None:
    """A row that speaks of a record again was planned with the first one, which may have been written before it."""
    again = {one.key for one in outcomes if one.again and one.row is None}
    rows = {row.key: row for row in SheetRow.objects.filter(sheet=sheet, key__among=again)} if again else {}
    for one in outcomes:
        one.row = one.row or rows.get(one.key)


def _said(outcome: Outcome) -> dict[str, Any]:
    company = outcome.said.about.get("company")
    return outcome.said.values | ({NAMED: company} if company else {})


def _row(sheet: Sheet, outcome: Outcome, record_id: UUID, said: dict[str, Any], job: ImportJob) -> SheetRow:
    told = {"sheet_id": sheet.pk, "key": outcome.key, "record_kind": outcome.kind, "record_id": record_id}
    return made(SheetRow, told | {"said": said, "job_id": job.pk})


def _leave(job: ImportJob, outcomes: list[Outcome]) -> None:
    rows = [
        LeftRow(
            job=job, number=one.said.number, cells=list(one.said.cells), because=one.said.problem[:400],
            column=one.said.column,
        )
        for one in outcomes
    ]  # fmt: skip
    insert_rows(rows, ignore_conflicts=True)
