"""Views of the list that members keep, and may share."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from baton.kernel.ids import uuid7
from baton.members.models import Member


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Words for asking after saved views."""

    def of(self, member: Member) -> Self:
        """Their own, and what colleagues share."""
        return self.filter(Q(owner=member) | Q(shared=True)).order_by("name", "id")


class SavedView(models.Model):
    """A way to look at the deals list: filters, sort and columns, as the registry reads them.

    `definition` is what `View.as_data` gives. A shared view shows each member their own deals: it holds questions,
    never answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views")
    shared = models.BooleanField(default=False)
    definition = models.JSONField()
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_named_once")]

    def __str__(self) -> str:
        return self.name
