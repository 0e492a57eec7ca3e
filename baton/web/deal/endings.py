"""How a deal ends and begins again, whose it is, what it is called, and which other deal it belongs with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from baton.kernel.ids import uuid7
from baton.kernel.verdict import Refusal
from baton.ledger.entries import Author, said
from baton.ledger.recording import record, record_on
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.seen import DealSeen, see
from baton.web.pages import sent
from baton.work import moves


class LossForm(forms.Form):
    """Why, by the map's reasons or in words."""

    reason = forms.ChoiceField(required=False, label=gettext_lazy("Because"))
    because = forms.CharField(required=False, max_length=300, label=gettext_lazy("In words"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def deal_loss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a deal that won't be won, with the reason."""
    seen = see(request, pk)
    form = LossForm(sent(request), initial={"version": seen.deal.version})
    form.fields["reason"].choices = [*((one, one) for one in seen.map.lost_because), ("", _("something else"))]
    if request.method == "GET":
        because = _("What such reasons add up to changes the map.")
        return asked(
            request, seen, form, title=_("Lost, and why"), because=because, submit=_("Close as lost"), kind="stop"
        )
    typed = told(form)
    reason = ": ".join(part.strip() for part in (typed["reason"], typed["because"]) if part.strip())
    moves.lose(seen.deal, because=reason, by=seen.member, at=seen.now, expected=typed["version"])
    return changed(request, pk)


@require_POST
def deal_finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a deal whose work is done and paid."""
    seen = see(request, pk)
    moves.finish(seen.deal, by=seen.member, at=seen.now)
    return changed(request, pk)


@require_POST
def deal_reopening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an ended deal up again."""
    seen = see(request, pk)
    moves.reopen(seen.deal, by=seen.member, at=seen.now)
    return changed(request, pk)


class OwnerForm(forms.Form):
    """Who has the deal at its desk."""

    owner = forms.ChoiceField(label=gettext_lazy("Deal owner"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def deal_owner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the deal to a colleague at the same desk; to another desk it is handed over."""
    seen = see(request, pk)
    form = OwnerForm(sent(request), initial={"owner": str(seen.deal.owner_id), "version": seen.deal.version})
    form.fields["owner"].choices = [(str(one.pk), one.name) for one in seen.colleagues if one.may_write]
    if request.method == "GET":
        because = _("Their open duties on this deal go along. To another desk a deal is handed over.")
        return asked(request, seen, form, title=_("Whose deal is it?"), because=because, submit=_("Save"))
    typed = told(form)
    _record(seen, typed["version"], owner=typed["owner"])
    return changed(request, pk)


class TitleForm(forms.Form):
    """What the deal is called."""

    title = forms.CharField(
        max_length=300, label=gettext_lazy("Title"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "POST"])
def deal_title(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call the deal something else."""
    seen = see(request, pk)
    form = TitleForm(sent(request), initial={"title": seen.deal.title, "version": seen.deal.version})
    if request.method == "GET":
        return asked(request, seen, form, title=_("What is it called?"), submit=_("Save"))
    typed = told(form)
    _record(seen, typed["version"], title=typed["title"])
    return changed(request, pk)


def _record(seen: DealSeen, version: int | None, **values: Any) -> None:
    record_on(seen.deal, "deal", by=Author(seen.member), at=seen.now, expected=version, **values)


class LinkedForm(forms.Form):
    """A deal that grows out of this one."""

    title = forms.CharField(
        max_length=300, label=gettext_lazy("Title"), widget=forms.TextInput(attrs={"autofocus": True})
    )
    desk = forms.ChoiceField(label=gettext_lazy("At"))


@require_http_methods(["GET", "POST"])
def deal_linked(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open a deal that belongs with this one: a renewal, an expansion, a second site."""
    seen = see(request, pk)
    form = LinkedForm(sent(request), initial={"desk": seen.deal.desk})
    form.fields["desk"].choices = [(one.id, one.name) for one in seen.map.desks.values() if seen.map.stages_of(one.id)]
    if request.method == "GET":
        because = _("With the same customer, linked both ways.")
        return asked(request, seen, form, title=_("Open a linked deal"), because=because, submit=_("Open it"))
    typed = told(form)
    stage = seen.map.stages_of(typed["desk"])[0]
    _open_linked(seen, typed["title"], typed["desk"], stage.id)
    return changed(request, pk)


def _open_linked(seen: DealSeen, title: str, desk: str, stage: str) -> None:
    if seen.map.conflict_check and seen.deal.value("conflict_check") != "cleared":
        raise Refusal(_("Check for conflicts of interest first: the map opens no deal before the check is recorded."))
    deal = seen.deal
    values = {
        "title": title,
        "stage": stage,
        "desk": desk,
        "owner": str(seen.member.pk),
        "contact": str(deal.contact_id) if deal.contact_id else None,
        "company": str(deal.company_id) if deal.company_id else None,
        "opened_from": str(deal.pk),
    }
    told_values = {name: value for name, value in values.items() if value}
    record(said("deal", uuid7(), **told_values), by=Author(seen.member), at=seen.now)
