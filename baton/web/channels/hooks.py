"""The address of a connection, at which the other side calls: whoever calls proves with each call who they are.

Answered once what came is committed, and read later. What proves nothing is refused, and nothing of it is kept.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from baton.capture.channels import Call, line_of
from baton.capture.models import Connection
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.web.members.origin import origin

CALLER = "capture"


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand what came to the channel of this connection."""
    one = Connection.objects.unscoped(CALLER).on().filter(pk=pk).select_related("member").first()
    line = line_of(one.channel) if one else None
    if one is None or line is None or line.called is None:
        raise Http404
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(request.method or "", origin(request) + request.get_full_path(), headers, request.body)
    try:
        answer = line.called(one, call, now())
    except Refusal as refusal:
        return HttpResponse(refusal.sentence, status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(answer.body, status=answer.status, content_type=f"{answer.content_type}; charset=utf-8")
