"""Exceptions on a deal: what is done differently from the map, and that somebody looked at it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.deal.answers import Once, asked, changed, told
from baton.web.deal.seen import DealSeen, see
from baton.web.pages import sent
from baton.work import exceptions
from baton.work.models import ExceptionCase


class ExceptionForm(Once):
    """What, of which kind, and why."""

    what = forms.CharField(
        max_length=400,
        label=gettext_lazy("What is done differently"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    category = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    reason = forms.CharField(required=False, max_length=1000, label=gettext_lazy("Because"))


def _categories(seen: DealSeen) -> list[tuple[str, str]]:
    """Return what the map allows as exceptions, of its handoffs and in general."""
    named = [*seen.map.exceptions, *(one for handoff in seen.map.handoffs.values() for one in handoff.exceptions)]
    return [*((one, one) for one in dict.fromkeys(named)), ("", _("something else"))]


@require_http_methods(["GET", "POST"])
def deal_exceptions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record an exception."""
    seen = see(request, pk)
    form = ExceptionForm(sent(request))
    form.fields["category"].choices = _categories(seen)
    if request.method == "GET":
        because = _("Repeated ones propose a change to the map.")
        return asked(request, seen, form, title=_("An exception"), because=because, submit=_("Record it"))
    typed = told(form)
    exceptions.record_exception(
        seen.deal,
        typed["what"],
        category=typed["category"],
        reason=typed["reason"],
        by=seen.member,
        at=seen.now,
        key=typed["key"],
    )
    return changed(request, pk)


@require_POST
def exception_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that somebody looked at an exception."""
    assert isinstance(request.user, Member)
    case = ExceptionCase.objects.visible_to(request.user).filter(pk=pk).first()
    if case is None:
        raise Http404
    exceptions.review(case, by=request.user, at=now())
    return changed(request, case.deal_id)
