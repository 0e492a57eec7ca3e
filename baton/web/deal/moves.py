"""Moving a deal on this page: by the stage on the rail, by a menu, by a key. A move always saves.

Evidence is found by Baton, or picked here; without it the stage is said, with the reason where somebody gives one.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.kernel import words
from baton.ledger.models import Deal, Interaction
from baton.map.elements import Stage
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.rail import needed
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.telling import head_of
from baton.web.pages import sent
from baton.work import moves


class StageForm(forms.Form):
    """Where to, what shows it, and why it is moved without."""

    stage = forms.ChoiceField(label=gettext_lazy("To"))
    evidence = forms.ChoiceField(required=False, label=gettext_lazy("Shown by"), widget=forms.RadioSelect)
    because = forms.CharField(required=False, max_length=1000, label=gettext_lazy("Or why without evidence"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def deal_stage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move the deal to a stage."""
    seen = see(request, pk)
    stage = _asked_for(request, seen)
    evidence = moves.evidence_for(seen.deal, stage.id, by=seen.member)
    form = _form(seen, stage, evidence, sent(request))
    if request.method == "GET":
        return asked(request, seen, form, template="deal/stage", **_words(seen, stage, evidence))
    typed = told(form)
    picked = UUID(typed["evidence"]) if typed["evidence"] else None
    moved = moves.move(
        seen.deal,
        typed["stage"],
        by=seen.member,
        at=seen.now,
        evidence=picked,
        because=typed["because"],
        expected=typed["version"],
    )
    _say(request, seen, moved)
    return changed(request, pk)


def _asked_for(request: HttpRequest, seen: DealSeen) -> Stage:
    """Return the stage that is meant: the one named, else the one after the present."""
    named = request.POST.get("stage") or request.GET.get("stage") or ""
    here = seen.deal.stage
    known = seen.map.stage_by_id(named)
    following = seen.map.stage_after(here) if here in seen.map.stages else None
    return known or following or seen.map.stages.get(here) or seen.map.first_stage


def _form(seen: DealSeen, stage: Stage, evidence: list[Interaction], data: Any) -> StageForm:
    form = StageForm(data, initial={"stage": stage.id, "evidence": "", "version": seen.deal.version})
    ask_again = {"hx-get": reverse("deal-stage", args=[seen.deal.pk]), "hx-target": "#dialog", "hx-trigger": "change"}
    form.fields["stage"].widget.attrs = {"class": "input", "autofocus": True, **ask_again}
    form.fields["stage"].choices = [(one.id, one.name) for one in seen.map.stages.values()]
    contacts = seen.contacts_named(row.contact_id for row in evidence)
    rows = [(str(row.pk), _in_words(seen, row, contacts)) for row in evidence]
    form.fields["evidence"].choices = [*rows, ("", _("Nothing yet: it stays said"))]
    if not evidence:
        form.fields["evidence"].widget = forms.HiddenInput()
    return form


def _in_words(seen: DealSeen, row: Interaction, contacts: dict[UUID, Any]) -> str:
    subject = f": {row.subject[:60]}" if row.subject else ""
    return f"{head_of(seen, row, contacts.get(row.contact_id))}, {words.day(row.happened_at, seen.now)}{subject}"


def _words(seen: DealSeen, stage: Stage, evidence: list[Interaction]) -> dict[str, Any]:
    title = _("Move to %(stage)s") % {"stage": stage.name}
    if stage.id in seen.deal.evidence:
        return {"title": title, "because": _("Something shows it already."), "submit": _("Move")}
    needs = _("Shown by: %(event)s. Without, the move saves and the stage is said, not shown.") % {
        "event": needed(stage)
    }
    return {"title": title, "because": needs, "submit": _("Move")}


def _say(request: HttpRequest, seen: DealSeen, moved: moves.Moved) -> None:
    """Say what else follows: what was picked and didn't show it, a handoff that is due, a linked deal that opened."""
    if moved.not_shown_because:
        messages.add_message(request, messages.INFO, moved.not_shown_because, extra_tags="faded")
    say_handoff(request, seen, moved.to_hand_over)
    say_opened(request, moved.opened)


def say_opened(request: HttpRequest, opened: Deal | None) -> None:
    """Say that a stage opened a linked deal, where it did."""
    if opened:
        sentence = _("A linked deal was opened: %(title)s.") % {"title": opened.title}
        messages.add_message(request, messages.INFO, sentence, extra_tags="hand")


def say_handoff(request: HttpRequest, seen: DealSeen, due: str) -> None:
    """Say that the deal is to be handed over, where a move made a handoff due."""
    if handoff := seen.map.handoffs.get(due):
        desk = seen.map.desks[handoff.to_desk].name
        sentence = _("This stage is %(desk)s’s: hand the deal over to them.") % {"desk": desk}
        messages.add_message(request, messages.INFO, sentence, extra_tags="hand")
