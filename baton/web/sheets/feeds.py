"""Saved views as live sheets: whoever knows the address reads what its maker may see, until it is ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.decide.leaving import addresses_of, end_address, make_address, sheet_at
from baton.decide.models import SavedView
from baton.kernel.clock import now
from baton.web.members.door import ones_own
from baton.web.members.origin import absolute
from baton.web.sheets.page import member_of

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "POST"])
@ones_own
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the addresses of a view; a POST makes one more."""
    member = member_of(request)
    if request.method == "POST":
        make_address(pk, by=member, at=now())
        return redirect("view-address", pk=pk)
    view = SavedView.objects.of(member).filter(pk=pk).first()
    if view is None:
        raise Http404
    there = [
        {
            "one": one,
            "links": [(ending, absolute(request, reverse("view-feed", args=[one.token, ending]))) for ending in TYPES],
        }
        for one in addresses_of(pk, member)
    ]
    return render(request, "baton/sheets/address.html", {"view": view, "there": there, "now": now()})


@require_POST
@ones_own
def address_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an address; whoever has it reads nothing more."""
    return redirect("view-address", pk=end_address(pk, by=member_of(request)))


@login_not_required
@require_safe
def feed(_request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """Give the sheet. Nothing of it is kept on the way."""
    with override("en"):
        found = sheet_at(token, ending, at=now()) if ending in TYPES else None
    if found is None:
        raise Http404
    content, name = found
    answer = HttpResponse(content, content_type=TYPES[ending])
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in " -_")).strip()
    answer["Content-Disposition"] = f'attachment; filename="{plain or "view"}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
