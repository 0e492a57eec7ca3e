"""Members, the desks they sit at, invitations, and the addresses that capture what they send."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Literal, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7


class Role(models.TextChoices):
    """What a member may do, apart from owning the map, which the map itself says."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    MEMBER = "member", _("Member")
    READ_ONLY = "read-only", _("Read only")


CAPTURE_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_capture_token() -> str:
    """Return the secret part of a member's capture address: 16 letters and digits that can't be taken for another."""
    return "".join(secrets.choice(CAPTURE_LETTERS) for _ in range(16))


class MemberManager(BaseUserManager["Member"]):
    """Makes members; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> Member:
        """Add a member who signs in with this address; without a password they can't until they set one."""
        extra = {"capture_token": new_capture_token()} | extra
        member = self.model(email=email.strip().lower(), **extra)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def get_by_natural_key(self, username: str | None) -> Member:
        return self.get(email__iexact=username)


class Member(AbstractBaseUser):
    """A person who works in the business and signs in."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    single_keys = models.BooleanField(default=True)
    signature = models.TextField(max_length=2000, blank=True, default="")
    wants_digest = models.BooleanField(default=True)
    wants_notices = models.BooleanField(default=True)
    capture_token = models.CharField(max_length=32, unique=True, null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="member_email_once")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Nobody: Baton has no administrator's path around the ledger."""
        return False

    @property
    def sees_everything(self) -> bool:
        """Whether the role looks past `own desk, own deals`: the owner and managers do."""
        return self.role in {Role.OWNER, Role.MANAGER}

    @property
    def may_write(self) -> bool:
        """Whether the role may change anything at all."""
        return self.is_active and self.role != Role.READ_ONLY

    @property
    def short_name(self) -> str:
        """Return the first name, as colleagues say it."""
        return self.name.split(" ")[0] if self.name else self.email


class DeskSeat(models.Model):
    """A member sits at a desk of the map; desks are named by their key."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="seats", db_index=False)
    desk = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "desk"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.desk}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Words for asking after invitations."""

    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; those that ran out are among them, to be sent again."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def good(self, at: datetime) -> Self:
        """What still opens the door: waiting, within its week, and from somebody who is still here."""
        return self.waiting().filter(expires_at__gt=at, invited_by__is_active=True)


class Invitation(models.Model):
    """An open door for one person: a token sent by mail, good once and for a week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.MEMBER)
    desks = models.JSONField(default=list)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.email

    def state(self, at: datetime) -> Literal["accepted", "withdrawn", "expired", "waiting"]:
        """Return what became of it."""
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
        return "expired" if self.expires_at <= at else "waiting"


class CacheEntry(models.Model):
    """What all processes share for a short while: how often somebody guessed a password.

    Written and read by Django's database cache alone; the model is here so that the table comes with the others.
    """

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "baton_cache"

    def __str__(self) -> str:
        return self.cache_key
