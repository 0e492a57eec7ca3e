"""How what is done on Today is answered: with htmx the row, settled or as it stands now, and the head; else a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.notices import way_back
from baton.web.pages import page, wants_part
from baton.web.redirects import onward
from baton.web.today.acts import Act
from baton.web.today.page import Looking, head, look, totals_of
from baton.web.today.rows import Row, rows_of
from baton.work.beside import counts
from baton.work.models import Duty
from baton.work.today import Owed, tell


def duty_at(request: HttpRequest, pk: UUID) -> tuple[Duty, Owed]:
    """Return a duty that the member sees, and the same in words; 404 where there is none, or its map no longer asks."""
    assert isinstance(request.user, Member)
    duty = Duty.objects.visible_to(request.user).filter(pk=pk).first()
    told = tell([duty], request.user, now()) if duty else []
    if duty is None or not told:
        raise Http404
    return duty, told[0]


def asked(request: HttpRequest, owed: Owed, template: str, **context: Any) -> HttpResponse:
    """Show a short form about a duty: a dialog with htmx, a page of its own else."""
    context |= {"owed": owed, "row_id": f"d-{owed.id}", "action": request.path, "back": _back(request), "now": now()}
    return render(request, page(template, request, part="dialog"), context)


def _back(request: HttpRequest) -> str:
    return way_back(request) or reverse("today")


def answered(
    request: HttpRequest, owed: Owed, sentence: str, *, undo: Act | None = None, gone: bool = False
) -> HttpResponse:
    """Answer that something was done about a duty. `gone` says that it left this list though it is still open.

    Where it is still owed, because what closes it hasn't happened yet, the row stays and says so.
    """
    owed, is_open = _as_it_stands(request, owed)
    still = is_open and not gone
    if not wants_part(request) or not _on_today(request):
        messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
        return redirect(_next(request))
    looking = _looked_at(request)
    [row] = rows_of([owed], looking.member, looking.at, whose=bool(looking.desk))
    _settle(row, sentence, undo, still=still)
    found = counts(looking.member, looking.at, desk=looking.desk)
    context = {"row": row, "looking": looking, "now": looking.at, "totals": totals_of(found)} | head(looking, found)
    answer = render(request, "baton/today/answer.html", context)
    answer.headers["HX-Trigger"] = "baton:close"
    return answer


def _as_it_stands(request: HttpRequest, owed: Owed) -> tuple[Owed, bool]:
    """Return the duty anew, and whether it is open; as it was where the member passed it out of their own sight."""
    assert isinstance(request.user, Member)
    duty = Duty.objects.visible_to(request.user).filter(pk=owed.id).first()
    told = tell([duty], request.user, now()) if duty else []
    return (told[0], duty.state == Duty.State.OPEN) if duty and told else (owed, False)


def _settle(row: Row, sentence: str, undo: Act | None, *, still: bool) -> None:
    row.note, row.undo, row.done = sentence, undo, not still
    if still:
        row.note = _("%(done)s It is still owed until what settles it has happened.") % {"done": sentence}
        return
    row.acts, row.deferring, row.values, row.gaps, row.quote = [], "", [], [], ""
    row.question, row.due, row.packet = False, "", ()


def _on_today(request: HttpRequest) -> bool:
    return _stands_on(request)[0] == reverse("today")


def _stands_on(request: HttpRequest) -> tuple[str, dict[str, list[str]]]:
    """Return path and query of the page that htmx asked from."""
    url = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return "", {}
    parts = urlsplit(url)
    path = reverse("today") if parts.path == "/" else parts.path
    return path, parse_qs(parts.query)


def _looked_at(request: HttpRequest) -> Looking:
    """Return the view of Today that the row stands in."""
    looking = look(request)
    _path, query = _stands_on(request)
    desk = query.get("desk", [""])[0]
    looking.desk = desk if desk in looking.desks else ""
    looking.put_off = query.get("put_off") == ["1"]
    return looking


def _next(request: HttpRequest) -> str:
    wanted = onward(request) or way_back(request)
    return wanted if wanted and not urlsplit(wanted).path.startswith("/duties/") else reverse("today")


def first_error(form: forms.Form) -> str:
    """Return the first thing of a form that can't be understood, with the name of its field."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])
