"""The address at which a member's own calendar program reads their duties and meetings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.members.models import Member


class CalendarFeed(models.Model):
    """A member's private feed. Of the token in its address only the digest is kept."""

    member = models.OneToOneField(Member, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self) -> str:
        return f"feed of {self.member_id}"
