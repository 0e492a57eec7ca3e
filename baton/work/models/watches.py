"""Watches and uses: derived rows that let Baton notice what did not happen, and thank for what was used."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from baton.kernel.ids import uuid7
from baton.ledger.models import Deal, Fact
from baton.ledger.models.spans import OnDealQuerySet, on_visible_deal
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class Watch(models.Model):
    """One thing that is to happen on a deal again and again, and when Baton notices that it didn't.

    `of` is the detail of a `quiet` pattern, or the field of a `fact stale` one; `since` when it last happened.
    `due_at` is None once Baton has said so, until it happens again, and while nobody is about to read a stale field.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="watches", db_index=False)
    kind = models.CharField(max_length=5)
    of = models.CharField(max_length=80)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(OnDealQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["deal", "kind", "of"], name="watched_once")]
        indexes = [models.Index(fields=["due_at"], name="watch_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.kind} {self.of}"


class UseQuerySet(GuardedQuerySet):
    """Words for asking after uses."""

    def visible_rows(self, member: Member) -> Self:
        """One's own entries, and those on deals one sees."""
        return self.filter(Q(said_by=member) | on_visible_deal(member))


class Use(models.Model):
    """A fact was used: accepted in a handoff, decided on in a review. `said_by` is who entered it and gets the receipt.

    `used_in` is handoff, review, forecast, request or commission, `called` how that one is named to people.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="uses", db_index=False)
    said_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="+")
    used_in = models.CharField(max_length=20)
    used_in_id = models.UUIDField()
    called = models.CharField(max_length=200, blank=True, default="")
    used_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()

    objects = GuardedManager.from_queryset(UseQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["fact", "used_in", "used_in_id"], name="used_once")]
        indexes = [
            models.Index(fields=["said_by", "-used_at"], name="use_of_member"),
            models.Index(fields=["used_in", "used_in_id"], name="use_in"),
            models.Index(fields=["used_at"], name="use_at"),
        ]

    def __str__(self) -> str:
        return f"{self.fact_id} in {self.used_in}"
