"""Programs that a member connected: which, since when, what they may, when they were last let in; and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _
from oauth2_provider.models import AccessToken, Application, Grant, RefreshToken

from baton.gate.access.acting import connected_key
from baton.gate.access.limits import last_used
from baton.gate.access.models import ProgramToken
from baton.gate.access.scopes import known
from baton.kernel.writer import writing
from baton.members.models import Member

UNUSED_FOR = timedelta(days=2)
"""A program that nobody allowed anything within that time is forgotten."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A program that a member allowed something. `where` is the host that it answers at."""

    id: int
    name: str
    where: str
    scopes: list[str]
    since: datetime
    used_at: datetime | None


def connected_to(member: Member) -> list[Connected]:
    """Return the programs that may still act for a member, the newest first."""
    since = dict(
        RefreshToken.objects.filter(user=member)
        .filter(token_family__in=_living(member).values("token_family"))
        .values_list("application")
        .annotate(first=Min("created"))
    )
    found = Application.objects.filter(pk__in=since)
    used = last_used([connected_key(one.pk, member.pk) for one in found])
    made = [_connected(one, member, since[one.pk], used) for one in found]
    return sorted(made, key=lambda one: one.since, reverse=True)


def _living(member: Member) -> QuerySet[RefreshToken]:
    return RefreshToken.objects.filter(user=member, revoked=None, access_token__isnull=False)


def _connected(one: Application, member: Member, since: datetime, used: dict[str, datetime]) -> Connected:
    scopes = AccessToken.objects.filter(user=member, application=one).values_list("scope", flat=True)
    may = known(scope for some in scopes for scope in some.split())
    where = where_of(one.redirect_uris.split()[0] if one.redirect_uris else "")
    return Connected(one.pk, name_of(one), where, may, since, used.get(connected_key(one.pk, member.pk)))


def name_of(program: Application) -> str:
    """Return what a program calls itself; nobody checked it."""
    return program.name or str(_("A program"))


def where_of(uri: str) -> str:
    """Return where an answer would go, as a person tells places apart: a host, this machine, or an app."""
    parts = urlsplit(uri)
    if parts.hostname in {"127.0.0.1", "::1", "localhost"}:
        return str(_("this computer"))
    return parts.hostname or parts.scheme


def end_connection(program: int, *, by: Member) -> bool:
    """End what a member allowed a program: its tokens and codes are gone at once. Say whether there was anything."""
    with writing():
        theirs = {"user": by, "application__in": Application.objects.filter(pk=program)}
        gone = sum(model.objects.filter(**theirs).delete()[0] for model in (Grant, RefreshToken, AccessToken))
    return bool(gone)


def end_all(member: Member) -> None:
    """End every program of a member, because they leave: should they come back, they connect anew."""
    with writing():
        ProgramToken.objects.filter(member=member).delete()
        for model in (Grant, RefreshToken, AccessToken):
            model.objects.filter(user=member).delete()


def forget_unallowed(at: datetime) -> None:
    """Forget programs that registered a while ago and to whom nobody allows anything; they register again."""
    rows = Application.objects.filter(registration_source=Application.RegistrationSource.DCR)
    rows.filter(created__lt=at - UNUSED_FOR, accesstoken=None, refreshtoken=None, grant=None).delete()
