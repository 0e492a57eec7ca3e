"""What people drop (mailboxes, chats, calendars): kept, counted, read in the background; progress is seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.capture import imports as bringing_in
from baton.capture.models import ImportJob
from baton.channels.calendar import importing as calendars
from baton.channels.email import importing
from baton.channels.whatsapp import importing as chats
from baton.kernel.clock import now
from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.members.models import Member
from baton.web.pages import page

SHOWN = 20
TAKEN = (".eml", ".mbox", ".mbx", ".zip", ".msg", ".tar", ".gz", ".xz", ".tgz", "")


def imports(request: HttpRequest) -> HttpResponse:
    """Show the member's imports; a POST with files begins one."""
    member = _member(request)
    if request.method == "POST":
        return redirect("import", pk=_begin(request, member).pk)
    return render(
        request, "baton/inbox/imports.html", {"jobs": _jobs(member).exclude(channel="contacts")[:SHOWN], "now": now()}
    )


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _jobs(member: Member) -> QuerySet[ImportJob]:
    return ImportJob.objects.filter(by=member).order_by("-started_at")


def _begin(request: HttpRequest, member: Member) -> ImportJob:
    files = request.FILES.getlist("files")
    if not files:
        raise Refusal(_("Choose something first: .eml, .mbox, a folder, a .zip of those, a chat’s .txt, or .ics."))
    exported = [file for file in files if chats.is_chat(file, str(file.name))]
    planned = [file for file in files if calendars.is_calendar(file, str(file.name))]
    rest = [file for file in files if file not in exported and file not in planned]
    jobs = [_begin_chats(exported, member)] if exported else []
    if planned:
        places = [str(kept(planned, calendars.TAKEN))]
        jobs.append(named(calendars.start(places, by=member, at=now(), waiting=True), planned))
    if rest:
        jobs.append(named(importing.start([str(kept(rest, TAKEN))], by=member, at=now(), waiting=True), rest))
    return jobs[-1]


def _begin_chats(files: Sequence[UploadedFile], member: Member) -> ImportJob:
    """Bring exported chats in; with whom one is, its own name says."""
    folder = kept(files, (".txt", ".zip"))
    names = {str(place): str(file.name) for place, file in zip(sorted(folder.iterdir()), files, strict=True)}
    return chats.start(list(names), by=member, at=now(), waiting=True, names=names)


def kept(files: Sequence[UploadedFile], taken: Collection[str]) -> Path:
    """Keep what was dropped in a folder of its own, and return it; only endings in `taken` are kept with the files."""
    folder = Path(settings.DATA_DIR) / "uploads" / str(uuid7())
    folder.mkdir(parents=True)
    for number, file in enumerate(files):
        _keep(file, folder / f"{number:05}{_ending(file, taken)}")
    return folder


def named(job: ImportJob, files: Sequence[UploadedFile]) -> ImportJob:
    """Name an import after the files as people know them."""
    job.what = ", ".join(str(file.name) for file in files)[:400]
    job.save(update_fields=["what"])
    return job


def _ending(file: UploadedFile, taken: Collection[str]) -> str:
    """Return the kind of file by its name; a name of its own is never used for a path."""
    ending = Path(str(file.name)).suffix.lower()
    return ending if ending in taken else ""


def _keep(file: UploadedFile, place: Path) -> None:
    with place.open("xb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)


def _job(request: HttpRequest, pk: UUID) -> ImportJob:
    job = _jobs(_member(request)).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far one import is; asks again by itself while it runs."""
    job = _job(request, pk)
    running = job.finished_at is None and job.stopped_at is None
    context = {"job": job, "running": running, "now": now(), "share": _share(job)}
    return render(request, page("inbox/import", request, part="progress"), context)


def _share(job: ImportJob) -> int:
    return min(100, 100 * job.read // job.total) if job.total else 0


@require_POST
def import_stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop after the messages at hand; what is recorded stays."""
    bringing_in.stop(_job(request, pk), at=now())
    return redirect("import", pk=pk)


@require_POST
def import_resumption(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on where it was stopped."""
    bringing_in.resume(_job(request, pk), at=now())
    return redirect("import", pk=pk)
