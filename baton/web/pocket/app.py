"""What a phone asks for to install Baton: the manifest, its icons, the service worker, and the page without a line.

All of it is the same for everybody: browsers ask for it without saying who they are.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from baton.kernel.ids import uuid7
from baton.web.frame import business_name
from baton.web.pocket.drawing import SIZES, icon
from baton.web.pocket.shell import worker

GROUND = "#f1f0eb"
"""`--ground` in light; the dark one stands in `parts/head.html`, since a manifest knows but one."""
SHARED = {
    "image/*": [],
    "audio/*": [],
    "video/*": [],
    "text/plain": [".txt"],
    "text/vcard": [".vcf", ".vcard"],
    "text/x-vcard": [".vcf"],
    "text/calendar": [".ics"],
    "text/csv": [".csv", ".tsv"],
    "message/rfc822": [".eml", ".msg"],
    "application/zip": [".zip"],
    "application/pdf": [".pdf"],
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [".xlsx", ".xlsm"],
    "application/vnd.ms-excel": [".xls"],
    "application/vnd.oasis.opendocument.spreadsheet": [".ods"],
}
"""What other apps may share to Baton: its type → how its name may end."""
A_DAY = 86_400


@login_not_required
@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """Say what the installed app is called, how it opens, and what it takes from other apps (W3C manifest)."""
    named = business_name()
    told = {
        "id": "/",
        "name": f"{named} · Baton" if named else "Baton",
        "short_name": "Baton",
        "description": _("Every promise in the hands of whoever has the work next."),
        "start_url": reverse("quick"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": _icons(),
        "shortcuts": _shortcuts(),
        "share_target": _share_target(),
    }
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def _icons() -> list[dict[str, str]]:
    drawn = [(size, purpose) for size in SIZES[1:] for purpose in ("any", "maskable")]
    return [
        {
            "src": reverse("app-icon", args=[size]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in drawn
    ] + [{"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]


def _shortcuts() -> list[dict[str, Any]]:
    named = ((_("Capture"), "quick"), (_("Today"), "today"), (_("Inbox"), "inbox"), (_("Find or do"), "search"))
    return [{"name": name, "url": reverse(to)} for name, to in named]


def _share_target() -> dict[str, Any]:
    taken = [one for kind, endings in SHARED.items() for one in (kind, *endings)]
    return {
        "action": reverse("share"),
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": {"title": "title", "text": "text", "url": "url", "files": [{"name": "files", "accept": taken}]},
    }


@login_not_required
@require_safe
def app_icon(_request: HttpRequest, size: int) -> HttpResponse:
    """Hand out the icon in one of its sizes."""
    if size not in SIZES:
        raise Http404
    answer = HttpResponse(icon(size), content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={A_DAY}"
    return answer


@login_not_required
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Hand out the service worker, from the root, since it may only look after what lies below its own address.

    The policy on it holds for what the worker itself does: it asks this server, and nobody else.
    """
    answer = HttpResponse(worker(), content_type="text/javascript; charset=utf-8")
    answer["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; connect-src 'self'"
    answer["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page without a line: one line can be typed, and is kept on the phone. It knows nobody."""
    answer = render(request, "baton/pocket/offline.html", {"key": uuid7()})
    answer["Cache-Control"] = "no-store"
    return answer
