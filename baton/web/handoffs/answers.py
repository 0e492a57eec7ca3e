"""What is done with a handoff: accepted, returned, started already, taken back; and what changed is noted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.members.models import Member
from baton.web.handoffs.lists import Exchange
from baton.web.handoffs.packet import shown
from baton.web.handoffs.page import exchange_of, handoff_seen
from baton.web.notices import way_back
from baton.web.pages import page, sent
from baton.web.redirects import onward
from baton.work import handoffs, questions
from baton.work.first_time import first_times
from baton.work.models import Handoff
from baton.work.readings import confirm_again
from baton.work.seats import lead_of


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _said(request: HttpRequest, pk: UUID, sentence: str) -> HttpResponse:
    """Say what was done, on the page that the person came from, else on the handoff."""
    messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
    return redirect(onward(request) or reverse("handoff", args=[pk]))


@require_POST
def handoff_acceptance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept: the deal lies with the receiving desk from now on."""
    handoffs.accept(handoff_seen(request, pk), by=_member(request), at=now())
    return _said(request, pk, _("Accepted. The deal is yours."))


@require_POST
def handoff_withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an offer back before it is answered."""
    handoffs.withdraw(handoff_seen(request, pk), by=_member(request), at=now())
    return _said(request, pk, _("Taken back. The deal stays where it is."))


class BackForm(forms.Form):
    """Which items, and what is needed so that the work can start."""

    item = forms.MultipleChoiceField(required=False, label=gettext_lazy("What is missing or wrong?"))
    because = forms.CharField(
        required=False,
        max_length=2000,
        label=gettext_lazy("What do you need, so the work can start?"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@require_http_methods(["GET", "POST"])
def handoff_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return it with what was missing or wrong; the dialog has ticked what isn't there."""
    handoff = handoff_seen(request, pk)
    if request.method == "GET":
        return _asked(request, handoff, "return")
    typed = _typed(request, handoff)
    handoffs.send_back(handoff, missing=typed["item"], because=typed["because"], by=_member(request), at=now())
    return _said(request, pk, _("Returned, with what is missing."))


@require_http_methods(["GET", "POST"])
def handoff_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start already; what is still owed becomes a question to the sender."""
    handoff = handoff_seen(request, pk)
    if request.method == "GET":
        return _asked(request, handoff, "start")
    typed = _typed(request, handoff)
    handoffs.start_already(handoff, owed=typed["item"], because=typed["because"], by=_member(request), at=now())
    return _said(request, pk, _("Started. What is still owed was asked."))


def _typed(request: HttpRequest, handoff: Handoff) -> dict[str, Any]:
    form = BackForm(request.POST)
    form.fields["item"].choices = [(item["item"], item["name"]) for item in handoff.packet]
    if not form.is_valid():
        raise Refusal(str(next(iter(form.errors.values()))[0]))
    return form.cleaned_data


class ExceptionForm(forms.Form):
    """Of which kind, and why."""

    category = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    reason = forms.CharField(
        max_length=1000,
        label=gettext_lazy("Why it is accepted in spite of what is missing"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )


@require_http_methods(["GET", "POST"])
def handoff_exception(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept in spite of a gap; the reason stands on the deal as an exception."""
    handoff = handoff_seen(request, pk)
    exchange = exchange_of(request)
    form = ExceptionForm(sent(request))
    known = exchange.map.handoffs.get(handoff.handoff)
    named = [*(known.exceptions if known else ()), *exchange.map.exceptions]
    form.fields["category"].choices = [*((one, one) for one in dict.fromkeys(named)), ("", _("something else"))]
    if request.method == "GET":
        return _asked(request, handoff, "exception", form=form)
    if not form.is_valid():
        raise Refusal(_("Say why it is accepted in spite of what is missing."))
    handoffs.accept_with_exception(handoff, by=_member(request), at=now(), **form.cleaned_data)
    return _said(request, pk, _("Accepted with an exception."))


def _asked(request: HttpRequest, handoff: Handoff, name: str, **more: Any) -> HttpResponse:
    exchange = exchange_of(request)
    context = shown(handoff, exchange) | {
        "exchange": exchange,
        "action": request.path,
        "back": way_back(request) or reverse("handoff", args=[handoff.pk]),
        "ticks": _ticks(handoff, exchange),
        **more,
    }
    return render(request, page(f"handoffs/{name}", request, part="dialog"), context)


def _ticks(handoff: Handoff, exchange: Exchange) -> list[dict[str, Any]]:
    """Return the items, what isn't there first and ticked, with how often returns named them."""
    counted = first_times(exchange.member, exchange.at).get(handoff.handoff)
    return [
        {
            "key": item.key,
            "name": item.name,
            "has": item.has,
            "age": item.age,
            "ticked": item.has != "there",
            "often": counted.missing[item.key] if counted else 0,
            "of": counted.returned if counted else 0,
        }
        for item in shown(handoff, exchange)["items"]
    ]


class ObjectionForm(forms.Form):
    """Why a change doesn't work."""

    because = forms.CharField(
        max_length=1000,
        label=gettext_lazy("Why it doesn’t work for you"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )


@require_POST
def handoff_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take note of a value that changed after acceptance."""
    handoffs.note_change(handoff_seen(request, pk), request.POST.get("item", ""), by=_member(request), at=now())
    return _said(request, pk, _("Noted."))


@require_http_methods(["GET", "POST"])
def handoff_objection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Object to a change; whoever made it is asked."""
    handoff = handoff_seen(request, pk)
    if request.method == "GET":
        return _asked(request, handoff, "objection", form=ObjectionForm(), item=request.GET.get("item", ""))
    item, because = request.POST.get("item", ""), request.POST.get("because", "")
    handoffs.object_to_change(handoff, item, because=because, by=_member(request), at=now())
    return _said(request, pk, _("Objected. Whoever changed it is asked."))


@require_POST
def handoff_question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the sender for one item, in one press."""
    handoff = handoff_seen(request, pk)
    exchange = exchange_of(request)
    item = _item(handoff, request)
    sender = exchange.members.get(handoff.offered_by_id) if handoff.offered_by_id else None
    of = sender if sender and sender.is_active else lead_of(handoff.from_desk, exchange.map)
    if of is None:
        raise Refusal(_("Nobody of %(desk)s is here to ask.") % {"desk": exchange.desk(handoff.from_desk)})
    text = _("What do we know about %(field)s?") % {"field": item["name"].lower()}
    deal = Deal.objects.visible_to(exchange.member).get(pk=handoff.deal_id)
    questions.ask(deal, text, of=of, by=exchange.member, at=exchange.at, about_field=item["field"])
    return _said(request, pk, _("%(name)s is asked; it is on their Today.") % {"name": of.name})


@require_POST
def handoff_confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept a stale value as it is: it is confirmed anew."""
    handoff = handoff_seen(request, pk)
    item = _item(handoff, request)
    deal = Deal.objects.visible_to(_member(request)).get(pk=handoff.deal_id)
    confirm_again(deal, item["field"], by=_member(request), at=now())
    return _said(request, pk, _("Confirmed as it is."))


def _item(handoff: Handoff, request: HttpRequest) -> dict[str, Any]:
    wanted = request.POST.get("item", "")
    found = next((item for item in handoff.packet if item["item"] == wanted), None)
    if found is None:
        raise Refusal(_("The packet has no item “%(item)s”.") % {"item": wanted})
    return found
