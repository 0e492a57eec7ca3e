"""The one door for programs: who acts through this request, for which member, and what it may."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken

from baton.gate.access.limits import Allowance, spend
from baton.gate.access.scopes import SCOPES, within
from baton.gate.access.tokens import PREFIX, token_with
from baton.gate.origin import absolute
from baton.kernel.clock import now
from baton.ledger.entries import PROGRAM, Author, through
from baton.members.models import Member

CHANNEL = "api"


@dataclass(frozen=True, slots=True)
class Client:
    """The program: a token of the member's own, or one that they connected.

    `key` names it in this member's hands, and stays the same when its token is renewed.
    """

    key: str
    name: str
    kind: Literal["token", "connected"]
    allowance: Allowance

    @property
    def reader(self) -> str:
        """Return how facts that came through it name it (`Fact.reader`)."""
        return f"{PROGRAM}{self.name}"[:40]


class Acting(NamedTuple):
    """A member, what their program may in their hands, and the program."""

    member: Member
    scopes: frozenset[str]
    client: Client

    @property
    def author(self) -> Author:
        """Return who writes: the member, through a program. What it says is said, and shows nothing."""
        return Author(self.member, CHANNEL)

    def recording(self) -> AbstractContextManager[None]:
        """Have every fact that is recorded within name the program (`Fact.reader`), whichever verb records it."""
        return through(self.client.name)

    def may(self, scope: str) -> None:
        """Raise `NotLetIn` (403) unless the program was given this and the member's role has it."""
        if scope not in self.scopes:
            raise NotLetIn(403, "insufficient_scope", _refused(scope, self.member), scope=scope)


class NotLetIn(Exception):
    """A program isn't let in: with which status, which error of RFC 6750, and a sentence for whoever looks after it."""

    def __init__(self, status: int, error: str, sentence: str, *, scope: str = "", allowance: Allowance | None = None):
        super().__init__(sentence)
        self.status, self.error, self.sentence, self.scope, self.allowance = status, error, sentence, scope, allowance

    def headers(self, request: HttpRequest) -> dict[str, str]:
        """Return the headers of the answer: how to be let in (RFC 6750, RFC 9728), or when to come again."""
        told = self.allowance.headers if self.allowance else {}
        if self.status not in {401, 403}:
            return told
        parts = [f'resource_metadata="{absolute(request, metadata_path(request))}"']
        parts += [f'error="{self.error}"'] if self.error else []
        parts += [f'scope="{self.scope}"'] if self.scope else []
        return told | {"WWW-Authenticate": "Bearer " + ", ".join(parts)}


METADATA = "/.well-known/oauth-protected-resource"


def metadata_path(request: HttpRequest) -> str:
    """Return where it is written how to be let in here (RFC 9728, 3.1): the API as a whole, or another address."""
    place = "/api/v1" if request.path.startswith("/api/v1") else request.path.rstrip("/")
    return METADATA + place


def acting(request: HttpRequest, at: datetime | None = None) -> Acting:
    """Return who acts through this request, from its `Authorization: Bearer` header alone; cookies count for nothing.

    Takes one request of the program's allowance. Raises `NotLetIn`: 401 without a good token, 429 when it asks too
    often. A member who left has no programs; a role that was changed counts at once.
    """
    at = at or now()
    secret = _bearer(request)
    found = _personal(secret, at) if secret.startswith(PREFIX) else _connected(request, secret, at)
    if found is None:
        raise _unknown(request)
    member, scopes, key, name, kind = found
    allowance = spend(key, at)
    if not allowance.granted:
        sentence = _("This program asks too often. It is let in again in %(seconds)d seconds.")
        raise NotLetIn(429, "", sentence % {"seconds": allowance.reset}, allowance=allowance)
    return Acting(member, within(scopes, member), Client(key, name, kind, allowance))


def _bearer(request: HttpRequest) -> str:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NotLetIn(401, "", _("Send a token: “Authorization: Bearer …”. Members make one in their settings."))
    return secret.strip()[:2000]


def _unknown(request: HttpRequest) -> NotLetIn:
    """Refuse a token that isn't good; whoever tries many of them is told to wait."""
    if not ratelimit.consume(request, action="program"):
        wait = Allowance(60, 0, 60, granted=False)
        return NotLetIn(429, "", _("Too many tokens that aren’t good. Wait a minute."), allowance=wait)
    return NotLetIn(401, "invalid_token", _("This token is made up, ended or has run out. Ask for a new one."))


Found = tuple[Member, list[str], str, str, Literal["token", "connected"]]


def _personal(secret: str, at: datetime) -> Found | None:
    row = token_with(secret, at)
    return (row.member, row.scopes, token_key(row.pk), row.name, "token") if row else None


def token_key(pk: UUID) -> str:
    """Return the key of a personal token's allowance."""
    return f"token:{pk}"


def connected_key(application: int, member: UUID) -> str:
    """Return the key of a connected program's allowance in one member's hands."""
    return f"connected:{application}:{member}"


def _connected(request: HttpRequest, secret: str, at: datetime) -> Found | None:
    """A token that OAuth gave out, of a member who is here, and good for this address (RFC 8707)."""
    rows = AccessToken.objects.select_related("user", "application").filter(user__is_active=True, expires__gt=at)
    row = rows.filter(token_checksum=hashlib.sha256(secret.encode()).hexdigest()).first()
    if row is None or row.application is None or not row.allows_audience(absolute(request, request.path)):
        return None
    key = connected_key(row.application_id, row.user_id)
    return row.user, row.scope.split(), key, row.application.name or _("A program"), "connected"


def _refused(scope: str, member: Member) -> str:
    if not member.may_write and scope in {"write", "suggest"}:
        return _("%(name)s may only read, so their programs can change nothing.") % {"name": member.short_name}
    return _("This token doesn’t allow it. It would have to be allowed: %(what)s.") % {"what": SCOPES[scope]}
