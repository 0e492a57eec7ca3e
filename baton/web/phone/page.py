"""Dialogs of the phone: being connected with a customer, writing to them, and what was said, in one line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from baton.channels.calls import sending as calls
from baton.channels.sms import sending as sms
from baton.channels.whatsapp import sending as whatsapp
from baton.kernel.clock import now
from baton.kernel.ids import uuid7
from baton.kernel.phones import e164, is_number, shown
from baton.kernel.verdict import Refusal
from baton.ledger.models import Address, Contact, Deal
from baton.map.current import current_map
from baton.members.models import Member
from baton.web.deal.answers import changed
from baton.web.notices import way_back
from baton.web.pages import page, wants_part
from baton.web.phone.reached import lines_for, number_of

CHAT, TEXT, TEMPLATE = "chat", "text", "template"


@require_http_methods(["GET", "POST"])
def contact_call(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ring the member's own phone and connect it with the customer; what is said can be written meanwhile."""
    contact, deal = _contact(request, pk), _deal(request)
    if request.method == "POST":
        key = request.POST.get("key", "")[:60] or str(uuid7())
        calls.call(_number(contact), key=key, by=_member(request), at=now(), deal=deal)
    context = _said(request, contact, deal) | {
        "rings": request.method == "POST",
        "own": calls.own_number(_member(request)),
    }
    return render(request, page("phone/call", request, part="dialog"), context)


@require_safe
def contact_spoken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask, after a call, what was said, what was promised, what comes next: one line, recorded before it is read."""
    return _asked(request, _contact(request, pk), _deal(request))


def _asked(request: HttpRequest, contact: Contact, deal: Deal | None) -> HttpResponse:
    return render(request, page("phone/spoken", request, part="dialog"), _said(request, contact, deal))


@require_safe
def spoken(request: HttpRequest) -> HttpResponse:
    """Ask the same of whoever has a number; nothing where nobody among those one sees has it alone."""
    number = e164(request.GET.get("number", ""), current_map().country)
    ids = set(Address.objects.filter(kind="phone", value=number).values_list("contact", flat=True)) - {None}
    found = list(Contact.objects.visible_to(_member(request)).filter(pk__in=ids)[:2]) if number else []
    return _asked(request, found[0], None) if len(found) == 1 else HttpResponse(status=204)


def _said(request: HttpRequest, contact: Contact, deal: Deal | None) -> dict[str, Any]:
    """A line on a deal says by itself whom it is about; without one it begins with the name."""
    deal = deal or _only_deal(request, contact)
    number = number_of(contact)
    return {
        "contact": contact,
        "deal": deal,
        "deal_id": deal.pk if deal else "",
        "line": "" if deal else _("Called %(name)s: ") % {"name": contact.name},
        "number": number,
        "number_shown": shown(number, current_map().country),
        "key": uuid7(),
        "call_key": uuid7(),
        "back": way_back(request) or reverse("contact", args=[contact.pk]),
    }


def _only_deal(request: HttpRequest, contact: Contact) -> Deal | None:
    theirs = Deal.objects.visible_to(_member(request)).filter(contact=contact.pk, status__in=("open", "won"))
    found = list(theirs[:2])
    return found[0] if len(found) == 1 else None


@require_http_methods(["GET", "POST"])
def contact_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write to a customer's phone: a text, or on WhatsApp in one's own words or with a template."""
    contact, deal = _contact(request, pk), _deal(request)
    if request.method == "POST":
        _send(request, contact, deal)
        messages.add_message(request, messages.INFO, _("It is on its way."), extra_tags="hand")
        return changed(request, deal.pk) if deal else _back(request, contact)
    member, at, number = _member(request), now(), _number(contact)
    lines = lines_for(member)
    context = {
        "contact": contact,
        "deal": deal,
        "number_shown": shown(number, current_map().country),
        "lines": lines,
        "free": lines.chat and whatsapp.may_write_freely(number, at),
        "templates": whatsapp.offered(member) if lines.chat else [],
        "key": uuid7(),
        "back": way_back(request) or reverse("contact", args=[contact.pk]),
    }
    return render(request, page("phone/text", request, part="dialog"), context)


def _send(request: HttpRequest, contact: Contact, deal: Deal | None) -> None:
    told: dict[str, Any] = {"key": request.POST.get("key", "")[:60] or str(uuid7())}
    told |= {"by": _member(request), "at": now(), "deal": deal}
    number, words, by = _number(contact), request.POST.get("words", ""), request.POST.get("by", "")
    if by == CHAT:
        whatsapp.message(number, words, **told)
    elif by.startswith(TEMPLATE + ":"):
        chosen = by.removeprefix(TEMPLATE + ":")
        whatsapp.template(number, chosen, [line for line in words.splitlines() if line.strip()], **told)
    else:
        sms.text(number, words, **told)


def _back(request: HttpRequest, contact: Contact) -> HttpResponse:
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("contact", pk=contact.pk)


def _member(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user


def _contact(request: HttpRequest, pk: UUID) -> Contact:
    found = Contact.objects.visible_to(_member(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _number(contact: Contact) -> str:
    number = number_of(contact)
    if not is_number(number):
        raise Refusal(_("%(name)s has no number that can be rung: write it with its country.") % {"name": contact.name})
    return number


def _deal(request: HttpRequest) -> Deal | None:
    key = request.POST.get("deal") or request.GET.get("deal") or ""
    try:
        return Deal.objects.visible_to(_member(request)).filter(pk=UUID(key)).first() if key else None
    except ValueError:
        return None
