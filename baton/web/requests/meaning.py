"""“That’s not it”: a person says what a label of a template means. It is remembered, and the template filled anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.views.decorators.http import require_POST

from baton.decide.requests import keeping
from baton.decide.requests.meaning import ENOUGH
from baton.decide.requests.models import Request
from baton.kernel.clock import now
from baton.map.elements import BUILT_IN_FIELDS
from baton.members.models import Member
from baton.web.requests.seen import member_of, request_of

FIGURES = {
    "open:amount": _t("open deals, worth"),
    "open:count": _t("open deals, how many"),
    "weighted:amount": _t("open deals, weighted by evidence"),
    "commit:amount": _t("open deals in commit"),
    "best case:amount": _t("open deals in best case"),
    "won:amount": _t("won, worth"),
    "won:count": _t("won, how many"),
    "likely:amount": _t("won and weighted, together"),
    "lost:amount": _t("lost, worth"),
    "lost:count": _t("lost, how many"),
    "new:count": _t("new deals, how many"),
    "open:average": _t("open deals, worth on average"),
    "open:largest": _t("the largest open deal"),
    "open:next_close": _t("the next close date"),
    ":rate": _t("share won"),
}
FIELDS = ("title", "company", "contact", "stage", "owner", "amount", "close_date", "next_step", "service", "source")
SHOWN = 60


def choices_for(request: Request, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the labels of a template with what each may mean, those that somebody has to say first."""
    answers = request.template.answers if request.template else {}
    labels = told.get("labels", [])[:SHOWN]
    return [one | {"chosen": _chosen(answers.get(one["key"], {})), "read": _as_read(one)} for one in labels]


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a label may mean, for the choices of the form."""
    figures = [(value, str(name)) for value, name in FIGURES.items()]
    fields = [(f"field:{key}", str(BUILT_IN_FIELDS[key].name)) for key in FIELDS]
    people = [
        (f"owner:{pk}", name)
        for pk, name in Member.objects.filter(is_active=True).order_by("name").values_list("pk", "name")
    ]
    return [(_("Figures"), figures), (_("Fields of a deal"), fields), (_("People"), people)]


def _as_read(one: Mapping[str, Any]) -> str:
    reading = one["reading"]
    told = f"{reading.get('status', '')}:{reading.get('base', '') or 'amount'}"
    if reading.get("unkept"):
        return _("nothing that Baton keeps")
    if told in FIGURES and reading.get("status") and reading.get("sure", 1) >= ENOUGH:
        return str(FIGURES[told])
    if reading.get("sure", 1) < ENOUGH and reading.get("says"):
        return _("more than one thing")
    return _("as it says") if reading.get("says") else _("not understood")


def _chosen(answer: Mapping[str, Any]) -> str:
    if answer.get("nothing"):
        return "nothing"
    if answer.get("field"):
        return f"field:{answer['field']}"
    if answer.get("about", {}).get("owner"):
        return f"owner:{answer['about']['owner']}"
    return f"{answer.get('status', '')}:{answer.get('base', '')}" if answer else ""


@require_POST
def meaning(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take what labels mean, and fill the template anew."""
    found = request_of(request, pk)
    member = member_of(request)
    known = {one["key"] for one in found.told.get("labels", [])}
    said = zip(request.POST.getlist("label"), request.POST.getlist("means"), strict=False)
    labels = {key: _answer(means) for key, means in said if key in known}
    month = request.POST.get("month", "")
    labels |= {
        key: {"month": month} for key in request.POST.getlist("month-label") if key in known and _is_month(month)
    }
    keeping.correct(found, labels, keep="over" not in request.POST, by=member, at=now())
    messages.add_message(request, messages.INFO, _("Remembered, and filled anew."), extra_tags="hand")
    return redirect("request", pk=pk)


def _is_month(text: str) -> bool:
    year, dash, month = text.partition("-")
    return bool(dash) and year.isdecimal() and len(year) == 4 and month.isdecimal() and 1 <= int(month) <= 12


def _answer(means: str) -> dict[str, Any]:
    """Turn a choice into what is remembered; nothing for as Baton reads it."""
    kind, _colon, value = means.partition(":")
    if means == "nothing":
        return {"nothing": True}
    if kind == "field" and value in FIELDS:
        return {"field": value}
    if kind == "owner" and Member.objects.filter(pk=_uuid(value)).exists():
        return {"about": {"owner": value}}
    return {"status": kind, "base": value} if means in FIGURES else {}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
