"""Sheets that people drop: what each would change, its progress, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.capture import imports
from baton.capture.models import ImportJob
from baton.channels.sheets import importing
from baton.channels.sheets.adapter import SHEETS
from baton.channels.sheets.columns import KINDS, missing
from baton.channels.sheets.looking import sentences
from baton.channels.sheets.models import Sheet
from baton.channels.sheets.undoing import take_back
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.pages import page
from baton.web.sheets.words import Valued, choices, label

SHOWN = 20
MOST_BYTES = 100_000_000
SHAPE = {
    "no_owner": _t("Open deals without an owner"),
    "no_step": _t("Open deals without a next step"),
    "overdue": _t("Open deals whose close date is past"),
    "stale": _t("Open deals that nobody touched for 90 days"),
    "no_customer": _t("Open deals without a customer"),
    "no_amount": _t("Open deals without an amount"),
    "twice": _t("Rows of one name more than once"),
    "unreachable": _t("People without an address or a phone"),
}


@require_http_methods(["GET", "POST"])
def sheets(request: HttpRequest) -> HttpResponse:
    """Show the member's sheets; a POST with a file looks at one."""
    member = member_of(request)
    if request.method == "POST":
        return redirect("sheet", pk=_begin(request, member).pk)
    kinds = [(kind, str(Sheet.Kind(kind).label)) for kind in KINDS]
    context = {"jobs": _jobs(member)[:SHOWN], "kinds": kinds, "now": now()}
    return render(request, "baton/sheets/drop.html", context)


def member_of(request: HttpRequest) -> Member:
    """Return who is signed in."""
    assert isinstance(request.user, Member)
    return request.user


def _jobs(member: Member) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(by=member, channel=SHEETS).order_by("-started_at")


def job_of(request: HttpRequest, pk: UUID) -> ImportJob:
    """Return one import of the member's own."""
    job = _jobs(member_of(request)).filter(pk=pk).select_related("by").first()
    if job is None:
        raise Http404
    return job


def _begin(request: HttpRequest, member: Member) -> ImportJob:
    file = request.FILES.get("file")
    if file is None:
        raise Refusal(_("Choose a sheet first: .csv, .xlsx, .ods or .xls."))
    if (file.size or 0) > MOST_BYTES:
        raise Refusal(_("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    kind = request.POST.get("kind", "")
    at = now()
    job = importing.start(str(file.name), file.read(), by=member, at=at, kind=kind if kind in KINDS else "")
    importing.ask(job, at=at)
    return job


@require_safe
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a sheet would change, how far it is, or what came of it."""
    job = job_of(request, pk)
    return render(request, page("sheets/one", request, part="progress"), _context(job))


def _context(job: ImportJob) -> dict[str, Any]:
    begun = bool(job.read or job.finished_at or job.settings.get("begun"))
    looked = job.settings.get("looked")
    context: dict[str, Any] = {
        "job": job,
        "begun": begun,
        "running": (begun or not looked) and job.due_at is not None and not job.finished_at and not job.stopped_at,
        "share": min(100, 100 * job.read // job.total) if job.total else 0,
        "taken_back": job.settings.get("taken_back"),
        "now": now(),
    }
    if looked:
        context |= _looked(job, looked)
    return context


def _looked(job: ImportJob, looked: dict[str, Any]) -> dict[str, Any]:
    known = importing.sheet_of(job)
    kind = next(one for one in KINDS if one == known.kind)
    columns = {int(column): name for column, name in known.columns.items()}
    table = job.settings["table"]
    values = [v for one in looked["examples"]["changed"] for c in one["changes"] for v in (c["before"], c["after"])]
    valued = Valued(values, job.by)
    return {
        "sheet": known,
        "kinds": [(one, str(Sheet.Kind(one).label)) for one in KINDS],
        "looked": looked,
        "answer": _answer(looked["counts"]),
        "nameless": missing(columns, kind),
        "columns": [
            {"number": number, "head": head, "sample": sample, "field": columns.get(number, "")}
            for number, (head, sample) in enumerate(zip(table["heads"], table["samples"], strict=True))
        ],
        "choices": choices(kind),
        "changed": [_changes(one, valued) for one in looked["examples"]["changed"]],
        "shape": [{"count": count, "what": str(SHAPE[name])} for name, count in sentences(looked["shape"])],
        "unplaced": list(looked["shape"]["unplaced"].items()),
        "owners": list(looked["shape"]["owners"].items())[:20],
        "stages": list(current_map().stages.values()),
        "members": list(Member.objects.filter(is_active=True).order_by("name")),
        "order": known.settings.get("order", ""),
        "others": [name for n, name in enumerate(table["sheets"]) if n != job.settings["which"]],
    }


def _answer(counts: dict[str, int]) -> str:
    parts = [
        ngettext("%(n)d new", "%(n)d new", counts["new"]) % {"n": counts["new"]},
        ngettext("%(n)d changed", "%(n)d changed", counts["changed"]) % {"n": counts["changed"]},
        ngettext("%(n)d as before", "%(n)d as before", counts["same"]) % {"n": counts["same"]},
        ngettext("%(n)d to be mended", "%(n)d to be mended", counts["bad"]) % {"n": counts["bad"]},
    ]
    return ", ".join(parts) + "."


def _changes(one: dict[str, Any], valued: Valued) -> dict[str, Any]:
    told = [
        {
            "field": label(change["field"]),
            "before": valued.words(change["before"]),
            "after": valued.words(change["after"]),
            "here_too": change["here_too"],
        }
        for change in one["changes"]
    ]
    return {"number": one["number"], "title": one["title"], "changes": told}


@require_POST
def entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the sheet in, or go on with it."""
    job = job_of(request, pk)
    job.settings = {**job.settings, "begun": True}
    job.save(update_fields=["settings"])
    importing.let_in(job, at=now())
    return redirect("sheet", pk=pk)


@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop after the rows at hand; what is in stays."""
    imports.stop(job_of(request, pk), at=now())
    return redirect("sheet", pk=pk)


@require_POST
def taking_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the whole import back."""
    job = job_of(request, pk)
    done = take_back(job, by=member_of(request), at=now())
    said = ngettext("%(n)d record is gone again.", "%(n)d records are gone again.", done.records) % {"n": done.records}
    if done.kept:
        said += " " + ngettext("%(n)d stays.", "%(n)d stay.", len(done.kept)) % {"n": len(done.kept)}
    messages.add_message(request, messages.INFO, said, extra_tags="hand")
    return redirect("sheet", pk=pk)
