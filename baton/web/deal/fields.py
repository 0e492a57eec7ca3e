"""Saying the value of a field: one short form for every field of the map and those that every business has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from baton.channels.quick.known import customer_named
from baton.gate.automations.downstream import standing
from baton.kernel import words
from baton.kernel.money import Money
from baton.kernel.verdict import Conflict
from baton.ledger.entries import Author, Entry
from baton.ledger.models import Contact, Deal
from baton.ledger.recording import record
from baton.ledger.text import folded
from baton.map.elements import Field
from baton.web.deal.answers import asked, changed, told
from baton.web.deal.head import Shown, shown_value
from baton.web.deal.seen import DealSeen, see
from baton.web.deal.sources import DERIVED, needed_by
from baton.web.deal.telling import change_in_words, who_said
from baton.web.deal.typed import typed_value
from baton.web.pages import sent
from baton.work.packets import Packet

IN_THE_HEAD = {"title", "amount", "close_date", "next_step", "stage", "desk", "owner"}
OF_EVERY_DEAL = ("contact", "company", "service", "source", "category")


class ValueForm(forms.Form):
    """One value, typed as people write it; `version` is the deal as they looked at it."""

    value = forms.CharField(required=False, max_length=20_000, label=gettext_lazy("Value"))
    because = forms.CharField(required=False, max_length=400, label=gettext_lazy("Because"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    fact = forms.UUIDField(required=False, widget=forms.HiddenInput)


def value_form(seen: DealSeen, field: Field, data: Any = None, fact: str = "") -> ValueForm:
    """Return the form for a field, with the input that suits its type."""
    start = {"value": typed_text(seen, field), "version": seen.deal.version, "fact": fact or None}
    form = ValueForm(data, initial=start)
    known = form.fields["value"]
    known.label = str(field.name)
    known.help_text = _why(seen, field)
    known.widget = _widget(field)
    known.widget.attrs |= {"autofocus": True, "autocomplete": "off"}
    return form


def _why(seen: DealSeen, field: Field) -> str:
    """Say who reads a field, what acts on it by itself, and what breaks when it is wrong."""
    readers, acting = needed_by(seen, field.key), standing(field.key, seen.deal.pk, seen.map)
    told = [_("Read by %(readers)s.") % {"readers": readers}] if readers else []
    told += [acting] if acting else []
    return " ".join([*told, *([_("If wrong: %(breaks)s") % {"breaks": field.breaks}] if field.breaks else [])])


def _widget(field: Field) -> forms.Widget:
    if field.type == "choice":
        return forms.Select(choices=[("", _("not known")), *((one, one) for one in field.choices)])
    if field.type == "yes/no":
        return forms.Select(choices=[("", _("not known")), ("yes", _("yes")), ("no", _("no"))])
    return forms.Textarea(attrs={"rows": 3}) if field.type in {"long text", "items"} else forms.TextInput()


def typed_text(seen: DealSeen, field: Field) -> str:
    """Return the current value as somebody would type it."""
    value = seen.deal.value(field.key)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.type == "items" and isinstance(value, list):
        return "\n".join(each["what"] for each in value)
    if isinstance(value, dict) and "minor" in value:
        return f"{Money(value['minor'], value.get('currency') or seen.deal.currency).major:f}".rstrip("0").rstrip(".")
    return seen.words(field.key, value) if value not in (None, "") else ""


@require_http_methods(["GET", "POST"])
def deal_field_value(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """Say or correct a value. A correction names what it replaces; an answered suggestion is settled by it."""
    seen = see(request, pk)
    known = seen.field(field)
    if known is None or field in DERIVED:
        raise Http404
    form = value_form(seen, known, sent(request), request.GET.get("fact", ""))
    if request.method == "GET":
        return asked(request, seen, form, title=str(known.name), submit=_("Save"))
    save(seen, known, told(form))
    return changed(request, pk)


TRIES = 5
"""How often a value is written anew when something else came to the deal in the same moment, as mail does."""


def save(seen: DealSeen, field: Field, typed: dict[str, Any]) -> None:
    """Record the typed value; somebody else's change of it meanwhile is shown before anything is written."""
    looked_at = typed["version"] or seen.deal.version
    for last in (number == TRIES - 1 for number in range(TRIES)):
        _refuse_changed(seen, field, looked_at)
        try:
            record([_entry(seen, field, typed)], by=Author(seen.member), at=seen.now, expected=_as_seen(seen))
            return
        except Conflict:
            if last:
                raise
            deal = Deal.objects.visible_to(seen.member).get(pk=seen.deal.pk)
            seen = DealSeen(deal, seen.member, seen.map, seen.now)


def _as_seen(seen: DealSeen) -> dict[UUID, int]:
    return {seen.deal.pk: seen.deal.version}


def _entry(seen: DealSeen, field: Field, typed: dict[str, Any]) -> Entry:
    value = _value(seen, field, typed["value"])
    kept = seen.deal.values.get(field.key, {})
    settles = typed["fact"] if str(typed["fact"]) in kept.get("s", []) else None
    return Entry(
        "deal",
        seen.deal.pk,
        field.key,
        value,
        because=typed["because"],
        settles=settles,
        replaces=UUID(kept["f"]) if kept.get("f") else None,
    )


def _refuse_changed(seen: DealSeen, field: Field, version: int) -> None:
    """Refuse when this field changed since the member looked; changes of other fields don't get in the way."""
    if version == seen.deal.version:
        return
    since = seen.facts.filter(seq__gt=version, field=field.key)
    last = since.filter(status="confirmed").order_by("-seq").first()
    if last is not None:
        told = {
            "change": change_in_words(seen, last),
            "who": who_said(seen, last),
            "when": words.when(last.recorded_at, seen.now),
        }
        sentence = _("It was changed meanwhile: %(change)s (%(who)s, %(when)s). Save again to put yours in its place.")
        raise Conflict(sentence % told, seen.deal.version)


def _value(seen: DealSeen, field: Field, text: str) -> Any:
    if field.key in {"contact", "company"} and text.strip():
        return _customer(seen, field.key, text)
    if field.type == "contact" and text.strip():
        return _somebody(seen, text)
    return typed_value(text, field, seen)


def _customer(seen: DealSeen, kind: str, text: str) -> str:
    """Return the id of the contact or company of this name."""
    return str(customer_named(kind, text, by=seen.member, at=seen.now))


def _somebody(seen: DealSeen, text: str) -> dict[str, str]:
    """Return who is meant: one of the customer's people where the name is theirs, else the name alone."""
    name = " ".join(text.split())
    rows = Contact.objects.visible_to(seen.member).filter(name_folded=folded(name))
    same = list(rows.filter(company=seen.deal.company_id)[:2] if seen.deal.company_id else rows[:2])
    return {"id": str(same[0].pk), "name": same[0].name} if len(same) == 1 else {"name": name}


def other_values(seen: DealSeen, packet: Packet | None) -> list[Shown]:
    """Return what is known of the deal beyond its head and the packet: nothing that somebody asks for is hidden."""
    in_packet = {item.key for item in packet.items} if packet else set()
    keys = [*OF_EVERY_DEAL, *(key for key, field in seen.map.fields.items() if field.on == "deal")]
    listed = {key for key, field in seen.map.fields.items() if field.type == "items"}
    shown = [key for key in keys if key not in in_packet and key not in IN_THE_HEAD and key not in listed]
    values = [shown_value(seen, key) for key in shown if seen.field(key)]
    return [one for one in values if one.trust != "missing" or one.field in {"contact", "company"}]
