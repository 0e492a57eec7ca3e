"""All versions of the map, what differs between any two, and each as a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from baton.kernel.clock import now
from baton.map.current import current_map, current_version, map_version_numbered
from baton.map.diff import Change, compare
from baton.map.models import MapVersion


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions, newest first, with what changed between the two that are asked for."""
    newest = current_version()
    later = _number(request.GET.get("to", ""), newest, newest)
    earlier = _number(request.GET.get("from", ""), max(later - 1, 1), newest)
    listed = MapVersion.objects.select_related("published_by").defer("text")
    context = {"versions": listed, "earlier": earlier, "later": later, "now": now()}
    return render(request, "baton/map/versions.html", context | {"changes": _changes(earlier, later)})


def _number(text: str, otherwise: int, newest: int) -> int:
    return min(max(int(text), 1), newest) if text.isdecimal() and len(text) < 9 else otherwise


def _changes(earlier: int, later: int) -> list[Change]:
    return compare(map_version_numbered(earlier), map_version_numbered(later))


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version as it was published."""
    shown = get_object_or_404(MapVersion.objects.select_related("published_by"), number=number)
    context: dict[str, Any] = {"version": shown, "newest": current_version(), "now": now()}
    return render(request, "baton/map/version.html", context | {"lines": shown.text.splitlines()})


@require_safe
def version_file(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out one version as a YAML file."""
    shown = get_object_or_404(MapVersion, number=number)
    name = f"{slugify(current_map().business) or 'map'}-{number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(shown.text, content_type="application/yaml; charset=utf-8", headers=headers)
