"""Saying which column is which, and what the words of a sheet mean here; remembered for the next one like it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from baton.channels.sheets import importing
from baton.channels.sheets.knowing import kind_of
from baton.channels.sheets.mending import choose
from baton.kernel.clock import now
from baton.web.sheets.page import job_of, member_of
from baton.web.sheets.words import choices


@require_POST
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep how the sheet is read, and look at it again."""
    job, at = job_of(request, pk), now()
    sheet = importing.sheet_of(job)
    permitted = {name for name, _label in choices(kind_of(sheet))}
    told = {number: request.POST.get(f"column-{number}", "") for number in range(len(sheet.heads))}
    chosen = choose(
        sheet,
        kind=request.POST.get("kind", sheet.kind),
        columns={number: name for number, name in told.items() if name in permitted},
        words=_words(request.POST),
        order=request.POST.get("order", ""),
        by=member_of(request),
        at=at,
    )
    job.settings = {**job.settings, "sheet": str(chosen.pk)}
    job.save(update_fields=["settings"])
    importing.ask(job, at=at)
    return redirect("sheet", pk=pk)


def _words(post: QueryDict) -> dict[str, dict[str, str]]:
    """Return field → word → what is meant: the words stand in hidden inputs beside the choices, in the same order."""
    found = {}
    for field in ("stage", "owner"):
        pairs = zip(post.getlist(f"{field}-word"), post.getlist(f"{field}-meant"), strict=False)
        told = {word[:120]: meant for word, meant in pairs if meant}
        if told:
            found[field] = told
    return found
