"""Saying what happened, in one press or in a line; and which message shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.kernel import words
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.ledger.models import Contact, Deal, Interaction
from baton.members.models import Member
from baton.web.today.acts import OUTCOMES, Act, outcomes_of
from baton.web.today.answers import answered, asked, duty_at, first_error
from baton.work import evidence, notes
from baton.work.today import Owed

HOW = {
    "call-out": ("call", "out", gettext_lazy("I called")),
    "call-in": ("call", "in", gettext_lazy("They called")),
    "meeting": ("meeting", "internal", gettext_lazy("We met")),
    "text": ("text", "out", gettext_lazy("I sent a text")),
    "chat": ("chat", "out", gettext_lazy("I wrote in a chat")),
    "note": ("note", "internal", gettext_lazy("A note")),
}


class RecordForm(forms.Form):
    """What happened, and how."""

    how = forms.ChoiceField(
        choices=[(key, label) for key, (_kind, _way, label) in HOW.items()],
        label=gettext_lazy("It was"),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        max_length=5000,
        label=gettext_lazy("What happened"),
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )


@require_http_methods(["GET", "POST"])
def duty_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what happened: an outcome in one press, or in words."""
    duty, owed = duty_at(request, pk)
    of = duty.scope.removeprefix("meeting:") if duty.scope.startswith("meeting:") else ""
    if request.method == "GET":
        form = RecordForm(initial={"how": _likely(owed)})
        return asked(request, owed, "today/record", form=form, outcomes=outcomes_of(owed))
    if request.POST.get("undo"):
        _take_back(request, request.POST["undo"])
        return answered(request, owed, _("Taken back."))
    outcome = OUTCOMES.get(request.POST.get("outcome", ""))
    if outcome:
        said = {"cancelled": outcome.cancelled, "of": of if outcome.kind == "meeting" else ""}
        made = _log(request, owed, outcome.kind, outcome.direction, str(outcome.text), **said)
        sentence = _("Recorded: %(what)s.") % {"what": str(outcome.label).lower()}
        return answered(request, owed, sentence, undo=_undo(pk, made))
    form = RecordForm(request.POST)
    if not form.is_valid():
        raise Refusal(first_error(form))
    kind, direction, _label = HOW[form.cleaned_data["how"]]
    made = _log(request, owed, kind, direction, form.cleaned_data["text"], of=of if kind == "meeting" else "")
    return answered(request, owed, _("Recorded."), undo=_undo(pk, made))


def _undo(duty: UUID, made: Interaction) -> Act:
    href = reverse("duty-record", args=[duty])
    return Act(_("Undo"), href, icon="undo-2", kind="plain", name="undo", value=str(made.pk))


def _take_back(request: HttpRequest, text: str) -> None:
    assert isinstance(request.user, Member)
    row = Interaction.objects.visible_to(request.user).filter(pk=_picked(text)).first()
    if row is None:
        raise Refusal(_("It was taken back already."))
    notes.take_back(row, by=request.user, at=now())


def _likely(owed: Owed) -> str:
    likely = outcomes_of(owed)
    if not likely:
        return "note"
    first = likely[0]
    return f"call-{first.direction}" if first.kind == "call" else first.kind


def _log(request: HttpRequest, owed: Owed, kind: str, direction: str, text: str, **said: Any) -> Interaction:
    """Record it on the duty's deal, else with its contact; `said`: a meeting that didn't take place, whose it is."""
    member = request.user
    assert isinstance(member, Member)
    told = {"by": member, "at": now(), "direction": direction}
    deal = Deal.objects.visible_to(member).filter(pk=owed.deal_id).first() if owed.deal_id else None
    if deal:
        return notes.log(deal, kind, text, **said, **told)
    contact = Contact.objects.visible_to(member).filter(pk=owed.contact_id).first() if owed.contact_id else None
    if contact is None:
        raise Refusal(_("It belongs to no deal and no contact yet: file it in Inbox first."))
    return notes.log_with(contact, kind, text, **told)


@require_http_methods(["GET", "POST"])
def duty_evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pick the message that shows what this duty waits for."""
    _duty, owed = duty_at(request, pk)
    member = request.user
    assert isinstance(member, Member)
    deal = Deal.objects.visible_to(member).filter(pk=owed.deal_id).first()
    if deal is None:
        raise Refusal(_("It belongs to no deal, so there is nothing to pick from."))
    if request.method == "GET":
        rows = evidence.could_show(deal, owed.closers, by=member)
        picks = [(row.pk, _in_words(row)) for row in rows]
        return asked(request, owed, "today/evidence", picks=picks)
    picked = _picked(request.POST.get("evidence", ""))
    evidence.show_event(deal, owed.closers, evidence=picked, by=member, at=now())
    return answered(request, owed, _("Shown."))


def _picked(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise Refusal(_("Pick the message that shows it.")) from wrong


def _in_words(row: Interaction) -> str:
    kind, subject = row.get_kind_display(), row.subject[:80]
    who = row.from_name or row.from_address
    day = words.day(row.happened_at, now())
    return ", ".join(part for part in (kind, who, day, subject) if part)
