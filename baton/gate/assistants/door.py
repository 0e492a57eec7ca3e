"""The address at which assistants ask: one POST, one answer in JSON. It remembers nothing between them.

There is nothing to listen to, so GET and DELETE are 405. Cookies count for nothing here, and a browser page of another
website is refused by its Origin, whatever name it reached this machine by.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from baton.gate.access.acting import Acting, NotLetIn, acting
from baton.gate.assistants.dispatching import call
from baton.gate.assistants.protocol import answer
from baton.gate.assistants.tools import Tool, tools
from baton.gate.origin import origin
from baton.kernel.clock import now

MOST_BYTES = 1024 * 1024


@csrf_exempt  # cookies count for nothing: only the bearer token in the header does
@login_not_required
@require_POST
def mcp(request: HttpRequest) -> HttpResponse:
    """Answer one message of an assistant, as the person who lent it a token."""
    if refused := _refused(request):
        return refused
    at = now()
    try:
        who = acting(request, at)
        headers = {name.lower(): value for name, value in request.headers.items()}
        answered = answer(request.body, headers, _tools_for(who), lambda tool, told: call(who, tool, told, at))
    except NotLetIn as why:
        return JsonResponse(
            {"error": why.error, "message": why.sentence}, status=why.status, headers=why.headers(request)
        )
    if answered.body is None:
        return HttpResponse(status=answered.status)
    return JsonResponse(answered.body, status=answered.status, headers=who.client.allowance.headers)


def _tools_for(who: Acting) -> dict[str, Tool]:
    """The tools that this program may call at all; no other is offered to it."""
    return {name: tool for name, tool in tools().items() if tool.scope in who.scopes}


def _refused(request: HttpRequest) -> HttpResponse | None:
    """What is refused before anybody asks who it is: foreign pages, what can't be answered, what is too large."""
    told = request.headers.get("Origin")
    if told and told not in {origin(request), f"{request.scheme}://{request.get_host()}"}:
        return JsonResponse({"error": "origin", "message": _("This origin isn’t let in.")}, status=403)
    accepts = request.headers.get("Accept", "*/*")
    if not any(kind in accepts for kind in ("application/json", "application/*", "*/*")):
        return HttpResponse(status=406)
    if request.content_type != "application/json":
        return HttpResponse(status=415)
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponse(status=413)
    return None
