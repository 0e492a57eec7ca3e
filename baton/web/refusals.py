"""A refusal of Baton's is an answer, not an error: its sentence is shown, and what was typed stays."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from baton.kernel.verdict import Conflict, Refusal
from baton.map.current import NoMapYet
from baton.web.notices import say


class RefusalMiddleware:
    """Turn a `Refusal` raised in a view into 422 with its sentence, a `Conflict` into 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave everything else to be the error that it is."""
        if isinstance(exception, NoMapYet) and getattr(request, "user", None) and request.user.is_authenticated:
            return redirect("setup")
        if isinstance(exception, Conflict):
            title = gettext("Somebody was quicker")
            return say(request, exception.sentence, status=409, title=title, version=exception.version)
        if isinstance(exception, Refusal):
            return say(request, exception.sentence, status=422, title=gettext("That can’t be done"))
        return None
