"""The addresses of OAuth that programs ask by themselves: what is offered here, registering, tokens, ending them."""

from __future__ import annotations

import json
from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from baton.gate.access.granting import GRANTS, METHOD
from baton.gate.access.registering import Unregistered, introduced, register
from baton.gate.access.scopes import SCOPES
from baton.gate.origin import absolute, origin
from baton.kernel.clock import now
from baton.kernel.writer import writing

MOST_BYTES = 20_000
OPEN = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
UNKEPT = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}


@login_not_required
@require_safe
def server_metadata(request: HttpRequest, place: str = "") -> HttpResponse:
    """Say what this authorization server offers (RFC 8414)."""
    return JsonResponse(
        {
            "issuer": origin(request),
            "authorization_endpoint": absolute(request, reverse("oauth-authorization")),
            "token_endpoint": absolute(request, reverse("oauth-token")),
            "revocation_endpoint": absolute(request, reverse("oauth-revocation")),
            "registration_endpoint": absolute(request, reverse("oauth-registration")),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": sorted(GRANTS),
            "code_challenge_methods_supported": [METHOD],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": list(SCOPES),
            "authorization_response_iss_parameter_supported": True,
        },
        headers=OPEN,
    )


@login_not_required
@require_safe
def resource_metadata(request: HttpRequest, place: str = "api/v1") -> HttpResponse:
    """Say how to be let in at an address of ours, `mcp` or `api/v1` (RFC 9728)."""
    return JsonResponse(
        {
            "resource": absolute(request, f"/{place}"),
            "authorization_servers": [origin(request)],
            "scopes_supported": list(SCOPES),
            "bearer_methods_supported": ["header"],
            "resource_name": "Baton",
        },
        headers=OPEN,
    )


@csrf_exempt  # a program asks, without cookies; it is given nothing but a name for itself
@login_not_required
@require_POST
def registration(request: HttpRequest) -> HttpResponse:
    """Register a program that introduces itself (RFC 7591)."""
    if not ratelimit.consume(request, action="program_registration"):
        return _refused("temporarily_unavailable", _("Too often. Wait an hour."), 429)
    try:
        kept = register(introduced(_read(request)), now())
    except Unregistered as why:
        return _refused(why.error, why.sentence)
    told = {
        "client_id": kept.client_id,
        "client_id_issued_at": int(kept.created.timestamp()),
        "client_name": kept.name,
        "redirect_uris": kept.redirect_uris.split(),
        "grant_types": sorted(GRANTS),
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }
    return JsonResponse(told, status=201, headers=UNKEPT)


def _read(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None


def _refused(error: str, sentence: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": sentence}, status=status, headers=UNKEPT)


@csrf_exempt  # a program sends a code or a refresh token, which no page of another site has
@login_not_required
@require_POST
def token(request: HttpRequest) -> HttpResponseBase:
    """Give a token for a code with its PKCE verifier, or for a refresh token, which is then spent (RFC 6749, 7636)."""
    from oauth2_provider.views import TokenView

    if request.POST.get("grant_type") not in GRANTS:
        return _refused("unsupported_grant_type", _("Only authorization_code and refresh_token are given out."))
    return _asked(TokenView, request)


@csrf_exempt  # as for tokens
@login_not_required
@require_POST
def revocation(request: HttpRequest) -> HttpResponseBase:
    """End a token that its program no longer needs (RFC 7009)."""
    from oauth2_provider.views import RevokeTokenView

    return _asked(RevokeTokenView, request)


def _asked(view: Any, request: HttpRequest) -> HttpResponseBase:
    """Let the toolkit answer, in one transaction; whoever fails too often waits."""
    if not ratelimit.consume(request, action="program_tokens"):
        return _refused("temporarily_unavailable", _("Too often. Wait a minute."), 429)
    with writing():
        answer = view.as_view()(request)
    for name, value in UNKEPT.items():
        answer.headers[name] = value
    return answer
