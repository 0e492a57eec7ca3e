"""Secrets by which a phone hands something over without signing in: a Shortcut of an iPhone, a program of one's own."""

from __future__ import annotations

from django.db import models

from baton.kernel.ids import uuid7
from baton.members.models import Member


class PocketSecret(models.Model):
    """A secret of one member's: whoever has it hands over things as theirs, and reads nothing. Kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    times = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
