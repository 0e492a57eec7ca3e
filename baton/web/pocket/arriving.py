"""Where a post comes from that can't carry a token of a page, and when what it brings was typed."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _

from baton.channels.pocket.packing import Held
from baton.kernel.verdict import Refusal
from baton.web.deal.files import plain_name

OWN = {"none", "same-origin"}
"""What a browser says of a request that a person began outside any page, or a page of ours (Fetch Metadata, W3C)."""


def is_ours(request: HttpRequest) -> bool:
    """Whether no other site's page can have sent this.

    A browser says by itself who began a request, and no page can change it. One that doesn't say must show the token
    that only our pages have.
    """
    began = request.headers.get("Sec-Fetch-Site")
    return began in OWN if began else _has_token(request)


def _has_token(request: HttpRequest) -> bool:
    check = CsrfViewMiddleware(lambda _request: None)  # type: ignore[arg-type, return-value]
    check.process_request(request)
    return check.process_view(request, _no_view, (), {}) is None


def _no_view() -> None:
    """Stand for a view that is not exempt."""


def typed_at(text: str, at: datetime) -> datetime:
    """Return when something that waited for a connection was typed (ISO 8601); never later than now."""
    try:
        typed = datetime.fromisoformat(text.replace("Z", "+00:00")) if text else at
    except ValueError:
        return at
    return min(typed, at) if typed.tzinfo else at


def held_in(uploads: list[UploadedFile], most: int) -> list[Held]:
    """Return what was uploaded, refused where it is more than `most` bytes in all."""
    if sum(one.size or 0 for one in uploads) > most:
        raise Refusal(_("That is more than %(most)d MB at once.") % {"most": most // 1_048_576})
    return [
        Held(plain_name(one.name), (one.content_type or "application/octet-stream")[:120], one.read())
        for one in uploads
        if one.size
    ]
