"""Done, and next: what came of it and what comes next, in one form; and a new date for what stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.members.models import Member
from baton.web.deal.typed import Moment, readings_of, typed_moment
from baton.web.pages import sent
from baton.web.today.answers import answered, asked, duty_at, first_error
from baton.work import next_steps
from baton.work.today import Owed


class NextForm(forms.Form):
    """What came of it, and the next step with its day in one line."""

    outcome = forms.CharField(
        required=False,
        max_length=5000,
        label=gettext_lazy("What came of it"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    line = forms.CharField(
        max_length=400,
        label=gettext_lazy("What’s next, and when"),
        help_text=gettext_lazy("“Call Dana Tue 10:00”, “send the quote by Friday”. Without a day it is due today."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def duty_next_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the step is done and what comes next; or set the first one."""
    _duty, owed = duty_at(request, pk)
    deal = _deal(request, owed)
    form = NextForm(sent(request), initial={"version": deal.version})
    if not deal.next_step:
        form.fields["outcome"].widget = forms.HiddenInput()
        form.fields["line"].widget.attrs["autofocus"] = True
    if request.method == "GET":
        return asked(request, owed, "today/next_step", form=form, step=deal.next_step, presses=bool(deal.next_step))
    if not form.is_valid():
        raise Refusal(first_error(form))
    what, due = read_step(form.cleaned_data["line"])
    _save(request, deal, form, what, due)
    return answered(request, owed, _("Next: %(what)s.") % {"what": what})


def _deal(request: HttpRequest, owed: Owed) -> Deal:
    assert isinstance(request.user, Member)
    deal = Deal.objects.visible_to(request.user).filter(pk=owed.deal_id).first() if owed.deal_id else None
    if deal is None:
        raise Http404
    return deal


def _save(request: HttpRequest, deal: Deal, form: NextForm, what: str, due: datetime | None) -> None:
    member = request.user
    assert isinstance(member, Member)
    told = {"by": member, "at": now(), "expected": form.cleaned_data["version"]}
    if not deal.next_step:
        next_steps.set_next(deal, what, due=due, **told)
        return
    outcome = form.cleaned_data["outcome"].strip()
    next_steps.done_and_next(deal, outcome=outcome, next_what=what, next_due=due, **told)


def read_step(line: str) -> tuple[str, datetime | None]:
    """Return what is to be done and when, as the grammar reads it; a day without a time ends with the working day."""
    text = " ".join(line.split())
    found = readings_of(f"next step: {text}", "next_step")
    what = found[0]["what"] if found and found[0]["what"] else text
    due = typed_moment(text) if readings_of(text, "date") else None
    return what, due


class DateForm(forms.Form):
    """The new date, and who agreed to it."""

    due = Moment(
        label=gettext_lazy("New date"),
        help_text=gettext_lazy("“Fri”, “next Tue 14:00”. Without a time it is the end of that day."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def duty_date(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the next step another date."""
    _duty, owed = duty_at(request, pk)
    deal = _deal(request, owed)
    form = DateForm(sent(request), initial={"version": deal.version})
    if request.method == "GET":
        return asked(request, owed, "today/date", form=form)
    if not form.is_valid():
        raise Refusal(first_error(form))
    told = {"by": request.user, "at": now(), "expected": form.cleaned_data["version"]}
    next_steps.set_next(deal, deal.next_step, due=form.cleaned_data["due"], **told)
    return answered(request, owed, _("It has a new date."))
