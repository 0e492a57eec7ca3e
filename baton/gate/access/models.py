"""Personal tokens, and what each program has used of its allowance. What OAuth gives out lies in its own tables."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from baton.kernel.ids import uuid7
from baton.members.models import Member


class ProgramTokenQuerySet(models.QuerySet["ProgramToken"]):
    """Words for asking after tokens."""

    def good(self, at: datetime) -> Self:
        """What still opens the door: not run out, and of somebody who is still here."""
        return self.filter(expires_at__gt=at, member__is_active=True)


class ProgramToken(models.Model):
    """A secret that a member gives to a program of their own, so that it acts as they do. Kept as a digest.

    `hint` is its last four characters, by which its member tells it from others; `scopes` is what it may.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ProgramTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Spending(models.Model):
    """What a program took of its allowance in one minute (since 1970), and when it was last let in.

    `key` names a program in one member's hands, so that a renewed token starts no new allowance.
    """

    key = models.CharField(max_length=120, primary_key=True)
    minute = models.BigIntegerField()
    taken = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.taken}"
