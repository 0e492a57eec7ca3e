"""Absences: a member is away, or may only read, for a while; what they would owe goes to their deputy or the next."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from baton.ledger.models import Record
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class AbsenceQuerySet(GuardedQuerySet):
    """Words for asking after absences. Everybody sees who is away."""

    def visible_rows(self, member: Member) -> Self:
        return self.all()

    def all_seen_by(self, member: Member) -> bool:
        return True

    def lasting(self) -> Self:
        """Begun and not over."""
        return self.filter(began_at__isnull=False, ended_at__isnull=True)

    def ahead(self) -> Self:
        """Announced, and not begun."""
        return self.filter(began_at__isnull=True, ended_at__isnull=True)


class Absence(Record):
    """One stretch of time in which a member can't act on anything.

    `from_at` and `until_at` are what was announced, `began_at` and `ended_at` when Baton took note of it: from the one
    to the other nothing is owed by them. `why` is “away”, or “reads” while their role is read only.
    """

    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField(null=True)
    until_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, default="away")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(AbsenceQuerySet)()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        base_manager_name = "objects"
        indexes = [models.Index(fields=["from_at"], name="absence_going_on", condition=Q(ended_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.member_id} from {self.from_at}"
