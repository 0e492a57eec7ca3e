"""Lapses: a behavior of the map that is missed too often to go on chasing people for it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Record
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class LapseQuerySet(GuardedQuerySet):
    """Words for asking after lapses. Everybody sees which behaviors fail; whose duties they were is seen as ever."""

    def visible_rows(self, member: Member) -> Self:
        return self.all()

    def all_seen_by(self, member: Member) -> bool:
        return True

    def waiting(self) -> Self:
        """Found, and neither changed, retired nor kept on purpose."""
        return self.filter(settled_at=None)


class Lapse(Record):
    """A behavior missed more than one time in four for a month, of which nobody is reminded until its owner decides.

    `counted` duties fell due in the month, `missed` of them were late; `map_version` is the map that asked for it.
    `outcome` is “changed”, “retired” or “kept”.
    """

    behavior = models.CharField(max_length=60)
    counted = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    map_version = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, blank=True, default="")
    because = models.CharField(max_length=400, blank=True, default="")

    objects = GuardedManager.from_queryset(LapseQuerySet)()

    class Meta:
        verbose_name = _("lapse")
        verbose_name_plural = _("lapses")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["behavior"], name="lapse_waiting", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return self.behavior
