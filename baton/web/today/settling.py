"""Settling a duty by what it is about: a promise, a question, a changed packet, an exception, values to confirm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from baton.capture import suggestions
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.ledger.entries import Author
from baton.ledger.models import Deal, Fact
from baton.ledger.recording import record_on
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.deal.seen import DealSeen
from baton.web.deal.typed import Moment, typed_value
from baton.web.pages import sent
from baton.web.today.answers import answered, asked, duty_at, first_error
from baton.work import exceptions, handoffs, promises, questions
from baton.work.models import ExceptionCase, Handoff, Promise, Question
from baton.work.readings import confirm_again, waiting_on
from baton.work.today import Owed


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _subject(request: HttpRequest, model: Any, kind: str, owed: Owed) -> Any:
    """Return the record that a duty is about; 404 where it is about something else."""
    row = model.objects.visible_to(_member(request)).filter(pk=owed.record_id).first()
    if owed.record_kind != kind or row is None:
        raise Http404
    return row


class PromiseForm(forms.Form):
    """What became of a promise."""

    outcome = forms.ChoiceField(
        choices=(
            ("moved", gettext_lazy("A new date was agreed")),
            ("kept", gettext_lazy("It was kept")),
            ("broken", gettext_lazy("It was not kept")),
            ("released", gettext_lazy("They no longer want it")),
        ),
        label=gettext_lazy("What became of it"),
    )
    due = Moment(
        required=False,
        label=gettext_lazy("New date"),
        help_text=gettext_lazy("“Fri”, “next Tue 14:00”"),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    because = forms.CharField(required=False, max_length=400, label=gettext_lazy("Why, or who agreed"))


@require_http_methods(["GET", "POST"])
def duty_promise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a promise was kept, or agree on a new date."""
    _duty, owed = duty_at(request, pk)
    promise = _subject(request, Promise, "promise", owed)
    form = PromiseForm(sent(request))
    if request.method == "GET":
        return asked(request, owed, "today/promise", form=form)
    if not form.is_valid():
        raise Refusal(first_error(form))
    return answered(request, owed, _settle_promise(promise, form.cleaned_data, _member(request)))


def _settle_promise(promise: Promise, typed: dict[str, Any], by: Member) -> str:
    at, because = now(), typed["because"]
    match typed["outcome"]:
        case "kept":
            promises.keep(promise, by=by, at=at)
            return _("Kept.")
        case "broken":
            promises.break_(promise, because=because, by=by, at=at)
            return _("Not kept.")
        case "released":
            promises.release(promise, because=because, by=by, at=at)
            return _("They no longer want it.")
    if not typed["due"]:
        raise Refusal(_("Say the new date."))
    promises.move(promise, typed["due"], by=by, at=at, because=because)
    return _("A new date was agreed.")


@require_POST
def duty_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a colleague's question; about a field, the answer becomes its value."""
    _duty, owed = duty_at(request, pk)
    question = _subject(request, Question, "question", owed)
    member, text = _member(request), request.POST.get("text", "").strip()
    if not text:
        raise Refusal(_("Write the answer."))
    questions.answer(question, text, by=member, at=now(), value=_value(question, text, member))
    return answered(request, owed, _("Answered."))


def _value(question: Question, text: str, member: Member) -> Any:
    known = current_map().field(question.about_field) if question.about_field else None
    if known is None or known.on != "deal" or known.type in questions.IN_WORDS:
        return None
    deal = Deal.objects.visible_to(member).filter(pk=question.deal_id).first()
    return typed_value(text, known, DealSeen(deal, member, current_map(), now())) if deal else None


class ObjectionForm(forms.Form):
    """Why a change doesn't work for the desk that has the deal."""

    because = forms.CharField(
        max_length=1000,
        label=gettext_lazy("Why it doesn’t work for you"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )


@require_http_methods(["GET", "POST"])
def duty_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note a value that changed after the packet was accepted, or object to it."""
    _duty, owed = duty_at(request, pk)
    handoff = _subject(request, Handoff, "handoff", owed)
    if request.method == "GET":
        return asked(request, owed, "today/objection", form=ObjectionForm())
    if request.POST.get("answer") == "noted":
        handoffs.note_change(handoff, owed.item, by=_member(request), at=now())
        return answered(request, owed, _("Noted."))
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    because = form.cleaned_data["because"]
    handoffs.object_to_change(handoff, owed.item, because=because, by=_member(request), at=now())
    return answered(request, owed, _("Objected. Whoever changed it is asked."))


@require_POST
def duty_acceptance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept the handoff that this duty asks about."""
    _duty, owed = duty_at(request, pk)
    handoffs.accept(_subject(request, Handoff, "handoff", owed), by=_member(request), at=now())
    return answered(request, owed, _("Accepted. The deal is yours."))


@require_POST
def duty_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that somebody looked at an exception."""
    _duty, owed = duty_at(request, pk)
    exceptions.review(_subject(request, ExceptionCase, "exception", owed), by=_member(request), at=now())
    return answered(request, owed, _("Looked at."))


@require_POST
def duty_confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm what waits on this row: suggestions as they were read, values that are still so, and one typed anew."""
    _duty, owed = duty_at(request, pk)
    member = _member(request)
    waiting = waiting_on([owed], member, now())[owed.id]
    wanted, field = set(request.POST.getlist("fact")), request.POST.get("field", "")
    with writing():
        _confirm(request, [one.fact for one in waiting if one.fact and str(one.fact) in wanted])
        if field and field in {one.field for one in waiting}:
            _say(owed, field, request.POST.get("value", ""), member)
    return answered(request, owed, _("Confirmed."))


def _confirm(request: HttpRequest, ids: list[UUID]) -> None:
    for fact in Fact.objects.visible_to(_member(request)).filter(pk__in=ids):
        suggestions.confirm(fact, by=_member(request), at=now())


def _say(owed: Owed, field: str, typed: str, member: Member) -> None:
    deal = Deal.objects.visible_to(member).filter(pk=owed.deal_id).first() if owed.deal_id else None
    known = current_map().field(field)
    if deal is None or known is None:
        raise Http404
    if not typed.strip():
        confirm_again(deal, field, by=member, at=now())
        return
    value = typed_value(typed, known, DealSeen(deal, member, current_map(), now()))
    record_on(deal, "deal", by=Author(member), at=now(), **{field: value})
