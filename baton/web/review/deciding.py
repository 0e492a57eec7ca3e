"""A decision in a short form, or in one key; written on the deal with the review as its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.decide.review import deciding, reviews
from baton.decide.review.deciding import Deed
from baton.decide.review.models import Review
from baton.kernel.clock import now
from baton.kernel.money import Money
from baton.members.models import Member
from baton.web.deal.answers import asked, told
from baton.web.deal.moves import say_handoff, say_opened
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.typed import Moment, typed_day, typed_money
from baton.web.pages import sent
from baton.web.review.meeting import address
from baton.web.review.page import review_of

SOON = gettext_lazy("“Fri”, “next Tue 14:00”. Without a time it is the end of that day.")


class DecisionForm(forms.Form):
    """Who decided; each outcome adds what it needs to know."""

    decided_by = forms.ChoiceField(required=False, label=gettext_lazy("Decided by"))


class StepForm(DecisionForm):
    """What is done next, by whom, by when."""

    what = forms.CharField(
        max_length=400, label=gettext_lazy("What’s next"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    who = forms.ChoiceField(label=gettext_lazy("Who"))
    due = Moment(required=False, label=gettext_lazy("By when"), help_text=SOON)


class FiguresForm(DecisionForm):
    """The close date and the amount."""

    close_date = forms.CharField(
        required=False, label=gettext_lazy("Close date"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    amount = forms.CharField(required=False, max_length=60, label=gettext_lazy("Amount"))


class QuestionForm(DecisionForm):
    """What is asked, and of whom."""

    text = forms.CharField(
        max_length=1000,
        label=gettext_lazy("Question"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )
    who = forms.ChoiceField(label=gettext_lazy("To"))


class StageForm(DecisionForm):
    """Where the deal really stands."""

    stage = forms.ChoiceField(label=gettext_lazy("It stands at"))


class OwnerForm(DecisionForm):
    """Who has the deal from now on."""

    who = forms.ChoiceField(label=gettext_lazy("Deal owner"))


class PromiseForm(StepForm):
    """What the customer is promised."""


class LossForm(DecisionForm):
    """Why it is lost."""

    reason = forms.ChoiceField(required=False, label=gettext_lazy("Because"))
    because = forms.CharField(required=False, max_length=300, label=gettext_lazy("In words"))


Outcome = tuple[type[DecisionForm], Any, Any, Callable[[DealSeen, dict[str, Any]], Deed]]


def _step(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    return deciding.next_step(
        seen.deal, typed["what"], owed_by=_colleague(seen, typed), at=seen.now, by_when=typed["due"]
    )


def _figures(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    amount = typed_money(typed["amount"], seen.deal.currency) if typed["amount"].strip() else None
    money = Money(amount["minor"], amount["currency"]) if amount else None
    return deciding.figures(
        seen.deal, amount=money, close_date=typed_day(typed["close_date"]) if typed["close_date"].strip() else None
    )


def _question(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    return deciding.ask(seen.deal, typed["text"], of=_colleague(seen, typed), by=seen.member)


def _evidence(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    return deciding.ask_for_evidence(seen.deal, by=seen.member)


def _stage(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    return deciding.stage(seen.deal, typed["stage"], at=seen.now)


def _owner(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    return deciding.give_to(seen.deal, _colleague(seen, typed))


def _promise(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    who = _colleague(seen, typed)
    return deciding.promise(
        seen.deal, typed["what"], by=seen.member, promised_by=who, at=seen.now, by_when=typed["due"]
    )


def _loss(seen: DealSeen, typed: dict[str, Any]) -> Deed:
    reason = ": ".join(part.strip() for part in (typed["reason"], typed["because"]) if part.strip())
    return deciding.lose(seen.deal, reason)


OUTCOMES: dict[str, Outcome] = {
    "step": (StepForm, gettext_lazy("What’s next?"), gettext_lazy("Decide"), _step),
    "figures": (FiguresForm, gettext_lazy("Its date and amount"), gettext_lazy("Decide"), _figures),
    "question": (QuestionForm, gettext_lazy("Ask somebody"), gettext_lazy("Ask"), _question),
    "evidence": (DecisionForm, gettext_lazy("Ask what shows it"), gettext_lazy("Ask"), _evidence),
    "stage": (StageForm, gettext_lazy("Where does it stand?"), gettext_lazy("Decide"), _stage),
    "owner": (OwnerForm, gettext_lazy("Whose deal is it?"), gettext_lazy("Decide"), _owner),
    "promise": (PromiseForm, gettext_lazy("A promise"), gettext_lazy("Promise"), _promise),
    "loss": (LossForm, gettext_lazy("Lost, and why"), gettext_lazy("Close as lost"), _loss),
}


@require_http_methods(["GET", "POST"])
def decisions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for what a decision needs; or write it on the deal."""
    review = review_of(request, pk)
    seen = see(request, _deal(request))
    assert isinstance(request.user, Member)
    outcome = request.GET.get("outcome", "")
    if outcome == "nothing" and request.method == "POST":
        deciding.nothing_to_decide(review, seen.deal, by=request.user, at=now())
        return redirect("review-meeting", pk)
    if outcome not in OUTCOMES:
        raise Http404
    shape, title, submit, made = OUTCOMES[outcome]
    form = _form(shape, review, seen, sent(request))
    if request.method == "GET":
        back = address(review, seen.deal.pk)
        return asked(request, seen, form, title=title, submit=submit, action=request.get_full_path(), back=back)
    typed = told(form)
    decided_by = deciding.who_decided(review, typed["decided_by"], seen.member)
    deed = made(seen, typed)
    batch = deciding.decide(review, seen.deal, deed, by=seen.member, at=seen.now, decided_by=decided_by)
    say_opened(request, deciding.opened_by(batch, seen.deal))
    if outcome == "stage":
        say_handoff(request, seen, deciding.hand_on(seen.deal.pk, by=seen.member, at=now()))
    return redirect(address(review, seen.deal.pk))


def _deal(request: HttpRequest) -> UUID:
    try:
        return UUID(request.GET.get("deal", ""))
    except ValueError as wrong:
        raise Http404 from wrong


def _form(shape: type[DecisionForm], review: Review, seen: DealSeen, data: Any) -> DecisionForm:
    form = shape(data, initial=_known(seen))
    present = reviews.present_at(review)
    people = [(str(one.pk), one.name) for one in seen.colleagues]
    choices = {
        "decided_by": [(str(one.pk), one.name) for one in present],
        "who": people,
        "stage": [(one.id, one.name) for one in seen.map.stages.values()],
        "reason": [*((one, one) for one in seen.map.lost_because), ("", _("something else"))],
    }
    for name in choices.keys() & form.fields.keys():
        form.fields[name].choices = choices[name]
    form.fields["decided_by"] = form.fields.pop("decided_by")
    return form


def _known(seen: DealSeen) -> dict[str, Any]:
    deal = seen.deal
    amount = f"{deal.worth.major:f}".rstrip("0").rstrip(".") if deal.worth and deal.worth.minor else ""
    closes = deal.close_date.isoformat() if deal.close_date else ""
    told = {"decided_by": str(seen.member.pk), "who": str(deal.owner_id), "stage": deal.stage}
    return told | {"amount": amount, "close_date": closes}


def _colleague(seen: DealSeen, typed: dict[str, Any]) -> Member:
    return next(one for one in seen.colleagues if str(one.pk) == typed["who"])
