"""Files: downloaded by those who may read what brought them, never opened inside Baton; and taken in."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from baton.capture import store
from baton.kernel.verdict import Refusal
from baton.ledger.models import File
from baton.members.models import Member

MOST_BYTES = 25 * 1024 * 1024
SAFE_TYPES = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"}
"""Types under which a file is handed out; every other goes out as plain bytes."""
Described = tuple[str, str, int, str, bool, str]


def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a file out as a download, whatever it claims to be."""
    assert isinstance(request.user, Member)
    row = File.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    return handed_out(row)


def handed_out(row: File) -> HttpResponse:
    """Return a file as a download under a type that no browser runs."""
    content_type = row.content_type if row.content_type in SAFE_TYPES else "application/octet-stream"
    answer = HttpResponse(store.get(row.sha256), content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, row.name or "file") or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def taken_in(uploads: list[UploadedFile]) -> tuple[Described, ...]:
    """Put uploads into the file store, on disk before anything is recorded, and describe them for the ledger."""
    described = []
    for upload in uploads:
        if (upload.size or 0) > MOST_BYTES:
            raise Refusal(
                _("“%(name)s” is larger than 25 MB, which is more than a deal takes.") % {"name": upload.name}
            )
        content = upload.read()
        content_type = (upload.content_type or "application/octet-stream")[:120]
        described.append((plain_name(upload.name), content_type, len(content), store.put(content), False, ""))
    return tuple(described)


def plain_name(name: str | None) -> str:
    """Return a file's name without folders and control characters."""
    last = (name or "file").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:255] or "file"
