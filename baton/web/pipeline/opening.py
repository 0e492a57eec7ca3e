"""Opening a deal by hand, for an enquiry that came by word of mouth."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from baton.kernel.clock import now
from baton.members.models import Member
from baton.web.deal.answers import told
from baton.web.pages import page, sent
from baton.work.opening import open_by_hand


class DealForm(forms.Form):
    """What is asked before a deal is there: as little as a name."""

    title = forms.CharField(max_length=300, label=_("What is it about?"))
    contact = forms.CharField(max_length=300, required=False, label=_("Who asks?"))
    email = forms.EmailField(required=False, label=_("Their address"))
    company = forms.CharField(max_length=300, required=False, label=_("Company"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"
        self.fields["title"].widget.attrs["autofocus"] = True


@require_http_methods(["GET", "POST"])
def deal_opening(request: HttpRequest) -> HttpResponse:
    """Open a deal at the desk where enquiries begin."""
    assert isinstance(request.user, Member)
    form = DealForm(sent(request))
    if request.method == "GET":
        return render(request, page("pipeline/new", request, part="dialog"), {"form": form})
    deal = open_by_hand(by=request.user, at=now(), **told(form))
    return redirect("deal", pk=deal.pk)
