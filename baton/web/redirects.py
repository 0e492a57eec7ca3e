"""Where a person goes on to. A view answers a form with a redirect; htmx would put that page into a part of this one,
so the browser goes.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest) -> str:
    """Return where a plain form asked to go on (`next`), when that is a path of ours; else nothing."""
    asked = request.POST.get("next", "")
    return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None) else ""


class RedirectMiddleware:
    """Send htmx a redirect as `HX-Redirect`, which loads the whole page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or not isinstance(response, HttpResponseRedirectBase):
            return response
        instead = HttpResponse(status=204, headers={"HX-Redirect": response.url})
        instead.cookies = response.cookies
        return instead
