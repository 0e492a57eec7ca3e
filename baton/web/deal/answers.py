"""How what is done on a deal is answered: with htmx the page's parts anew, else a redirect back to the deal."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.web.deal.seen import DealSeen
from baton.web.notices import way_back
from baton.web.pages import page, wants_part
from baton.web.redirects import onward


class Once(forms.Form):
    """A form that records something new: sent twice, also by a browser without scripts, it records once."""

    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput, initial=lambda: str(uuid7()))


def changed(request: HttpRequest, pk: UUID, *, said: bool = False) -> HttpResponse:
    """Answer that something was recorded on this deal.

    A form on the deal's own page gets its parts anew, and the dialog around it closes. Asked from elsewhere (Today,
    Inbox), the person stays where they were. `said` empties the line in which they write.
    """
    from baton.web.deal.page import deal_context

    here = reverse("deal", args=[pk])
    if wants_part(request) and stands_on(request) == here:
        answer = render(request, "baton/deal/changed.html", deal_context(request, pk) | {"said": said})
        answer.headers["HX-Trigger"] = "baton:close"
        return answer
    return redirect(onward(request) or _whole(request) or here)


def stands_on(request: HttpRequest) -> str:
    """Return the path of the page that htmx asked from."""
    url = request.headers.get("HX-Current-URL", "")
    return urlsplit(url).path if url and url_has_allowed_host_and_scheme(url, {request.get_host()}) else ""


def _whole(request: HttpRequest) -> str:
    """Return the page that htmx asked from with what it was asked: the deal of a review, the filters of a list."""
    query = urlsplit(request.headers.get("HX-Current-URL", "")).query
    return f"{path}?{query}" if (path := stands_on(request)) and query else stands_on(request)


def asked(
    request: HttpRequest, seen: DealSeen, form: forms.Form, *, title: str, submit: str, because: str = "", **more: Any
) -> HttpResponse:
    """Show a short form: a dialog with htmx, a page of its own else. `more` may name another `template`."""
    context = {
        "seen": seen,
        "deal": seen.deal,
        "form": form,
        "title": title,
        "because": because,
        "submit": submit,
        "action": request.path,
        "back": way_back(request) or reverse("deal", args=[seen.deal.pk]),
        **more,
    }
    return render(request, page(more.get("template", "deal/asked"), request, part="dialog"), context)


def told(form: forms.Form) -> dict[str, Any]:
    """Return what was typed, or refuse with the first thing that can't be understood; what was typed stays."""
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refusal(f"{label}: {errors[0]}" if label else str(errors[0]))
