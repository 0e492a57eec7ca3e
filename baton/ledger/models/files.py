"""Files: what came attached or was put on a record. The bytes lie in the file store under their digest."""

from __future__ import annotations

from django.db import models

from baton.kernel.ids import uuid7
from baton.ledger.models.interactions import Interaction, ReadWithInteractionQuerySet
from baton.ledger.models.records import Deal
from baton.members.models import Member
from baton.members.visibility import GuardedManager


class File(models.Model):
    """One attachment: its name as sent, its declared type, its size in bytes, and the SHA-256 of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="files")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.SET_NULL, related_name="files")
    added_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, blank=True, default="")

    objects = GuardedManager.from_queryset(ReadWithInteractionQuerySet)()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name
