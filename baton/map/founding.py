"""Founding a business: its owner and its first map, in one transaction, once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map.publishing import publish
from baton.members.models import Member, Role
from baton.members.setup import is_empty

CLOSED = "There is a business here already. A second one needs a data folder (or database) of its own."


def found(
    map_text: str,
    *,
    name: str,
    email: str,
    password: str,
    at: datetime,
    zone: str = "",
    language: str = "",
    hashed: bool = False,
) -> Member:
    """Make the owner and publish the map that names them; return the owner.

    `hashed` says that the password was found strong enough on an earlier page, and that only its hash was kept.
    Refuses where anybody was ever a member, a weak password, a map that isn't valid, and one that names another owner.
    Of two who try at the same moment one is refused.
    """
    owner = Member(email=email.strip().lower(), name=name.strip(), role=Role.OWNER)
    _refuse_nameless(owner)
    if not hashed:
        _refuse_weak(password, owner)
    try:
        with writing():
            if not is_empty():
                raise Refusal(_(CLOSED))
            given = {"name": owner.name, "role": owner.role, "zone": zone, "language": language}
            owner = Member.objects.create_user(owner.email, None if hashed else password, **given)
            if hashed:
                Member.objects.filter(pk=owner.pk).update(password=password)
                owner.refresh_from_db()
            publish(map_text, by=owner, at=at, note=_("The first map"))
    except IntegrityError as somebody_was_quicker:
        raise Refusal(_(CLOSED)) from somebody_was_quicker
    return owner


def _refuse_nameless(owner: Member) -> None:
    if not owner.name:
        raise Refusal(_("The owner needs a name."))


def _refuse_weak(password: str, owner: Member) -> None:
    try:
        validate_password(password, owner)
    except ValidationError as why:
        raise Refusal(" ".join(why.messages)) from why
