"""Rows that were left are mended one at a time, where they stand, and read once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from baton.capture.models import ImportJob
from baton.channels.sheets import importing
from baton.channels.sheets.columns import KINDS, matched
from baton.channels.sheets.lexicon import own_fields
from baton.channels.sheets.models import LeftRow, Sheet
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member


def mend(job: ImportJob, number: int, cells: Sequence[str], *, at: datetime) -> bool:
    """Read a row that was left once more, with these cells; return whether it is in now. Otherwise it says why not."""
    row = LeftRow.objects.filter(job=job, number=number).first()
    if row is None:
        raise Refusal(_("That row isn’t waiting any more."))
    run = importing.Run(job, importing.sheet_of(job), importing.table_of(job))
    [planned] = run.plan([(number, [cell.strip()[:20_000] for cell in cells])])
    with writing():
        row.delete()
        [outcome] = run.write([planned], at)
        if outcome.state == "bad":
            return False
        recorded = int(outcome.state != "same")
        job.parked, job.recorded, job.already_known = (
            job.parked - 1,
            job.recorded + recorded,
            job.already_known + 1 - recorded,
        )
        job.save(update_fields=["parked", "recorded", "already_known"])
    return True


def leave_out(job: ImportJob, number: int) -> None:
    """Let a row go: it stays in the file as it came."""
    LeftRow.objects.filter(job=job, number=number).delete()


def choose(
    sheet: Sheet,
    *,
    kind: str,
    columns: Mapping[int, str],
    words: Mapping[str, Mapping[str, str]],
    order: str,
    by: Member,
    at: datetime,
) -> Sheet:
    """Keep how a sheet is read, for this time and the next. Another kind is another sheet, matched anew."""
    if kind not in KINDS:
        raise Refusal(_("A sheet holds deals, contacts, companies or invoices."))
    if kind != sheet.kind:
        return _of_kind(sheet, kind, by, at)
    sheet.columns = {str(column): name for column, name in columns.items() if name}
    sheet.words = {**sheet.words, **{field: {**sheet.words.get(field, {}), **told} for field, told in words.items()}}
    sheet.settings = {**sheet.settings, "order": order if order in {"dm", "md"} else ""}
    sheet.chosen_by, sheet.used_at = by, at
    with writing():
        sheet.save()
    return sheet


def _of_kind(sheet: Sheet, kind: Any, by: Member, at: datetime) -> Sheet:
    found = matched(sheet.heads, kind, own_fields(kind))
    kept = {"heads": sheet.heads, "columns": {str(c): n for c, n in found.items()}, "chosen_by": by, "used_at": at}
    with writing():
        if sheet.connection_id:
            for name, value in (kept | {"kind": kind, "words": {}}).items():
                setattr(sheet, name, value)
            sheet.save()
            return sheet
        known = Sheet.objects.filter(fingerprint=sheet.fingerprint, kind=kind, connection=None).first()
        return known or Sheet.objects.create(fingerprint=sheet.fingerprint, kind=kind, **kept)
