"""What a notification is answered with, from the service worker: it shows its token, and needs nobody signed in."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from baton.channels.push.answering import Unknown, answer
from baton.kernel.clock import now
from baton.kernel.verdict import Refusal
from baton.web.members.door import ones_own
from baton.web.pocket.arriving import is_ours, typed_at

PLAIN = "text/plain; charset=utf-8"


@csrf_exempt  # the worker has no page to take a token from; `is_ours` asks the browser, and the notice has its own
@login_not_required
@ones_own
@require_POST
def push_answers(request: HttpRequest) -> HttpResponse:
    """Do what was answered, once, and say it in a sentence."""
    if not is_ours(request) or not ratelimit.consume(request, action="push"):
        return HttpResponse(_("That didn’t come from a notification of Baton."), status=403, content_type=PLAIN)
    at = now()
    told = {name: request.POST.get(name, "")[:4000] for name in ("key", "token", "text")}
    try:
        said = answer(**told, said_at=typed_at(request.POST.get("typed_at", ""), at), at=at)
    except Unknown as why:
        return HttpResponse(why.sentence, status=410, content_type=PLAIN)
    except Refusal as why:
        return HttpResponse(why.sentence, status=422, content_type=PLAIN)
    return HttpResponse(said, content_type=PLAIN)
