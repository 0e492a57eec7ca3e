"""The page on which a member allows a program something: what it calls itself, where it answers, what it may.

What the program asked stays in the address and is checked anew with each request; the form only says yes or no, and
to what. The answer goes to an address that the program registered, exactly.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from oauth2_provider.exceptions import FatalClientError, OAuthToolkitError
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import is_valid_resource_uri
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError, CustomOAuth2Error, InvalidRequestError

from baton.gate.access.granting import METHOD
from baton.gate.access.programs import name_of, where_of
from baton.gate.access.scopes import CHANGING, SCOPES, known
from baton.gate.origin import origin
from baton.kernel.writer import writing
from baton.members.models import Member
from baton.web.members.door import ones_own


@ones_own
@require_http_methods(["GET", "HEAD", "POST"])
def authorization(request: HttpRequest) -> HttpResponse:
    """Ask the member whether a program may act for them, and send it their answer (RFC 6749, 4.1; RFC 7636)."""
    core = OAuthLibMixin.get_oauthlib_core()
    try:
        scopes, asked = core.validate_authorization_request(request)
        _refuse_unsafe(request, asked)
    except OAuthToolkitError as error:
        return _refused(request, error)
    if not _showed_who_they_are(request):
        again = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{again}")
    if request.method == "POST":
        return _answered(request, core, scopes, asked)
    return _page(request, scopes, asked)


def _refuse_unsafe(request: HttpRequest, asked: dict[str, Any]) -> None:
    """Refuse a code without a proof that a machine in between can't have, and a token for somebody else's address."""
    if asked.get("code_challenge_method") != METHOD:
        error = InvalidRequestError(description="code_challenge_method is S256.", state=asked.get("state"))
        raise OAuthToolkitError(error=error, redirect_uri=asked["redirect_uri"])
    asked["resource"] = request.GET.getlist("resource")
    if not all(_is_ours(request, one) for one in asked["resource"]):
        error = CustomOAuth2Error("invalid_target", "That resource is not here.", state=asked.get("state"))
        raise OAuthToolkitError(error=error, redirect_uri=asked["redirect_uri"])


def _is_ours(request: HttpRequest, resource: str) -> bool:
    ours = origin(request)
    return is_valid_resource_uri(resource) and (resource.rstrip("/") == ours or resource.startswith(ours + "/"))


def _showed_who_they_are(request: HttpRequest) -> bool:
    """Whether the member signed in, or said again who they are, within the last minutes."""
    records = get_authentication_records(request, _me(request))
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def _page(request: HttpRequest, scopes: list[str], asked: dict[str, Any]) -> HttpResponse:
    member, program = _me(request), Application.objects.get(client_id=asked["client_id"])
    may = [scope for scope in known(scopes) if member.may_write or scope not in CHANGING]
    context = {
        "name": name_of(program),
        "where": where_of(asked["redirect_uri"]),
        "may": [(scope, SCOPES[scope]) for scope in may],
        "less": len(may) < len(scopes),
        "action": request.get_full_path(),
    }
    answer = render(request, "baton/gate/consent.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    answer._csp_update = {"form-action": [_place(asked["redirect_uri"])]}  # type: ignore[attr-defined]
    return answer


def _place(uri: str) -> str:
    """Return what the content policy calls the place of an address: browsers hold it over the redirect of a form."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} else f"{parts.scheme}:"


def _answered(request: HttpRequest, core: Any, scopes: list[str], asked: dict[str, Any]) -> HttpResponse:
    member = _me(request)
    given = [one for one in known(request.POST.getlist("scopes")) if one in scopes]
    given = [one for one in given if member.may_write or one not in CHANGING]
    if request.POST.get("answer") != "allow" or not given:
        error = AccessDeniedError(state=asked.get("state"))
        return _refused(request, OAuthToolkitError(error=error, redirect_uri=asked["redirect_uri"]))
    try:
        with writing():
            uri, _headers, _body, _status = core.create_authorization_response(request, given, asked, allow=True)
    except OAuthToolkitError as error:
        return _refused(request, error)
    return _sent(request, uri)


def _refused(request: HttpRequest, error: OAuthToolkitError) -> HttpResponse:
    """Tell the program; where it isn't sure whose address that is, tell the person and send nobody anywhere."""
    why = error.oauthlib_error
    if isinstance(error, FatalClientError) or not why.redirect_uri:
        return render(request, "baton/gate/unknown.html", {"error": why.error}, status=400)
    mark = "&" if "?" in why.redirect_uri else "?"
    return _sent(request, why.redirect_uri + mark + urlencode(why.twotuples))


def _sent(request: HttpRequest, uri: str) -> HttpResponse:
    """Send the browser to the program with the answer, and with who gives it (RFC 9207)."""
    mark = "&" if "?" in uri else "?"
    answer = HttpResponse(status=302, headers={"Location": uri + mark + urlencode({"iss": origin(request)})})
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _me(request: HttpRequest) -> Member:
    assert isinstance(request.user, Member)
    return request.user
