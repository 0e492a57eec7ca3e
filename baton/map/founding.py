"""Founding a business, once: its owner and its first map in one transaction, or first the owner and, after a
conversation that can be left and resumed, the map.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from baton.kernel.verdict import Refusal
from baton.kernel.writer import writing
from baton.map import agreeing
from baton.map.current import current_map, is_published
from baton.map.drafts import publish_draft
from baton.map.models import MapDraft, MapVersion, SetUp
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


def begin(*, name: str, email: str, password: str, at: datetime, zone: str = "", language: str = "") -> Member:
    """Make whoever sets Baton up a member, so that what they bring is theirs and they can come back; return them.

    They own it until the conversation says who does. Refuses what `found` refuses of a person.
    """
    member = Member(email=email.strip().lower(), name=name.strip(), role=Role.OWNER)
    _refuse_nameless(member)
    _refuse_weak(password, member)
    try:
        with writing():
            if not is_empty():
                raise Refusal(_(CLOSED))
            given = {"name": member.name, "role": member.role, "zone": zone, "language": language}
            member = Member.objects.create_user(member.email, password, **given)
            SetUp.objects.create(begun_by=member, begun_at=at)
    except IntegrityError as somebody_was_quicker:
        raise Refusal(_(CLOSED)) from somebody_was_quicker
    return member


def set_up() -> SetUp | None:
    """Return the set-up under way, None where there is none (any more)."""
    return SetUp.objects.select_related("begun_by").first()


def business_name() -> str:
    """Return the name of the business, as the map says it, else the set-up; Baton's own while nobody said."""
    if is_published():
        return current_map().business
    row = set_up()
    return (row.answers.get("place", {}).get("business") if row else "") or "Baton"


def answer(page: str, given: object) -> None:
    """Keep the answers of one page of the set-up; those of the others stay."""
    with writing():
        row = SetUp.objects.select_for_update().get()
        row.answers[page] = given
        row.save(update_fields=["answers"])


def publish_first(text: str, *, by: Member, at: datetime) -> MapVersion:
    """Publish the first map and end the set-up; whom it names owns the business, whoever else began it manages it.

    Refuses as `publish_draft` does, and while an objection to anybody's draft of it waits for an answer.
    """
    with writing():
        drafts = list(MapDraft.objects.filter(based_on=0))
        for draft in drafts:
            agreeing.may_be_published(draft).or_refuse()
        version = publish_draft(text, by=by, at=at, based_on=0, note=_("The first map"))
        agreeing.settle(drafts, version)
        MapDraft.objects.filter(based_on=0).delete()
        SetUp.objects.all().delete()
        Member.objects.filter(role=Role.OWNER).exclude(pk=by.pk).update(role=Role.MANAGER)
        Member.objects.filter(pk=by.pk).update(role=Role.OWNER)
        return version


def _refuse_nameless(owner: Member) -> None:
    if not owner.name:
        raise Refusal(_("The owner needs a name."))


def _refuse_weak(password: str, owner: Member) -> None:
    try:
        validate_password(password, owner)
    except ValidationError as why:
        raise Refusal(" ".join(why.messages)) from why


def begin_anew(member: Member, *, at: datetime) -> None:
    """Begin a set-up where there are members but neither a map nor a set-up."""
    with writing():
        if not is_published():
            SetUp.objects.get_or_create(defaults={"begun_by": member, "begun_at": at})


def first_draft() -> MapDraft | None:
    """Return the draft of the first map, once the others may see it."""
    return MapDraft.objects.filter(based_on=0).first() if SetUp.objects.exists() else None
