"""Invitations: the only way in for a new member. A secret link, good once and for a week; only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.members import seats
from baton.members.models import Invitation, Member
from baton.members.roles import may_give, may_look_after_people
from baton.members.seats import Seating

GOOD_FOR = timedelta(days=7)


def invite(
    email: str, *, by: Member, at: datetime, role: str, desks: Sequence[str] = (), name: str = ""
) -> tuple[Invitation, str]:
    """Invite somebody; return the invitation and the secret of its link, which is never seen again.

    An earlier invitation to the same address is withdrawn. Refuses a role that `by` may not give, and an address
    that isn't one or is a member's.
    """
    may_give(by, role).or_refuse()
    email = _address(email)
    secret = secrets.token_urlsafe(32)
    with writing():
        Invitation.objects.waiting().filter(email=email).update(withdrawn_at=at)
        invitation = Invitation.objects.create(
            email=email,
            name=name.strip(),
            role=role,
            desks=list(desks),
            token_digest=_digest(secret),
            invited_by=by,
            invited_at=at,
            expires_at=at + GOOD_FOR,
        )
    return invitation, secret


def renew(invitation: Invitation, *, by: Member, at: datetime) -> str:
    """Send it again: a new secret for another week; the old link is dead. Returns the secret."""
    _refuse_settled(invitation, by, at)
    secret = secrets.token_urlsafe(32)
    invitation.token_digest, invitation.invited_by = _digest(secret), by
    invitation.invited_at, invitation.expires_at = at, at + GOOD_FOR
    invitation.save(update_fields=["token_digest", "invited_by", "invited_at", "expires_at"])
    return secret


def withdraw(invitation: Invitation, *, by: Member, at: datetime) -> None:
    """Take an invitation back; its link is dead."""
    _refuse_settled(invitation, by, at)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])


def opened_by(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation that this secret opens. Used, withdrawn, run out and invented ones are refused alike."""
    invitation = Invitation.objects.good(at).filter(token_digest=_digest(secret)).first()
    if invitation is None:
        raise Refusal(_("This invitation doesn’t open anything any more. Ask whoever sent it for a new one."))
    return invitation


def accept(secret: str, *, name: str, password: str, at: datetime, named: Seating) -> Member:
    """Become a member: once, with the role and desks of the invitation, and the desks at which the map names them."""
    invitation = opened_by(secret, at=at)
    name = name.strip()
    if not name:
        raise Refusal(_("Your colleagues need a name to know you by."))
    _refuse_weak(password, invitation.email, name)
    with writing():
        if not Invitation.objects.good(at).filter(pk=invitation.pk).update(accepted_at=at):
            raise Refusal(_("This invitation was used a moment ago."))
        member = Member.objects.create_user(invitation.email, password, name=name, role=invitation.role)
        seats.take(member, invitation.desks, named)
    return member


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as why:
        raise Refusal(_("“%(email)s” isn’t an email address.") % {"email": email}) from why
    known = Member.objects.filter(email=email).first()
    if known and known.is_active:
        raise Refusal(_("%(name)s is a member already.") % {"name": known})
    if known:
        raise Refusal(_("%(name)s was a member and left. Bring them back below instead.") % {"name": known})
    return email


def _refuse_settled(invitation: Invitation, by: Member, at: datetime) -> None:
    may_look_after_people(by).or_refuse()
    may_give(by, invitation.role).or_refuse()
    if invitation.state(at) in {"accepted", "withdrawn"}:
        raise Refusal(_("That invitation was settled already. Invite them anew if they should come in."))


def _refuse_weak(password: str, email: str, name: str) -> None:
    try:
        validate_password(password, Member(email=email, name=name))
    except ValidationError as why:
        raise Refusal(" ".join(why.messages)) from why


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
