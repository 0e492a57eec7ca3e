"""Getting mail in before anything is connected: forwarding and blind copies, click by click."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from baton.capture.addresses import address_of, address_of_desk
from baton.map.current import current_map
from baton.members.models import Member


@require_safe
def forwarding(request: HttpRequest) -> HttpResponse:
    """Show the addresses that take mail, and what to click at Google and Microsoft."""
    member = request.user
    assert isinstance(member, Member)
    desks = [(desk.name, address) for desk in current_map().desks.values() if (address := address_of_desk(desk))]
    address = address_of(member) if member.may_write else ""
    return render(request, "baton/channels/forwarding.html", {"address": address, "desks": desks})
