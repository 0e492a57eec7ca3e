"""Exchange rates: a small form for the owner, a file for many days, and the list that everybody sees."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.decide import forecast
from baton.decide.forecast.kinds import may_enter_rates
from baton.decide.forecast.rates import Dated, all_rates, read_file, set_rates, told
from baton.kernel import words
from baton.kernel.clock import now
from baton.map.current import current_map
from baton.members.models import Member

SHOWN = 100
LARGEST = 4_000_000
"""Bytes; the bank's table of all days since 1999 has less than one million."""


class RateForm(forms.Form):
    """One rate, from one day on; or a file of them."""

    on = forms.DateField(required=False, label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    currency = forms.CharField(required=False, max_length=3, min_length=3, label=gettext_lazy("Currency"))
    rate = forms.DecimalField(required=False, max_digits=20, decimal_places=10, label=gettext_lazy("Is worth"))
    file = forms.FileField(required=False, label=gettext_lazy("Or a file"))

    def clean(self) -> dict[str, Any]:
        """One of the two must be there."""
        said = super().clean() or {}
        single = all(said.get(name) for name in ("on", "currency", "rate"))
        if not single and not said.get("file"):
            raise forms.ValidationError(gettext_lazy("Say a day, a currency and what it is worth, or choose a file."))
        if said.get("file") and said["file"].size > LARGEST:
            raise forms.ValidationError(gettext_lazy("That file is too large for a list of rates."))
        return said


@require_http_methods(["GET", "POST"])
def forecast_rates(request: HttpRequest) -> HttpResponse:
    """Show by what sums are converted; a POST records one rate, or a file of them."""
    assert isinstance(request.user, Member)
    forecast.refuse_unless_on()
    form = RateForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        count = set_rates(_said(form.cleaned_data), by=request.user, at=now())
        messages.add_message(request, messages.INFO, told(count), extra_tags="hand")
        return redirect("forecast-rates")
    rates = all_rates(request.user)
    context = {
        "form": form,
        "main": current_map().currency,
        "rows": [(one.currency, f"{one.rate.normalize():f}", words.day(one.on, now())) for one in rates[:SHOWN]],
        "more": max(0, len(rates) - SHOWN),
        "may_enter": may_enter_rates(request.user),
    }
    return render(request, "baton/forecast/rates.html", context, status=422 if form.errors else 200)


def _said(said: dict[str, Any]) -> list[Dated]:
    if said.get("file"):
        return read_file(said["file"].read())
    return [Dated(said["on"], said["currency"].upper(), said["rate"])]
