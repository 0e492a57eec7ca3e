"""Personal tokens: made by a member for a program of their own, shown once, ended by them or by time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from baton.gate.access.models import ProgramToken
from baton.gate.access.scopes import CHANGING, known
from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members.models import Member

PREFIX = "baton_"
"""By which scanners for leaked secrets know one."""
MOST = 20
LIVES = (30, 90, 365)
"""Days."""


def make(name: str, scopes: Iterable[str], *, days: int, by: Member, at: datetime) -> tuple[ProgramToken, str]:
    """Return a new token and its secret, told this once.

    Raises `Refusal` for one without a name or a right, for more than the member may, and for one too many.
    """
    named, asked = " ".join(name.split())[:60], known(scopes)
    if not named:
        raise Refusal(_("Say which program it is for, so that you know later which one to end."))
    if not asked:
        raise Refusal(_("Say what the program may do."))
    if CHANGING & set(asked) and not by.may_write:
        raise Refusal(_("Your role is read only, so a program of yours can only read."))
    if days not in LIVES:
        raise Refusal(_("Choose how long it is good for."))
    return _keep(named, asked, at + timedelta(days=days), by, at)


def _keep(name: str, scopes: list[str], until: datetime, by: Member, at: datetime) -> tuple[ProgramToken, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing():
        if ProgramToken.objects.filter(member=by).count() >= MOST:
            raise Refusal(_("You have %(most)d tokens. End one that nobody uses.") % {"most": MOST})
        row = ProgramToken.objects.create(
            member=by,
            name=name,
            digest=digest(secret),
            hint=secret[-4:],
            scopes=scopes,
            made_at=at,
            expires_at=until,
        )
    return row, secret


def digest(secret: str) -> str:
    """Return what is kept of a secret: it has 256 random bits, so a plain hash can't be turned round."""
    return hashlib.sha256(f"program token\x1f{secret}".encode()).hexdigest()


def tokens_of(member: Member) -> list[ProgramToken]:
    """Return a member's tokens, those that ran out too, newest first."""
    return list(ProgramToken.objects.filter(member=member).order_by("-made_at"))


def token_with(secret: str, at: datetime) -> ProgramToken | None:
    """Return the token with this secret, with its member; None for one made up, ended, run out or of who left."""
    return ProgramToken.objects.good(at).select_related("member").filter(digest=digest(secret)).first()


def end(pk: UUID, *, by: Member) -> bool:
    """End a token of the member's own; whoever has it is let in no more. Say whether there was one."""
    with writing():
        gone, _models = ProgramToken.objects.filter(pk=pk, member=by).delete()
    return bool(gone)
