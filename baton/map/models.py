"""Published versions of the map, and the draft that the owner works on."""

from __future__ import annotations

from django.db import models

from baton.kernel.ids import uuid7
from baton.members.models import Member


class MapVersion(models.Model):
    """One published map, as the YAML that was published. Only ever added; the highest number is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"version {self.number}"


class MapDraft(models.Model):
    """A member's draft of the next version; `based_on` is the version it started from, `note` what it is for.

    Everybody may have one, and the owner publishes whichever is right. `history` holds the steps of its author, see
    `baton.map.drafts`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    text = models.TextField()
    based_on = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    note = models.CharField(max_length=400, blank=True, default="")
    history = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-changed_at"]
        constraints = [models.UniqueConstraint(fields=["changed_by"], name="one_draft_a_member")]

    def __str__(self) -> str:
        return f"draft on version {self.based_on}"
