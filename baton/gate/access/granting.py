"""OAuth 2.1 (draft-ietf-oauth-v2-1): codes with PKCE for public clients, rotating refresh tokens, and nothing else.

There is no password grant, no implicit grant and no client that acts for nobody. A grant is for a member who is here.
"""

from __future__ import annotations

from typing import Any

from oauth2_provider.models import AbstractApplication
from oauth2_provider.oauth2_validators import OAuth2Validator

from baton.members.models import Member

GRANTS = frozenset({"authorization_code", "refresh_token"})
METHOD = "S256"


class Validator(OAuth2Validator):
    """The toolkit's rules, narrowed to what Baton gives out."""

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: AbstractApplication, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Only codes and refresh tokens are taken, whatever the client was registered for."""
        return grant_type in GRANTS and super().validate_grant_type(client_id, grant_type, client, request)

    def validate_response_type(
        self, client_id: str, response_type: str, client: AbstractApplication, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Only a code is given to a browser."""
        return response_type == "code" and super().validate_response_type(client_id, response_type, client, request)

    def validate_code(
        self, client_id: str, code: str, client: AbstractApplication, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return super().validate_code(client_id, code, client, request) and _is_here(request.user)

    def validate_refresh_token(
        self, refresh_token: str, client: AbstractApplication, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        return super().validate_refresh_token(refresh_token, client, request) and _is_here(request.user)

    def is_pkce_required(self, client_id: str, request: Any) -> bool:
        return True


def _is_here(member: Member) -> bool:
    return bool(member and member.is_active)
