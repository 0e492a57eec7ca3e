"""What a person sees when something went wrong: a sentence and a way on. What went wrong is loud in the log."""

import logging
import secrets

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext

from baton.web.notices import say

log = logging.getLogger("baton.web")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that can't be understood (400), or is larger than Baton takes (413)."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request)
    sentence = gettext("Baton couldn’t read what was sent. Go back, load the page anew and try again.")
    return say(request, sentence, status=400, title=gettext("That wasn’t understood"), tone="late")


def too_large(request: HttpRequest) -> HttpResponse:
    """Answer an upload that is too large, with what else can be done."""
    sentence = gettext(
        "That is more than this page takes at once. Send the files one by one, or import them with “baton import”."
    )
    return say(request, sentence, status=413, title=gettext("Too large"), tone="late")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a person who may not see or do this (403), saying why where the view said so."""
    sentence = str(exception) or gettext("Your role doesn’t include this. The owner of the map can change that.")
    return say(request, sentence, status=403, title=gettext("Not yours to open"), tone="late")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere (404). Whether it exists for others is not told."""
    sentence = gettext("There is nothing here that you can see. It may have moved, been joined or been erased.")
    return say(request, sentence, status=404, title=gettext("Nothing here"), tone="late")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token (403): the page was open for too long, or the form isn't ours."""
    log.warning("a form of %d fields was refused: %s (%s)", len(request.POST), reason, request.path)
    sentence = gettext("This page was open for too long to be sent safely. Look it over and send it again.")
    return say(request, sentence, status=403, title=gettext("Please send it again"), token=get_token(request))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (500) with a reference that finds it in the log."""
    reference = secrets.token_hex(4)
    log.error("%s %s failed, reference %s", request.method, request.path, reference, exc_info=True)
    sentence = gettext(
        "That is Baton’s fault, not yours. It is in the log as %(reference)s, for whoever looks after Baton here. "
        "Try again in a moment."
    ) % {"reference": reference}
    return say(request, sentence, status=500, title=gettext("Something broke"), tone="late")
