"""Writes what was planned, through `record()`, and remembers what the rows said. One chunk is one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
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
from baton.members.models import Member

SHEETS = "sheets"


def key_of(job: ImportJob, number: int, what: str) -> str:
    """Return the source's own id of one fact: which import, which row, which field."""
    return f"sheet:{job.pk.hex}:{number}:{what}"


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
    entries = [entry for outcome in outcomes for entry in _brought_along(job, outcome)]
    record(entries, by=Author(by, SHEETS), at=at)
    for outcome in outcomes:
        outcome.made = []


def _write(job: ImportJob, sheet: Sheet, outcomes: list[Outcome], by: Member, at: datetime) -> None:
    entries = [entry for outcome in outcomes for entry in _entries(job, outcome)]
    with writing():
        if entries:
            record(entries, by=Author(by, SHEETS), at=at)
        _remember(job, sheet, [one for one in outcomes if one.state != "bad"])
        _leave(job, [one for one in outcomes if one.state == "bad"])


def _entries(job: ImportJob, outcome: Outcome) -> Iterator[Entry]:
    if outcome.state not in {"new", "changed"}:
        return
    yield from _brought_along(job, outcome)
    assert outcome.record_id
    number, because = outcome.said.number, _because(job, outcome)
    told = outcome.values if outcome.state == "new" else {one.field: one.after for one in outcome.changes}
    for name, value in _first_first(told, FIRST[outcome.kind]):
        yield Entry(outcome.kind, outcome.record_id, name, value, because=because, key=key_of(job, number, name))


def _brought_along(job: ImportJob, outcome: Outcome) -> Iterator[Entry]:
    number, because = outcome.said.number, _because(job, outcome)
    for kind, record_id, values in outcome.made:
        for name, value in values.items():
            yield Entry(kind, record_id, name, value, because=because, key=key_of(job, number, f"{kind}.{name}"))


def _because(job: ImportJob, outcome: Outcome) -> str:
    return _("Row %(number)d of %(sheet)s") % {"number": outcome.said.number, "sheet": job.what[:300]}


def _first_first(values: dict[str, Any], first: str) -> Iterator[tuple[str, Any]]:
    """A deal is opened by its title, so the title is its first fact."""
    if first in values:
        yield first, values[first]
    yield from ((name, value) for name, value in values.items() if name != first)


def _remember(job: ImportJob, sheet: Sheet, outcomes: list[Outcome]) -> None:
    fresh: dict[str, SheetRow] = {}
    known: dict[str, SheetRow] = {}
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
