"""Who is told of what, and each thing that is told."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from baton.kernel.claims import Claimable
from baton.kernel.ids import uuid7
from baton.kernel.sealed import SealedField
from baton.members.models import Member
from baton.members.visibility import GuardedManager, GuardedQuerySet


class SubscriptionQuerySet(GuardedQuerySet):
    """Words for asking after subscriptions."""

    def visible_rows(self, member: Member) -> Self:
        """One's own; the owner and managers see whatever leaves the business."""
        return self if member.sees_everything else self.filter(member=member)

    def on(self) -> Self:
        return self.filter(state=Subscription.State.ON)


class Subscription(models.Model):
    """An address outside that is told of some kinds of events, as far as `member`, who made it, may see them.

    `kinds` are kinds of the map's catalog (`stage.entered`). `secret` holds what messages are signed with and, for a
    day after it was changed, the one before. `failing_since` is when it first didn't answer after it last did.
    """

    class State(models.TextChoices):
        ON = "on", _("Switched on")
        OFF = "off", _("Switched off")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    secret = SealedField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=3, choices=State.choices, default=State.ON)
    because = models.CharField(max_length=400, blank=True, default="")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)

    objects = GuardedManager.from_queryset(SubscriptionQuerySet)()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.state == Subscription.State.ON


class HookDeliveryQuerySet(GuardedQuerySet):
    """Words for asking after what is told."""

    def visible_rows(self, member: Member) -> Self:
        return self.filter(subscription__in=Subscription.objects.visible_to(member).values("pk"))

    def waiting(self) -> Self:
        return self.filter(state=HookDelivery.State.WAITING)

    def in_order(self) -> Self:
        """Waiting ones of subscriptions that are on, without those behind another of the same record."""
        before = (
            self.model.objects.unscoped(self._scope)
            .waiting()
            .filter(subscription=OuterRef("subscription_id"), about=OuterRef("about"), pk__lt=OuterRef("pk"))
        )
        return self.waiting().filter(~Exists(before), subscription__state=Subscription.State.ON)


class HookDelivery(Claimable):
    """One message to one subscription. Its row is written with the event that it tells.

    `message` is its id, the same with every try. `about` is the record whose messages keep their order. `told` are ids
    and words of the event; what is sent is made from them when it is sent. `answer` is the other side's status, None
    where nobody answered; `took` is in milliseconds.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", _("Delivered")
        WITHHELD = "withheld", _("Not theirs to see")
        FAILED = "failed", _("Not delivered")

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="+", db_index=False)
    message = models.UUIDField()
    kind = models.CharField(max_length=60)
    about = models.UUIDField()
    told = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    because = models.CharField(max_length=400, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    answer = models.PositiveSmallIntegerField(null=True)
    took = models.PositiveIntegerField(null=True)

    objects = GuardedManager.from_queryset(HookDeliveryQuerySet)()

    class Meta:
        verbose_name = _("webhook message")
        verbose_name_plural = _("webhook messages")
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["subscription", "message"], name="told_by_hook_once")]
        indexes = [
            models.Index(fields=["due_at"], name="hook_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["subscription", "about", "id"], name="hook_in_order", condition=Q(state="waiting")),
            models.Index(fields=["subscription", "-id"], name="hook_of_subscription"),
            models.Index(fields=["made_at"], name="hook_made"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message}"
