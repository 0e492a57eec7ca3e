"""Making, using and ending the secrets by which a phone hands something over without signing in."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from baton.channels.pocket.models import PocketSecret
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member

MOST = 10


def make(name: str, *, by: Member, at: datetime) -> str:
    """Return a new secret, told this once. Raises `Refusal` for who may only read, and for one too many."""
    if not by.may_write:
        raise Refusal(_("Your role is read only, so nothing was changed."))
    token = secrets.token_urlsafe(32)
    with writing():
        if PocketSecret.objects.filter(member=by).count() >= MOST:
            raise Refusal(_("You have %(most)d secrets. End one that nobody uses.") % {"most": MOST})
        named = name.strip()[:60] or _("A phone")
        PocketSecret.objects.create(member=by, name=named, digest=_digest(token), made_at=at)
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(f"pocket\x1f{token}".encode()).hexdigest()


def member_with(token: str, at: datetime) -> Member | None:
    """Return whose secret it is, and note that it was used; None for one that is made up, ended, or of who left."""
    found = PocketSecret.objects.select_related("member").filter(digest=_digest(token), member__is_active=True).first()
    if found is None or not found.member.may_write:
        return None
    PocketSecret.objects.filter(pk=found.pk).update(used_at=at, times=F("times") + 1)
    return found.member


def secrets_of(member: Member) -> list[PocketSecret]:
    """Return a member's secrets, without what they are."""
    return list(PocketSecret.objects.filter(member=member).order_by("made_at"))


def end(pk: UUID, *, by: Member) -> None:
    """End a secret of the member's own: what is handed over with it is refused from now on."""
    with writing():
        PocketSecret.objects.filter(pk=pk, member=by).delete()
