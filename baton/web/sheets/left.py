"""Rows that weren't let in: mended where they stand, or left out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from baton.capture.models import ImportJob
from baton.channels.sheets import importing
from baton.channels.sheets.mending import leave_out, mend
from baton.channels.sheets.models import LeftRow, Sheet
from baton.kernel.clock import now
from baton.web.sheets.page import job_of

SHOWN = 50


@require_safe
def rows(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the rows that wait to be mended."""
    job = job_of(request, pk)
    sheet = importing.sheet_of(job)
    there = LeftRow.objects.filter(job=job).order_by("number")
    shown = [_shown(row, sheet) for row in there[:SHOWN]]
    return render(request, "baton/sheets/rows.html", {"job": job, "rows": shown, "count": there.count()})


def _shown(row: LeftRow, sheet: Sheet) -> dict[str, Any]:
    """The columns that are taken, the one with the problem first."""
    taken = sorted((int(column) for column in sheet.columns), key=lambda column: (column != row.column, column))
    cells = [
        {
            "number": column,
            "head": sheet.heads[column],
            "text": row.cells[column] if column < len(row.cells) else "",
            "wrong": column == row.column,
        }
        for column in taken
        if column < len(sheet.heads)
    ]
    return {"number": row.number, "because": row.because, "cells": cells}


@require_POST
def row(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Read one row again as it was mended, or leave it out."""
    job = job_of(request, pk)
    if request.POST.get("do") == "leave":
        leave_out(job, number)
        return redirect("sheet-rows", pk=pk)
    done = mend(job, number, _cells(request, job, number), at=now())
    said = _("Row %(number)d is in.") if done else _("Row %(number)d still can’t be read.")
    messages.add_message(request, messages.INFO, said % {"number": number}, extra_tags="hand" if done else "late")
    return redirect("sheet-rows", pk=pk)


def _cells(request: HttpRequest, job: ImportJob, number: int) -> list[str]:
    known = LeftRow.objects.filter(job=job, number=number).first()
    heads = importing.sheet_of(job).heads
    cells = [*(known.cells if known else []), *[""] * len(heads)][: len(heads)]
    return [request.POST.get(f"cell-{column}", text) for column, text in enumerate(cells)]
