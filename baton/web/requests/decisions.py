"""A template that came again, as a decision of the map: taken over into one's draft, or left a request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.decide.requests import proposing
from baton.decide.requests.models import RequestTemplate
from baton.kernel.clock import now
from baton.web.requests.seen import member_of


@require_POST
def decision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the decision into the member's draft of the map, or decline it."""
    member = member_of(request)
    template = get_object_or_404(RequestTemplate, pk=pk)
    if not member.sees_everything:
        raise Http404
    if request.POST.get("does") == "decline":
        proposing.decline(template, by=member, at=now())
        return redirect("requests")
    proposing.take_over(template, by=member, at=now())
    messages.add_message(
        request, messages.INFO, _("It stands in your draft of the map; nothing is published."), extra_tags="hand"
    )
    return redirect("map-draft")
