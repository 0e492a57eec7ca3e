"""Calling a number, setting another over it with a reason, and how right all of it was."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from baton.decide import forecast
from baton.decide.forecast.accuracy import Scored, accuracy, record_began
from baton.decide.forecast.calls import Called, call, calls, override
from baton.decide.registry import listed
from baton.decide.typed import parse
from baton.kernel import words
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.forecast.asking import Asked, read
from baton.web.forecast.sheets import sheets_of


class CallForm(forms.Form):
    """A number, and perhaps whose it stands over and why."""

    sum = forms.CharField(max_length=40, label=gettext_lazy("What the period will bring"))
    whose = forms.CharField(required=False, widget=forms.HiddenInput)
    because = forms.CharField(required=False, max_length=400, label=gettext_lazy("Because"))

    def clean_sum(self) -> int:
        """Read the number as it is typed anywhere else (`12.5k`), in minor units of the map's currency."""
        try:
            money = parse(listed("amount"), self.cleaned_data["sum"], now())
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal
        currency = current_map().currency
        if money["currency"] != currency:
            raise forms.ValidationError(_("The forecast is in %(currency)s.") % {"currency": currency})
        if money["minor"] < 0:
            raise forms.ValidationError(_("A number that is called isn’t below nothing."))
        return int(money["minor"])


@require_http_methods(["GET", "POST"])
def forecast_calls(request: HttpRequest) -> HttpResponse:
    """Show what was called for a period; a POST calls one's own number, or sets one over another's."""
    asked = read(request)
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _record(asked, form.cleaned_data)
        messages.add_message(request, messages.INFO, _("Recorded, with who said it and when."), extra_tags="hand")
        return redirect(asked.address("forecast-calls"))
    return render(request, "baton/forecast/calls.html", _context(asked, form), status=422 if form.errors else 200)


def _record(asked: Asked, said: dict[str, Any]) -> None:
    minor = said["sum"]
    if not said["whose"]:
        call(asked.period, minor, by=asked.member, at=now())
        return
    whose = None if said["whose"] == "all" else Member.objects.filter(pk__in=_ids(said["whose"])).first()
    if whose is None and said["whose"] != "all":
        raise Refusal(_("There is no such member."))
    override(asked.period, minor, whose=whose, because=said["because"], by=asked.member, at=now())


def _ids(text: str) -> list[str]:
    from uuid import UUID

    try:
        return [str(UUID(text))]
    except ValueError:
        return []


def _context(asked: Asked, form: CallForm) -> dict[str, Any]:
    told = calls(asked.member, [asked.period], asked.at)
    names = dict(Member.objects.filter(is_active=True).order_by("name").values_list("pk", "name"))
    decides = forecast.decides(asked.member) and asked.member.may_write
    return {
        "asked": asked,
        "form": form,
        "lines": [_line(one, names, asked) for one in told],
        "decides": decides,
        "whose": [("all", _("the whole business")), *((str(pk), name) for pk, name in names.items())],
        "currency": current_map().currency,
        "back": asked.address("forecast"),
        "here": asked.address("forecast-calls"),
        "sheets": sheets_of(asked, "calls"),
    }


def _line(one: Called, names: dict[Any, str], asked: Asked) -> dict[str, str]:
    return {
        "whose": names.get(one.whose, "") if one.whose else _("the whole business"),
        "sum": words.money(one.minor, current_map().currency),
        "kind": _("set over it") if one.override else _("their own"),
        "because": one.because,
        "by": names.get(one.by, "") if one.by else "",
        "at": words.when(one.at, asked.now),
    }


@require_safe
def forecast_accuracy(request: HttpRequest) -> HttpResponse:
    """Show how far off each way of saying was, period by period, and the cases that the past rests on."""
    asked = read(request)
    today = asked.now.astimezone(current_map().hours.tz).date()
    scored = accuracy(asked.member, asked.by, today)
    context = {
        "asked": asked,
        "rows": [_scored(one) for one in scored],
        "began": record_began(asked.member),
        "sheets": sheets_of(asked, "accuracy"),
        "now": asked.now,
        "back": asked.address("forecast"),
    }
    return render(request, "baton/forecast/accuracy.html", context)


def _scored(one: Scored) -> dict[str, Any]:
    currency = current_map().currency
    guess = one.guess
    between = ""
    if guess and guess.likely is not None:
        between = f"{words.money(guess.low, currency)} – {words.money(guess.high, currency)}"
    return {
        "label": one.period.label,
        "won": words.money(one.won, currency),
        "said": [_said(one, said, currency) for said in (one.called, one.weighted, one.by_history)],
        "cases": guess.cases if guess else 0,
        "between": between,
        "inside": one.inside,
    }


def _said(one: Scored, said: int | None, currency: str) -> dict[str, str]:
    if said is None:
        return {"text": "–", "off": ""}
    off = one.off(said)
    return {"text": words.money(said, currency), "off": "" if off is None else f"{off:+.0%}"}
