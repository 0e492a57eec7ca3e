"""Who asks, and which request they may see."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from baton.decide.requests.models import Request
from baton.members.models import Member


def member_of(request: HttpRequest) -> Member:
    """Return who is signed in."""
    assert isinstance(request.user, Member)
    return request.user


def request_of(http: HttpRequest, pk: UUID) -> Request:
    """Return a request that the member may see."""
    rows = Request.objects.visible_to(member_of(http)).select_related("asked_by", "template")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
