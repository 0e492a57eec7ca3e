"""Meetings: the times at which we meet customers, derived from what calendars and invitations say."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Interaction
from baton.ledger.models.interactions import ReadWithInteractionQuerySet
from baton.members.visibility import GuardedManager


class Meeting(models.Model):
    """One time at which we meet, of the meeting that an interaction stands for; derived from its plan.

    `of` tells the occurrences of one that repeats apart: the moment each was first planned for, in ISO 8601. `due_at`
    is when Baton notices that it is over, None once it has, or where nobody owes an outcome.
    """

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="meetings", db_index=False)
    of = models.CharField(max_length=40, blank=True, default="")
    subject = models.CharField(max_length=500, blank=True, default="")
    place = models.CharField(max_length=300, blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    all_day = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(ReadWithInteractionQuerySet)()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["interaction", "of"], name="met_once")]
        indexes = [
            models.Index(fields=["starts_at"], name="meeting_starts"),
            models.Index(fields=["due_at"], name="meeting_due", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.subject
