"""Webhooks: who is told of what, how it goes, and each message with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.gate.hooks import signing, switching
from baton.gate.hooks.calling import AUTOMATION
from baton.gate.hooks.models import HookDelivery, Subscription
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Deal
from baton.map.catalog import EVENTS
from baton.members.models import Member
from baton.web import words
from baton.web.pages import sent

MOST = 50
TONES = {"waiting": "faded", "sent": "hand", "withheld": "faded", "failed": "late"}


class WebhookForm(forms.Form):
    """Where to, what of, and the secret that is shown while it is made and never again."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("Where messages are posted to; it begins with https://."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("It is told when"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "box"}),
        choices=lambda: [(kind, EVENTS[kind].sentence) for kind in switching.KINDS],
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One webhook as the page shows it."""

    hook: Subscription
    state: str
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the page shows it; `deal` only where the reader sees it."""

    number: int
    what: str
    state: str
    tone: str
    sentence: str
    deal: Deal | None
    again: bool


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """Show what is told outside, and how that goes."""
    at = now()
    there = Subscription.objects.visible_to(_member(request)).select_related("member").order_by("made_at")
    rows = [_row(one, at) for one in there]
    return render(request, "baton/gate/webhooks.html", {"rows": rows, "answer": _answer(rows)})


def _answer(rows: list[Row]) -> str:
    failing = [row.hook.name for row in rows if row.tone == "late"]
    if failing:
        return _("Not told at the moment: %(names)s.") % {"names": ", ".join(failing)}
    if rows:
        said = ngettext("%(count)d webhook, and it answers.", "%(count)d webhooks, and all answer.", len(rows))
        return said % {"count": len(rows)}
    return _("Nothing leaves Baton by itself: no webhook is set up.")


def _row(one: Subscription, at: datetime) -> Row:
    if not one.is_on:
        tone, state = ("late" if one.because else "faded"), str(Subscription.State.OFF.label)
    elif one.failing_since:
        tone, state = "late", _("Doesn’t answer")
    else:
        tone, state = "hand", str(Subscription.State.ON.label)
    return Row(one, state, tone, _health(one, at))


def _health(one: Subscription, at: datetime) -> str:
    """Say in plain words how it goes."""
    lines = [one.because] if one.because else []
    if one.is_on and one.failing_since:
        lines.append(
            _("It hasn’t answered since %(when)s. Baton goes on trying for three days, and keeps the order.")
            % {"when": words.when(one.failing_since, at)}
        )
    elif one.answered_at:
        lines.append(_("Last answered %(when)s.") % {"when": words.when(one.answered_at, at)})
    else:
        lines.append(_("Nothing to tell yet."))
    return " ".join(lines)


@require_http_methods(["GET", "POST"])
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Set one up: it is tried before it is kept, and its secret is shown here alone."""
    form = WebhookForm(sent(request))
    secret = request.POST.get("secret") or signing.new_secret()
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = switching.subscribe(
                told["name"], told["address"], told["kinds"], secret, by=_member(request), at=now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.info(request, _("%(name)s took the test message and is switched on.") % {"name": made}, "hand")
            return redirect("webhook", pk=made.pk)
    return _asked(request, form, {"secret": secret})


@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one with its messages, or keep other settings once they work."""
    one, member = _one(request, pk), _member(request)
    asked = request.POST if request.method == "POST" else None
    form = WebhookForm(asked, initial={"name": one.name, "address": one.address, "kinds": one.kinds})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            switching.change(one, told["name"], told["address"], told["kinds"], by=member, at=now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.info(request, _("%(name)s took the test message and is switched on.") % {"name": one}, "hand")
            return redirect("webhook", pk=one.pk)
    return _asked(request, form, _told_of(_one(request, pk), member))


def _told_of(one: Subscription, member: Member) -> dict[str, Any]:
    at, theirs = now(), switching.may_change(member, one).answer == "allow"
    found = list(HookDelivery.objects.visible_to(member).filter(subscription=one).order_by("-pk")[:MOST])
    deals = Deal.objects.visible_to(member).in_bulk([row.told["deal"] for row in found if row.told.get("deal")])
    by_id = {str(pk): deal for pk, deal in deals.items()}
    return {
        "hook": one,
        "row": _row(one, at),
        "sent": [_message(row, by_id, at, again=theirs and one.is_on) for row in found],
        "may_change": theirs,
        "may_stop": switching.may_stop(member, one).answer == "allow",
    }


def _message(row: HookDelivery, deals: dict[str, Deal], at: datetime, *, again: bool) -> Message:
    state = HookDelivery.State(row.state)
    what = EVENTS[row.kind].label if row.kind in EVENTS else _("an automation’s message")
    detail = row.told.get("detail") or ""
    named = f"{what}: {detail}" if detail and row.kind != AUTOMATION else str(what)
    return Message(
        row.pk,
        named,
        str(state.label),
        TONES[state],
        _became(row, at),
        deals.get(row.told.get("deal") or ""),
        again and state != HookDelivery.State.WAITING,
    )


def _became(row: HookDelivery, at: datetime) -> str:
    when = words.when(row.settled_at or row.made_at, at)
    if row.state == HookDelivery.State.SENT:
        return _("%(when)s, answered %(status)s after %(took)s ms.") % {
            "when": when, "status": row.answer, "took": row.took,
        }  # fmt: skip
    if row.state == HookDelivery.State.WAITING and row.due_at and row.tries:
        told = {"why": row.because, "tries": row.tries, "when": words.when(row.due_at, at)}
        return _("%(why)s Tried %(tries)s times; again %(when)s.") % told
    return " ".join(filter(None, [f"{when}.", row.because]))


@require_POST
def webhook_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Switch it off, or on again once it answers."""
    one = _one(request, pk)
    if request.POST.get("on") == "yes":
        switching.switch_on(one, by=_member(request), at=now())
    else:
        switching.stop(one, by=_member(request))
    return redirect("webhook", pk=one.pk)


@require_POST
def webhook_secret(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make another secret and show it once; the one before it holds for a day."""
    one, secret = _one(request, pk), signing.new_secret()
    switching.renew(one, secret, by=_member(request), at=now())
    return render(request, "baton/gate/webhook-secret.html", {"hook": one, "secret": secret})


@require_POST
def webhook_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget it, its secret and its messages."""
    one = _one(request, pk)
    switching.remove(one, by=_member(request))
    messages.info(request, _("%(name)s is told nothing more.") % {"name": one}, "faded")
    return redirect("webhooks")


@require_POST
def webhook_repeat(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Send one message once more."""
    _one(request, pk)
    rows = HookDelivery.objects.visible_to(_member(request)).filter(subscription=pk, pk=number)
    delivery = rows.first()
    if delivery is None:
        raise Http404
    delivery.subscription = _one(request, pk)
    switching.replay(delivery, by=_member(request), at=now())
    return redirect("webhook", pk=pk)


def _asked(request: HttpRequest, form: forms.Form, told: dict[str, Any]) -> HttpResponse:
    context = {"form": form, "now": now()} | told
    return render(request, "baton/gate/webhook.html", context, status=422 if form.errors else 200)


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _one(request: HttpRequest, pk: UUID) -> Subscription:
    one = Subscription.objects.visible_to(_member(request)).filter(pk=pk).select_related("member").first()
    if one is None:
        raise Http404
    return one
