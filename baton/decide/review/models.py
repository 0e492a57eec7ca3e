"""Reviews that were held, and what the pipeline was when they began and ended."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from baton.kernel.ids import uuid7
from baton.members.models import Member


class ReviewQuerySet(models.QuerySet["Review"]):
    """Words for asking after reviews."""

    def running(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def of_decision(self, decision: str) -> Self:
        return self.filter(decision=decision)

    def attended_by(self, member: Member) -> Self:
        """Those that the member ran or was at; who leads looks into every one."""
        if member.sees_everything:
            return self.all()
        return self.filter(pk__in=Attendance.objects.filter(member=member).values("review"))


class Review(models.Model):
    """One meeting: which decision of the map it was for, who ran it, from when to when.

    What was decided in it are interactions on the deals, whose thread is the review's id. `decision` is the map's id.
    `since` is what its agenda looked back to. `minutes_sent_at` is when the minutes were mailed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.CharField(max_length=60)
    run_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    minutes_sent_at = models.DateTimeField(null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["decision"], condition=models.Q(ended_at__isnull=True), name="one_running_review"
            )
        ]
        indexes = [models.Index(fields=["decision", "-started_at"], name="review_of_decision")]

    def __str__(self) -> str:
        return f"{self.decision}, {self.started_at:%Y-%m-%d}"


class Attendance(models.Model):
    """A member was at a review: they get its minutes, and may be named as who decided."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="attendance", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "member"], name="attends_once")]

    def __str__(self) -> str:
        return f"{self.member_id} at {self.review_id}"


class Talk(models.Model):
    """A deal was talked about in a review, whether or not something was decided; `decided` counts what was."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="talks", db_index=False)
    deal_id = models.UUIDField()
    at = models.DateTimeField()
    decided = models.PositiveSmallIntegerField(default=0)
    side_channel = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "deal_id"], name="talked_about_once")]

    def __str__(self) -> str:
        return f"{self.deal_id} in {self.review_id}"


class Snapshot(models.Model):
    """The pipeline as it was at one moment.

    Reading the ledger as of `taken_at` gives the same deals again; `digest` (SHA-256 over their states in the order of
    their ids) shows that it does. `scope` is the member through whose eyes it was taken, `sums` open amounts in minor
    units by currency.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    review = models.ForeignKey(Review, null=True, on_delete=models.CASCADE, related_name="snapshots", db_index=False)
    taken_at = models.DateTimeField()
    scope = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    deals = models.PositiveIntegerField()
    sums = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["review", "taken_at"], name="snapshot_of_review")]

    def __str__(self) -> str:
        return f"pipeline at {self.taken_at:%Y-%m-%d %H:%M:%S}"
