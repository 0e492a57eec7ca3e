"""One's own phone: proven by a code that is sent from it to a number of the business."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from baton.capture.models import Connection, OwnNumber
from baton.capture.numbers import ask_to_prove, forget
from baton.channels.sms.adapter import SMS
from baton.channels.whatsapp.adapter import WHATSAPP
from baton.kernel.clock import now
from baton.kernel.phones import shown
from baton.map.current import current_map
from baton.members.models import Member


@require_http_methods(["GET", "HEAD", "POST"])
def own_phone(request: HttpRequest) -> HttpResponse:
    """Show the member's phones and how one is proven; a POST makes a code."""
    member = request.user
    assert isinstance(member, Member)
    if request.method == "POST":
        ask_to_prove(member, now())
        return redirect("own-phone")
    country = current_map().country
    rows = OwnNumber.objects.filter(member=member).order_by("-asked_at")
    lines = Connection.objects.visible_to(member).on().filter(channel__in=(SMS, WHATSAPP))
    context = {
        "phones": [(row.number, shown(row.number or "", country)) for row in rows if row.proven_at],
        "code": next((row.code for row in rows if not row.proven_at), ""),
        "to": [(_("WhatsApp") if one.channel == WHATSAPP else _("Text"), shown(one.settings.get("number", ""), country))
               for one in lines],
    }  # fmt: skip
    return render(request, "baton/phone/own.html", context)


@require_POST
def own_phone_removal(request: HttpRequest) -> HttpResponse:
    """Have a phone no longer count as the member's."""
    assert isinstance(request.user, Member)
    forget(request.user, request.POST.get("number", ""))
    return redirect("own-phone")
